// The main job on a local org, in a copy of the examples: what `npm run demo` shows. It ends with 0 only
// if everything came out as it should.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = path.join(root, "dist", "cli", "main.js");
const folder = mkdtempSync(path.join(tmpdir(), "sluice-demo-"));
const say = (text) => process.stdout.write(`${text}\n`);
let steps = 0;

process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
try {
  demo();
} catch (error) {
  say(`\nThe demo went wrong: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

function demo() {
  if (!existsSync(cli)) throw new Error("dist/ is missing. Build it first: npm run build");
  for (const name of ["emulator", "schemas", "sync.config.yaml"]) copy(name);
  for (const name of ["accounts", "contacts"]) copy(path.join("examples", name));

  say(
    "Sluice keeps Salesforce records in step with files. Here it does so with a local org, which",
  );
  say("runs inside the process, on a copy of the examples. Every command and its output is real.");
  step("A spec in git says which file goes to which object, and how. Part of it:");
  const spec = readFileSync(inFolder("examples/contacts/contacts.sync.yaml"), "utf8").split("\n");
  const from = spec.findIndex((line) => line.startsWith("target:"));
  const shown = [...spec.slice(from, from + 4), "mapping:"];
  const wanted = /^ {2}(Account\.|Email|Birthdate|Last_Seen|Loyalty)/;
  shown.push(...spec.filter((line) => wanted.test(line)));
  say(shown.map((line) => `    ${line}`).join("\n"));

  step("The plan: both files are read and checked against the org. Nothing is sent.");
  expect(sluice("plan accounts contacts"), /726 to upsert/);

  step("The run does what the plan said, through Bulk API 2.0, accounts before contacts.");
  expect(
    sluice("run accounts contacts"),
    /succeeded {2}309[\s\S]*succeeded {2}417 \(417 created\)/,
  );

  step("Rows that could not be sent are listed with the reason. One of them:");
  const [first] = runs().filter(({ sync }) => sync === "contacts");
  const [bad] = parse(readFileSync(first.files.invalid, "utf8"), { columns: true });
  say(`    ${bad.file}, line ${bad.line}: customer ${bad.customer_no}, born ${bad.born}`);
  say(`    ${bad.code} in ${bad.field}: ${bad.reason}`);
  if (bad.code !== "VALUE_NOT_DATE") throw new Error("the bad date is not the first invalid row");

  step("Again, at once: both files are as they were, so nothing is sent.");
  const second = sluice("run accounts contacts");
  expect(second, /none of 321[\s\S]*309 unchanged[\s\S]*none of 431[\s\S]*417 unchanged/);
  if (/succeeded/.test(second)) throw new Error("the second run sent something");

  step("Somebody edits the file: one phone, one tier, and the birthday above is mended.");
  edit("C-20001", ",+63 418 4588,", ",+45 30 55 01 23,");
  edit("C-20004", ",S,yes,", ",G,yes,");
  edit("C-20025", ",31.02.1979,", ",28.02.1979,");

  step("The plan shows just that.");
  expect(
    sluice("plan contacts"),
    /fields {3}Phone 1, Loyalty_Tier__c 1\n[\s\S]*3 to upsert \(1 new, 2 changed\)/,
  );

  step("And the run sends just that.");
  expect(sluice("run contacts"), /succeeded {2}3 \(1 created, 2 updated\)/);

  check();
  say("\nAs it should be. The examples are in examples/, what to write in them in README.md.");
}

/** What the last lines of the story rest on: the counts that the state keeps. */
function check() {
  const sent = runs().map(({ sync, counts }) => `${sync} ${counts.sent}/${counts.succeeded}`);
  const expected = ["contacts 3/3", "contacts 0/0", "accounts 0/0", "contacts 417/417"];
  expected.push("accounts 309/309");
  if (sent.join() !== expected.join()) throw new Error(`unexpected history: ${sent.join(", ")}`);
}

function step(text) {
  steps++;
  say(`\n${steps}. ${text}`);
}

/** Runs a command as the user would; shows its line and its output. Progress is left out. */
function sluice(words) {
  say(`\n    $ npx sluice ${words}`);
  const { status, stdout, stderr } = call(words);
  say(stdout.trimEnd().replace(/^(?=.)/gm, "    "));
  if (status !== 0) throw new Error(`sluice ${words} ended with ${status}\n${stderr}`);
  return stdout;
}

function call(words) {
  const done = spawnSync(process.execPath, [cli, ...words.split(" ")], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  if (done.error) throw done.error;
  return done;
}

function runs() {
  return JSON.parse(call("runs --json").stdout).data.runs;
}

function expect(text, pattern) {
  if (!pattern.test(text)) throw new Error(`the output does not match ${pattern}`);
}

/** Changes one row of the contacts, and says so. */
function edit(customer, before, after) {
  const file = inFolder("examples/contacts/contacts-north.csv");
  const lines = readFileSync(file, "utf8").split("\n");
  const at = lines.findIndex((line) => line.startsWith(`${customer},`));
  const row = lines[at] ?? "";
  if (!row.includes(before)) throw new Error(`the row of ${customer} has no ${before}`);
  lines[at] = row.replace(before, after);
  writeFileSync(file, lines.join("\n"));
  say(`    ${customer}  ...${before}...  ->  ...${after}...`);
}

function copy(name) {
  cpSync(path.join(root, name), inFolder(name), { recursive: true });
}

function inFolder(name) {
  return path.join(folder, name);
}
