import { createHash } from "node:crypto";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldMapping, SyncSpec, Transform } from "../../engine/config/sync-spec.ts";
import { compileProgram } from "../../engine/mapping/compile-program.ts";
import { type MappedBlock, ROW_MAPPED } from "../../engine/mapping/row-program.ts";
import { blockOf } from "./block-of.ts";
import { inKernel } from "./kernel-block.ts";
import { outcome } from "./map-text.ts";
import { PARENTS, specOf, THING } from "./spec-of.ts";

/** Texts as sources have them, and those that break things. */
const TEXTS = [
  ..."a|A|Ä|ß|İ|Σ| | |\u00a0|\u3000|\ufeff|\u200b|,|\"|'|\n|\r|\r\n|\t|0|1|9|-|+|.|@|😀|語|#N/A|#n/a|#|N/A|é|e\u0301|;".split(
    "|",
  ),
  ...[
    "2024-02-29",
    "2023-02-29",
    "2024-01-31",
    "2024-07-01T12:30:00Z",
    "2024-07-01T12:30:00.5Z",
    "01.02.2024",
  ],
  ...[
    "a@b.de",
    "a@b@c",
    "@b",
    "a b@c",
    "1.234,5",
    "1,234.50",
    "1e5",
    "12345678901",
    "-0",
    "true",
    "FALSE",
    "ja",
  ],
  ...[
    "003000000000001",
    "001000000000001AAA",
    "a00000000000001",
    "a00000000000001AAX",
    "a00000000000001ZZ9",
    "001000000000001AA7",
  ],
  ...[
    "Gold",
    "gold",
    "Lead",
    "a;b",
    "a;c",
    "Partner",
    "partner",
    " JA",
    "31.12.1999",
    " 29.02.2023 ",
    "1.2.2024",
    "01.02.2024 12:30",
    "a rather long text",
    "x".repeat(300),
    "語".repeat(90),
    "語".repeat(6),
  ],
];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...TEXTS), { maxLength: 6 }).map((parts) => parts.join("")),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: "binary", maxLength: 12 }).map((one) => one.replaceAll("\0", "")),
  },
);

const TRANSFORMS: readonly Transform[] = [
  "trim",
  "lower",
  "upper",
  "title",
  "collapseSpaces",
  "digits",
];

const conversion = fc.constantFrom<Partial<FieldMapping>>(
  {},
  {},
  { number: "de" },
  { number: "en" },
  { number: "fr" },
  { number: "de-CH" },
  { date: "iso" },
  { date: "dd.MM.yyyy" },
  { date: "d.M.yyyy" },
  { date: "dd.MM.yyyy HH:mm" },
  { dateTime: "dd.MM.yyyy HH:mm", zone: "Europe/Berlin" },
  { boolean: { true: ["ja", "1", "A"], false: ["0", "nein"] } },
  { recordType: true },
);

const plainSettings: fc.Arbitrary<Partial<FieldMapping>> = fc.record(
  {
    transform: fc.array(fc.constantFrom(...TRANSFORMS), { maxLength: 3 }),
    nulls: fc.constantFrom("ignore" as const, "clear" as const, "error" as const),
    default: fc.constantFrom("d", "", "1", "2024-01-01"),
    values: fc.constantFrom<Record<string, string>>(
      { a: "b", Gold: "Silver", "": "e" },
      { A: 'a "b", c', ß: "ss", "0": "#N/A", "1": "", "a b": "x", "01.02.2024": "2024-01-31" },
      { "a rather long text": "a", gold: "x".repeat(97) },
    ),
  },
  { requiredKeys: [] },
);
const settings = fc
  .tuple(plainSettings, conversion)
  .map(([plain, converted]) => ({ ...plain, ...converted }));

const NAMES = THING.fields.map((field) => field.name).filter((name) => name !== "Key__c");

const cases = fc.record({
  fields: fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), settings), {
    selector: ([name]) => name,
    maxLength: 6,
  }),
  key: settings.map(({ transform = [] }) => ({ transform })),
  rows: fc.array(fc.array(text, { minLength: 7, maxLength: 7 }), { maxLength: 8 }),
  insert: fc.boolean(),
  quote: fc.constantFrom('"', "'"),
  where: fc.boolean(),
});

const HEADER = ["k", "c0", "c1", "c2", "c3", "c4", "c5"];

function specFor(one: typeof cases extends fc.Arbitrary<infer T> ? T : never): SyncSpec {
  const fields = one.fields.map(([name, given], c) => [name, { from: `c${c}`, ...given }] as const);
  return specOf(Object.fromEntries([["Key__c", { from: "k", ...one.key }], ...fields]), {
    operation: one.insert ? "insert" : "upsert",
    where: one.where ? 'row.c5 != "A"' : null,
  });
}

function facts(mapped: MappedBlock): unknown {
  const rows = Array.from({ length: mapped.rowCount }, (_, row) => outcome(mapped, row));
  const kept = Array.from(
    mapped.status.subarray(0, mapped.rowCount),
    (status) => status === ROW_MAPPED,
  );
  const of = (words: Uint32Array | Uint16Array, width: number) =>
    kept.map((is, row) => (is ? Array.from(words.subarray(row * width, (row + 1) * width)) : null));
  return {
    rows,
    keys: of(mapped.keyDigest, 4),
    digests: of(mapped.rowDigest, 2),
    fields: of(mapped.fieldDigest, mapped.cleared.length),
    cleared: Array.from(mapped.cleared),
    literalNulls: mapped.literalNulls,
  };
}

describe("the kernel, the path over bytes and the path over strings", () => {
  test("agree about every row", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const input = { spec: specFor(one), shape: THING, parents: PARENTS };
        const block = blockOf(HEADER, one.rows, one.quote);
        const fast = compileProgram(input);
        const first = facts(fast.mapBlock(block));
        expect(first).toEqual(facts(compileProgram(input, { stringsOnly: true }).mapBlock(block)));
        // Once more with a warm cache.
        expect(facts(fast.mapBlock(block))).toEqual(first);
        expect(facts(fast.mapBlock(inKernel(block)))).toEqual(first);
      }),
      { numRuns: 500 },
    );
  });
});

test("keys of every kind have one digest, whichever way they go", () => {
  const keys = fc.oneof(
    text,
    fc.nat().map(String),
    fc.constantFrom(
      "007",
      " 7",
      "7 ",
      "7.0",
      "-7",
      "0",
      "ABC",
      "abc ",
      "x".repeat(600),
      "9".repeat(21),
    ),
  );
  fc.assert(
    fc.property(
      fc.constantFrom("Key__c", "CaseKey__c", "NumberKey__c", "Id"),
      fc.array(keys, { maxLength: 8 }),
      (key, texts) => {
        const operation = key === "Id" ? ("update" as const) : ("upsert" as const);
        const spec = specOf(
          { [key]: "k", Key__c: "k" },
          { operation, key: key === "Id" ? null : key },
        );
        const input = { spec, shape: THING, parents: PARENTS };
        const block = blockOf(
          ["k"],
          texts.map((one) => [one]),
        );
        const plain = compileProgram(input, { stringsOnly: true }).mapBlock(block);
        expect(facts(compileProgram(input).mapBlock(inKernel(block)))).toEqual(facts(plain));
      },
    ),
    { numRuns: 300 },
  );
});

test("a block whose output outgrows the kernel's memory, and a file that lacks a column", () => {
  const spec = specOf({
    Key__c: "k",
    Text__c: { from: "missing", default: "x".repeat(200) },
    Notes__c: "c0",
  });
  const program = compileProgram({ spec, shape: THING, parents: PARENTS });
  const rows = Array.from({ length: 40_000 }, (_, i) => [`${i}`, i % 7 === 0 ? 'a "b", c' : "d"]);
  const block = blockOf(["k", "c0"], rows);
  expect(digestOf(program.mapBlock(inKernel(block)))).toBe(digestOf(program.mapBlock(block)));
  const small = blockOf(["k", "c0"], rows.slice(0, 100));
  expect(facts(program.mapBlock(inKernel(small)))).toEqual(facts(program.mapBlock(small)));
});

/** All that is written, and where rows begin, as one text. */
function digestOf({ bytes, rowStart, rowCount }: MappedBlock): string {
  const start = rowStart[0] ?? 0;
  const written = bytes.subarray(start, rowStart[rowCount]);
  const places = rowStart.subarray(0, rowCount + 1).map((place) => place - start);
  return createHash("sha256").update(written).update(places).digest("hex");
}

describe("the output", () => {
  test("is CSV that another parser reads as the values that were meant", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text), { maxLength: 10 }), (rows) => {
        const spec = specOf({ Notes__c: "a", Open__c: "b", Key__c: "k" });
        const program = compileProgram({ spec, shape: THING, parents: PARENTS });
        const mapped = program.mapBlock(blockOf(["a", "b", "k"], rows));
        const csv = Buffer.from(
          mapped.bytes.subarray(0, mapped.rowStart[mapped.rowCount]),
        ).toString();
        const wire = (value: string) => (value === "#N/A" ? "" : value.replace(/\r\n?/g, "\n"));
        const meant = rows
          .filter((_, row) => mapped.status[row] === ROW_MAPPED)
          .map((row) => row.map(wire));
        expect(parse(csv, { bom: false, record_delimiter: "\n" })).toEqual(meant);
      }),
    );
  });

  test("a lone empty column is no empty line", () => {
    const spec = specOf({ Notes__c: "a" }, { operation: "insert", key: null, repeat: true });
    const program = compileProgram({ spec, shape: THING, parents: PARENTS });
    expect(outcome(program.mapBlock(blockOf(["a"], [[""]])), 0)).toBe('""');
  });
});

describe("the row digest", () => {
  const digestsOf = (
    fields: readonly (readonly [string, string])[],
    header: string[],
    rows: string[][],
  ) => {
    const program = compileProgram({
      spec: specOf(Object.fromEntries(fields)),
      shape: THING,
      parents: PARENTS,
    });
    const mapped = program.mapBlock(blockOf(header, rows));
    return {
      rows: Array.from(mapped.rowDigest.subarray(0, rows.length * 2)),
      mapping: program.mappingDigest,
    };
  };

  test("does not depend on the order of the mapping or of the source's columns", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 5 }), (rows) => {
        const given = rows.map(([a, b]) => [a, b, "k"]);
        const one = digestsOf(
          [
            ["Notes__c", "a"],
            ["Open__c", "b"],
            ["Key__c", "k"],
          ],
          ["a", "b", "k"],
          given,
        );
        const other = digestsOf(
          [
            ["Key__c", "k"],
            ["Open__c", "b"],
            ["Notes__c", "a"],
          ],
          ["k", "b", "a"],
          given.map((row) => row.toReversed()),
        );
        expect(other).toEqual(one);
      }),
    );
  });

  test("a renamed source column changes the mapping's digest and no row's", () => {
    const one = digestsOf(
      [
        ["Key__c", "k"],
        ["Notes__c", "a"],
      ],
      ["k", "a"],
      [["1", "x"]],
    );
    const other = digestsOf(
      [
        ["Key__c", "k"],
        ["Notes__c", "b"],
      ],
      ["k", "b"],
      [["1", "x"]],
    );
    expect(other.rows).toEqual(one.rows);
    expect(other.mapping).not.toBe(one.mapping);
  });

  test("tells equal values in two fields apart, and a field that is empty from one that is not mapped it does not", () => {
    const one = digestsOf(
      [
        ["Key__c", "k"],
        ["Notes__c", "a"],
      ],
      ["k", "a"],
      [["1", "x"]],
    );
    const other = digestsOf(
      [
        ["Key__c", "k"],
        ["Open__c", "a"],
      ],
      ["k", "a"],
      [["1", "x"]],
    );
    expect(other.rows).not.toEqual(one.rows);
    const empty = digestsOf(
      [
        ["Key__c", "k"],
        ["Notes__c", "a"],
        ["Open__c", "b"],
      ],
      ["k", "a", "b"],
      [["1", "x", ""]],
    );
    expect(empty.rows).toEqual(one.rows);
  });
});
