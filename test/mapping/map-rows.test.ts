import { describe, expect, test } from "vitest";
import { murmurHex } from "../../engine/base/murmur.ts";
import { compileProgram } from "../../engine/mapping/compile-program.ts";
import { keyDigestOf } from "../../engine/mapping/key-digest.ts";
import { ROW_FILTERED, ROW_INVALID, ROW_MAPPED } from "../../engine/mapping/row-program.ts";
import { ROW_FAULT_NUL, ROW_FAULT_WIDTH } from "../../engine/source/row-block.ts";
import { blockOf, blockOfCsv } from "./block-of.ts";
import { mapRow, outcome } from "./map-text.ts";
import { field, PARENTS, shapeOf, specOf, THING } from "./spec-of.ts";

const program = (fields: Parameters<typeof specOf>[0], given?: Parameters<typeof specOf>[1]) =>
  compileProgram({ spec: specOf(fields, given), shape: THING, parents: PARENTS });

describe("a block", () => {
  test("keeps its rows in order, whatever becomes of them", () => {
    const mapped = program({ Key__c: "k", Count__c: "n" }, { where: 'row.n != "skip"' }).mapBlock(
      blockOfCsv('k,n\n1,1\n2,skip\n,3\n4,x\n"5,5",5\n'),
    );
    expect(Array.from(mapped.status.subarray(0, 5))).toEqual([
      ROW_MAPPED,
      ROW_FILTERED,
      ROW_INVALID,
      ROW_INVALID,
      ROW_MAPPED,
    ]);
    expect(outcome(mapped, 0)).toBe("1,1");
    expect(outcome(mapped, 4)).toBe('"5,5",5');
    expect(mapped.problems.size).toBe(2);
    expect(Buffer.from(mapped.bytes.subarray(0, mapped.rowStart[5])).toString()).toBe(
      '1,1\n"5,5",5\n',
    );
    expect(mapped.keyDigest.subarray(16, 20)).toEqual(keyDigestOf("5,5", "text"));
  });

  test("a fault of the reader is the row's problem", () => {
    const block = blockOf(["k", "n"], [["1"], ["2", "2", "2"], ["3", "3"]]);
    block.rowFault.set([ROW_FAULT_WIDTH, ROW_FAULT_WIDTH, ROW_FAULT_NUL]);
    const mapped = program({ Key__c: "k" }).mapBlock(block);
    expect(outcome(mapped, 0)).toBe("ROW_WIDTH : The row has 1 fields where the header has 2.");
    expect(outcome(mapped, 1)).toBe(
      "ROW_WIDTH : The row has more fields than the header, which has 2.",
    );
    expect(outcome(mapped, 2)).toBe("ROW_NUL : The row holds a NUL byte, which no text file has.");
  });

  test("counts what is cleared and what the source called #N/A, in the rows that are sent", () => {
    const mapped = program({
      Key__c: "k",
      Text__c: { from: "t", nulls: "clear" },
      Count__c: "n",
    }).mapBlock(
      blockOf(
        ["k", "t", "n"],
        [
          ["1", "", "1"],
          ["2", "#N/A", "#N/A"],
          ["3", "#N/A", "x"],
          ["", "", ""],
        ],
      ),
    );
    expect(outcome(mapped, 1)).toBe("2,#N/A,");
    expect(Array.from(mapped.cleared)).toEqual([0, 2, 0]);
    expect(mapped.literalNulls).toBe(2);
  });

  test("files may order their columns as they like, and lack some", () => {
    const one = program({
      Key__c: "k",
      Text__c: { from: "t", nulls: "clear" },
      Short__c: { from: "s", default: "d" },
    });
    expect(outcome(one.mapBlock(blockOf(["k", "t", "s"], [["1", "x", "y"]])), 0)).toBe("1,x,y");
    expect(outcome(one.mapBlock(blockOf(["s", "k", "t"], [["y", "1", ""]])), 0)).toBe("1,#N/A,y");
    // A column that is not there says nothing, so it clears nothing.
    expect(outcome(one.mapBlock(blockOf(["k"], [["1"]])), 0)).toBe("1,,d");
  });

  test("another quote than the usual one is only the source's", () => {
    const one = program({
      Key__c: "k",
      Notes__c: { from: "t", transform: ["lower"] },
      Text__c: "t",
    });
    const block = blockOf(
      ["k", "t"],
      [
        ["1", 'IT\'S "X", é'],
        ["2", "it's"],
      ],
      "'",
    );
    expect(outcome(one.mapBlock(block), 0)).toBe('1,"it\'s ""x"", é","IT\'S ""X"", é"');
    expect(outcome(one.mapBlock(block), 1)).toBe("2,it's,it's");
  });

  test("its digests are those that the state holds", () => {
    const mapped = program({ Key__c: "k", Notes__c: "t", Text__c: "e" }).mapBlock(
      blockOf(["k", "t", "e"], [[" K1", 'a "b",\r\nc', ""]]),
    );
    const words = (text: string, seed: number) =>
      (murmurHex(text, seed).match(/.{8}/g) ?? []).map((word) => Number.parseInt(word, 16));
    const ofField = (name: string, wire: string) => words(wire, words(name, 0)[0] ?? 0);
    const key = ofField("Key__c", " K1");
    const notes = ofField("Notes__c", 'a "b",\nc');
    const first = ([low = 0, high = 0]: number[]) => (BigInt(high) << 32n) | BigInt(low);
    const sum = BigInt.asUintN(64, first(key) + first(notes));
    expect(first(Array.from(mapped.rowDigest.subarray(0, 2)))).toBe(sum);
    expect(Array.from(mapped.fieldDigest.subarray(0, 3))).toEqual([
      (key[2] ?? 0) & 0xffff,
      (notes[2] ?? 0) & 0xffff,
      0,
    ]);
    expect(Array.from(mapped.keyDigest.subarray(0, 4))).toEqual(words("k1", 0));
  });

  test("rows and blocks can be of any size", () => {
    const one = program({ Key__c: "k", Notes__c: "t" });
    const long = '"é,\n'.repeat(7000);
    const rows = Array.from({ length: 40 }, (_, row) => [String(row), long]);
    const mapped = one.mapBlock(blockOf(["k", "t"], rows));
    expect(outcome(mapped, 39)).toBe(`39,"${long.replaceAll('"', '""')}"`);
    expect(outcome(one.mapBlock(blockOf(["k", "t"], [["1", "x"]])), 0)).toBe("1,x");
    expect(one.mapBlock(blockOf(["k", "t"], [])).rowCount).toBe(0);
  });

  test("a mapped row longer than a record may be", () => {
    const wide = shapeOf("Thing__c", [
      ...THING.fields,
      ...Array.from({ length: 4 }, (_, c) => field(`Long${c}__c`, "textarea", { length: 131_072 })),
    ]);
    const columns = Object.fromEntries(Array.from({ length: 4 }, (_, c) => [`Long${c}__c`, "t"]));
    const row = { k: "1", t: "é".repeat(120_000) };
    expect(mapRow({ Key__c: "k", ...columns }, row, { shape: wide })).toBe(
      "ROW_TOO_LONG : The mapped row has more than 400,000 characters, the most that Bulk API 2.0 takes in a record.",
    );
    expect(
      mapRow({ Key__c: "k", Long0__c: "t", Long1__c: "t", Long2__c: "t" }, row, { shape: wide }),
    ).toMatch(/^1,é/);
  });
});

describe("campaign members", () => {
  const member = shapeOf("CampaignMember", [
    field("Key__c", "string", { length: 20 }),
    field("ContactId", "reference", { referenceTo: ["Contact"], relationshipName: "Contact" }),
    field("LeadId", "reference", { referenceTo: ["Lead"], relationshipName: "Lead" }),
  ]);
  const fields = { Key__c: "k", ContactId: "c", LeadId: "l" };
  const contact = "003000000000001";
  const lead = "00Q000000000001";
  test("exactly one of contact and lead", () => {
    expect(mapRow(fields, { k: "1", c: contact, l: "" }, { shape: member })).toBe(`1,${contact},`);
    expect(mapRow(fields, { k: "1", c: "", l: lead }, { shape: member })).toBe(`1,,${lead}`);
    expect(mapRow(fields, { k: "1", c: contact, l: lead }, { shape: member })).toMatch(
      /^MEMBER_ONE_OF .*names both/,
    );
    expect(mapRow(fields, { k: "1", c: "", l: "" }, { shape: member })).toMatch(
      /^MEMBER_ONE_OF .*names neither/,
    );
  });
  test("an update can't change them, so it needs neither", () => {
    expect(mapRow({ Key__c: "k" }, { k: "1" }, { shape: member, operation: "update" })).toBe("1");
  });
});

describe("the mapping's digest", () => {
  const digest = (fields: Parameters<typeof specOf>[0], given?: Parameters<typeof specOf>[1]) =>
    program(fields, given).mappingDigest;
  const base = { Key__c: "k", Text__c: { from: "t", values: { a: "1", b: "2" } } };
  test("does not see the order of fields, tables and words", () => {
    expect(digest({ Text__c: { from: "t", values: { b: "2", a: "1" } }, Key__c: "k" })).toBe(
      digest(base),
    );
    expect(digest({ key__C: "k", text__c: base.Text__c })).toBe(digest(base));
  });
  test("sees everything else", () => {
    const others = [
      digest({ ...base, Text__c: { from: "u", values: { a: "1", b: "2" } } }),
      digest({ ...base, Text__c: { from: "t", values: { a: "1", b: "3" } } }),
      digest({ ...base, Text__c: { ...base.Text__c, default: "x" } }),
      digest({ ...base, Text__c: { ...base.Text__c, transform: ["trim"] } }),
      digest(base, { where: "true" }),
      digest(base, { nulls: "clear" }),
      digest({ ...base, Name: "n" }),
    ];
    expect(new Set([...others, digest(base)]).size).toBe(others.length + 1);
  });
});
