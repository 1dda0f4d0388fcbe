// Writes the benchmark's source file: the same bytes for the same number of rows, on any machine.
import { closeSync, existsSync, openSync, renameSync, writeSync } from "node:fs";

/** Fourteen columns. The first twelve are mapped as they are; the transformed mapping reads the last
 *  two, which hold the same as `born` and `score` in German notation, and ten of the others. */
export const COLUMNS = [
  "customer_no",
  "first_name",
  "last_name",
  "email",
  "phone",
  "street",
  "city",
  "zip",
  "country",
  "born",
  "score",
  "note",
  "born_de",
  "score_de",
];

/** A generator of numbers that is the same everywhere (mulberry32). */
export function random(seed) {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** `changed`: per mille of the rows whose note is another than in the first file. */
export function makeData(file, rows, changed = 0) {
  if (existsSync(file)) return;
  const part = `${file}.part`;
  const descriptor = openSync(part, "w");
  const next = random(20_26);
  const change = random(7);
  let lines = [`${COLUMNS.join(",")}\n`];
  for (let row = 0; row < rows; row++) {
    lines.push(line(row, next, change(1000) < changed));
    if (lines.length === 10_000) {
      writeSync(descriptor, lines.join(""));
      lines = [];
    }
  }
  writeSync(descriptor, lines.join(""));
  closeSync(descriptor);
  renameSync(part, file);
}

function line(row, next, isChanged) {
  const first = FIRST[next(FIRST.length)];
  const last = LAST[next(LAST.length)];
  const [city, zip, country] = PLACES[next(PLACES.length)];
  const [year, month, day] = [1940 + next(65), two(1 + next(12)), two(1 + next(28))];
  const [whole, cents] = [next(9000), two(next(100))];
  const note = NOTES[next(NOTES.length)];
  const thousands = Math.floor(whole / 1000);
  const rest = String(whole % 1000).padStart(3, "0");
  return `${[
    `C-${String(row).padStart(8, "0")}`,
    first,
    // One name in twenty has a space in front, for trim to cut.
    next(20) === 0 ? ` ${last}` : last,
    `${ascii(first)}.${ascii(last)}${next(900)}@${HOSTS[next(HOSTS.length)]}`,
    `+49 ${100 + next(900)} ${100_000 + next(899_999)}`,
    street(next),
    city,
    zip + next(99),
    country,
    `${year}-${month}-${day}`,
    `${whole}.${cents}`,
    isChanged ? `moved in ${row}` : note,
    `${day}.${month}.${year}`,
    `"${thousands > 0 ? `${thousands}.${rest}` : whole},${cents}"`,
  ].join(",")}\n`;
}

const PLAIN = { ë: "e", é: "e", ü: "u" };

function ascii(name) {
  return name.replace(/[ëéü]/g, (letter) => PLAIN[letter]);
}

/** One street in eight holds a comma, one in forty quotes. */
function street(next) {
  const name = `${STREETS[next(STREETS.length)]} ${1 + next(200)}`;
  const kind = next(40);
  if (kind === 0) return `"Haus ""Lindenhof"", ${name}"`;
  return kind <= 5 ? `"${name}, Apt ${1 + next(40)}"` : name;
}

function two(value) {
  return String(value).padStart(2, "0");
}

const FIRST =
  "Anna,Peter,Maria,John,Lena,Paul,Sophie,Max,Zoë,José,Emma,Lukas,Julia,Tom,Nina,Felix".split(",");
const LAST =
  "Smith,Meyer,Schmidt,Fischer,Weber,Wagner,Becker,Hoffmann,Brown,Garcia,Müller,Keller,Huber,Roth,Lang,Berger".split(
    ",",
  );
const HOSTS = ["example.com", "mail.example.org", "post.example.net", "firma.example"];
const STREETS = ["Main Street", "Hauptstr.", "Bahnhofstr.", "Park Avenue", "Am Markt", "Ringstr."];
const PLACES = [
  ["Berlin", 10100, "Germany"],
  ["Hamburg", 20100, "Germany"],
  ["Wien", 10100, "Austria"],
  ["Boston", 21000, "United States"],
  ["Leeds", 30100, "United Kingdom"],
  ["Zürich", 80100, "Switzerland"],
];
const NOTES = [
  "",
  "",
  "prefers mail",
  "called twice; wants the spring catalogue",
  '"asked for ""the blue one"", call back"',
  "key account since the trade fair in autumn",
];
