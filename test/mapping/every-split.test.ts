import fc from "fast-check";
import { expect, test } from "vitest";
import { compileProgram } from "../../engine/mapping/compile-program.ts";
import { ROW_MAPPED, type RowProgram } from "../../engine/mapping/row-program.ts";
import { type ReadOptions, readRows } from "../../engine/source/read-rows.ts";
import { openText } from "../source/temp-source.ts";
import { outcome } from "./map-text.ts";
import { PARENTS, specOf, THING } from "./spec-of.ts";

/** A column of every kind: those of the kernel, those of JavaScript, and one that the file lacks. */
const MAPPING = {
  Key__c: "k",
  Text__c: { from: "t", nulls: "clear" },
  Notes__c: { from: "t", transform: ["trim"] },
  Email: { from: "m", transform: ["trim", "lower"] },
  Name: { from: "t", transform: ["collapseSpaces"] },
  Short__c: {
    from: "v",
    values: { Germany: "DE", Österreich: "AT", "a,b": 'x,"y"' },
    default: "US",
  },
  Tier__c: { from: "v", default: "Gold" },
  Open__c: { from: "v", values: { Gold: "G" } },
  Born__c: { from: "d", date: "dd.MM.yyyy" },
  Seen__c: { from: "d", dateTime: "dd.MM.yyyy", zone: "Europe/Berlin" },
  Amount__c: { from: "n", number: "de" },
  Active__c: { from: "b", boolean: { true: ["ja"], false: ["nein"] }, default: "false" },
  RecordTypeId: { from: "r", recordType: true },
  CaseKey__c: { from: "t", transform: ["title"] },
  NumberKey__c: { expr: "string(size(row.t))" },
  Count__c: { from: "missing", default: "7" },
} as const;

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  k: ["K1", "k2", "ÄÖ3", " 4", '5"', "a key of twenty one c", ""],
  t: [
    "",
    "a",
    'say "hi"',
    "x, y",
    "two\nlines",
    "two\r\nlines",
    "#N/A",
    "  é  🙂 ",
    "o'neill mc x",
  ],
  m: ["", "A.B@C.de", " a.very.long.name.indeed@mail.example.org ", "none"],
  v: ["Germany", "Österreich", "a,b", "Gold", "Silver", "", "a text of more than sixteen bytes"],
  d: ["31.12.1999", "01.02.2024", "29.02.2024", "30.02.2024", "", "1.2.2024"],
  n: ["1.234,50", "7", "-0,5", "", "1.23"],
  b: ["ja", "JA ", "nein", "", "maybe"],
  r: ["Partner", "partner", "", "Old"],
};
const HEADER = Object.keys(TEXTS);

const row = fc.tuple(...HEADER.map((name) => fc.constantFrom(...(TEXTS[name] ?? []))));
const dialects = [
  { delimiter: ",", quote: '"' },
  { delimiter: ";", quote: '"' },
  { delimiter: "\t", quote: "'" },
] as const;

interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
}

function csv(rows: readonly (readonly string[])[], lineEnd: string, dialect: Dialect): string {
  const { delimiter, quote } = dialect;
  const cell = (text: string, place: number) =>
    /[\r\n]/.test(text) || text.includes(delimiter) || text.includes(quote) || place === 4
      ? quote + text.replaceAll(quote, quote + quote) + quote
      : text;
  return [HEADER, ...rows].map((fields) => fields.map(cell).join(delimiter)).join(lineEnd);
}

/** All that the rows of a file become, whatever the blocks. */
async function mapped(program: RowProgram, text: string, dialect: Dialect, options: ReadOptions[]) {
  const { file } = await openText(text, dialect);
  const all: unknown[] = [];
  for (const option of options) {
    const rows: unknown[] = [];
    let cleared = 0;
    let literalNulls = 0;
    for await (const block of readRows(file, option)) {
      const result = program.mapBlock(block);
      const width = result.cleared.length;
      for (let at = 0; at < result.rowCount; at++) {
        const kept = result.status[at] === ROW_MAPPED;
        const of = (words: Uint32Array | Uint16Array, count: number) =>
          kept ? words.slice(at * count, (at + 1) * count).join() : "";
        const digests = [of(result.keyDigest, 4), of(result.rowDigest, 2)];
        rows.push([outcome(result, at), ...digests, of(result.fieldDigest, width)]);
      }
      for (const count of result.cleared) cleared += count;
      literalNulls += result.literalNulls;
    }
    all.push({ rows, cleared, literalNulls });
  }
  return all;
}

const input = {
  spec: specOf(MAPPING as unknown as Parameters<typeof specOf>[0]),
  shape: THING,
  parents: PARENTS,
};

test("what rows become does not depend on windows and blocks, nor on who maps them", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 12 }),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom(...dialects),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 900 })), {
        minLength: 1,
        maxLength: 3,
      }),
      async (rows, lineEnd, dialect, sizes) => {
        const text = csv(rows, lineEnd, dialect);
        const splits = sizes.map(([windowBytes, blockBytes]) => ({ windowBytes, blockBytes }));
        const strings = compileProgram(input, { stringsOnly: true });
        const [wanted] = await mapped(strings, text, dialect, [{ kernel: false }]);
        const bytes = compileProgram(input);
        const found = await mapped(bytes, text, dialect, [{}, { kernel: false }, ...splits]);
        for (const one of found) expect(one).toEqual(wanted);
      },
    ),
    { numRuns: 60 },
  );
});

test("every split of a small file gives the same", async () => {
  const rows = [
    ["K1", 'say "hi", ', "A@b.de", "Germany", "31.12.1999", "1.234,50", "JA ", "partner"],
    ["k2", "two\r\nlines", "", "", "", "", "", ""],
    [
      "ÄÖ3",
      "  é  🙂 ",
      " a.long@mail.example.org ",
      "Gold",
      "01.02.2024",
      "-0,5",
      "nein",
      "Partner",
    ],
  ];
  const [dialect] = dialects;
  const text = csv(rows, "\r\n", dialect);
  const sizes = Array.from({ length: text.length + 8 }, (_, i) => i + 1);
  const program = compileProgram(input);
  // One window holds the file in the first row of sizes, one block a window in the second.
  const blocks = sizes.map((blockBytes) => ({ windowBytes: 4096, blockBytes }));
  const windows = sizes.map((windowBytes) => ({ windowBytes, blockBytes: 4096 }));
  const [wanted] = await mapped(program, text, dialect, [{ kernel: false }]);
  for (const one of await mapped(program, text, dialect, [...blocks, ...windows])) {
    expect(one).toEqual(wanted);
  }
});
