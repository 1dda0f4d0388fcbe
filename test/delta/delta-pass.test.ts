import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { DuplicatePolicy, Operation } from "../../engine/config/sync-spec.ts";
import {
  DECIDED_CHANGED,
  DECIDED_DUPLICATE,
  DECIDED_FILTERED,
  DECIDED_INVALID,
  DECIDED_NEW,
  DECIDED_UNCHANGED,
  DECIDED_UNKNOWN,
} from "../../engine/delta/decision.ts";
import { type Decisions, startDeltaPass } from "../../engine/delta/delta-pass.ts";
import { FLAG_DOUBT, FLAG_GONE } from "../../engine/delta/fingerprints.ts";
import {
  openSegment,
  readWholeSegment,
  type SegmentReader,
} from "../../engine/delta/segment-file.ts";
import { type SegmentKin, writeSegment } from "../../engine/delta/segment-writer.ts";
import { ROW_FILTERED, ROW_INVALID, ROW_MAPPED } from "../../engine/mapping/row-program.ts";
import { keyWords, type ModelRow, mappedBlock, mappedRow, rowWords } from "./mapped-block.ts";

/** Memory where there is some: hundreds of segments are synced to the disk here. */
const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const folder = mkdtempSync(path.join(PLACE, "sluice-delta-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Known {
  readonly fields: readonly number[];
  readonly flags: number;
}

interface Case {
  readonly width: number;
  readonly rows: readonly ModelRow[];
  /** Oldest first. */
  readonly segments: readonly ReadonlyMap<number, Known>[];
  readonly operation: Operation;
  readonly duplicates: DuplicatePolicy;
  readonly full: boolean;
  readonly resendUnknown: boolean;
  readonly bytesMax: number;
  readonly blockRows: number;
  readonly groupRows: number;
  /** Which segment comes in two files; -1: none. */
  readonly cutSegment: number;
}

const COLUMNS = ["A", "B", "C", "D", "E"];

const cases: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 5 }).chain((width) => {
  const fields = fc.array(fc.nat(2), { minLength: width, maxLength: width });
  const key = fc.nat(24);
  const status = fc.oneof(
    { weight: 8, arbitrary: fc.constant(ROW_MAPPED) },
    { weight: 1, arbitrary: fc.constantFrom(ROW_FILTERED, ROW_INVALID) },
  );
  const known = fc.record({
    fields,
    flags: fc.constantFrom(0, 0, 0, FLAG_DOUBT, FLAG_GONE, FLAG_GONE | FLAG_DOUBT),
  });
  return fc.record({
    width: fc.constant(width),
    rows: fc.array(fc.record({ status, key, fields }), { maxLength: 40 }),
    segments: fc.array(
      fc.array(fc.tuple(key, known), { maxLength: 20 }).map((entries) => new Map(entries)),
      { maxLength: 3 },
    ),
    operation: fc.constantFrom<Operation>("insert", "update", "upsert", "delete"),
    duplicates: fc.constantFrom<DuplicatePolicy>("reject", "first", "last"),
    full: fc.boolean(),
    resendUnknown: fc.boolean(),
    // A few rows, so that most cases spill several times; or all of them.
    bytesMax: fc.constantFrom(100, 400, 1_000_000),
    blockRows: fc.integer({ min: 1, max: 50 }),
    groupRows: fc.constantFrom(1, 3, 1000),
    cutSegment: fc.integer({ min: -1, max: 2 }),
  });
});

/** The same with a source whose rows come as they were sent, but for some. */
const inOrder: fc.Arbitrary<Case> = fc
  .tuple(cases, fc.array(fc.constantFrom("same", "same", "same", "drop", "change", "random")))
  .map(([one, ways]) => {
    const sent = one.segments.flatMap((segment) => [...segment]);
    const rows = sent.flatMap(([key, { fields }], i): ModelRow[] => {
      const random = one.rows[i % Math.max(1, one.rows.length)];
      switch (ways[i % Math.max(1, ways.length)] ?? "same") {
        case "drop":
          return [];
        case "change":
          return [mappedRow(key, [1 - (fields[0] ?? 0) / 2, ...fields.slice(1)].map(Math.round))];
        case "random":
          return random === undefined ? [] : [random, mappedRow(key, fields)];
        default:
          return [mappedRow(key, fields)];
      }
    });
    return { ...one, rows };
  });

/** The field digest that stands for #N/A in these cases. */
const ERASES = 2;

let files = 0;

function segmentFile(
  prints: ReadonlyMap<number, Known>,
  columns: readonly string[],
  kin: Partial<SegmentKin> = {},
): string {
  const file = path.join(folder, `segment-${files++}`);
  const entries = [...prints];
  const fingerprints = {
    count: entries.length,
    keys: Uint32Array.from(entries.flatMap(([key]) => [...keyWords(key)])),
    rows: Uint32Array.from(entries.flatMap(([, { fields }]) => [...rowWords(fields)])),
    flags: Uint8Array.from(entries, ([, { flags }]) => flags),
    fields: Uint16Array.from(entries.flatMap(([, { fields }]) => [...fields])),
    columns,
  };
  writeSegment(file, fingerprints, kin);
  return file;
}

/** The first segment cut in pieces of one family, settled in another order than they were staged. */
function segmentsOf(one: Case, columns: readonly string[]): SegmentReader[] {
  return one.segments.flatMap((prints, i) => {
    const { groupRows } = one;
    if (i !== one.cutSegment) return [openSegment(segmentFile(prints, columns, { groupRows }))];
    const entries = [...prints];
    const half = Math.ceil(entries.length / 2);
    return [entries.slice(half), entries.slice(0, half)].map((own, piece) => {
      const kin = { groupRows, family: "family", index: 1 - piece };
      return openSegment(segmentFile(new Map(own), columns, kin));
    });
  });
}

interface Found extends Omit<Decisions, "byRow" | "counts" | "rowsDigest"> {
  readonly byRow: readonly number[];
  /** Keys, by number, that the source does not have. */
  readonly departed: readonly number[];
}

function decide(one: Case): Found & { readonly rowsDigest: string } {
  const columns = COLUMNS.slice(0, one.width);
  const segments = segmentsOf(one, columns);
  const departed: number[] = [];
  const pass = startDeltaPass({
    ...one,
    columns,
    clearDigests: new Uint16Array(one.width).fill(ERASES),
    keyed: true,
    segments,
    spillFolder: folder,
    onDeparted: (keys, at) => departed.push(keys[at + 3] ?? -1),
  });
  for (let from = 0; from < one.rows.length; from += one.blockRows) {
    pass.add(mappedBlock(one.rows.slice(from, from + one.blockRows), one.width));
  }
  const { byRow, counts, ...rest } = pass.finish();
  pass.close();
  for (const segment of segments) segment.close();
  expect(counts.source).toBe(one.rows.length);
  return { ...rest, byRow: [...byRow], departed: departed.sort((a, b) => a - b) };
}

/** The same with a Map and no thought for memory. */
function model(one: Case): Found {
  const known = new Map<number, Known>();
  for (const segment of one.segments) for (const [key, prints] of segment) known.set(key, prints);
  const standing = new Map<number, number>();
  const byRow: number[] = [];
  one.rows.forEach(({ status, key, fields }, row) => {
    if (status !== ROW_MAPPED) {
      byRow.push(status === ROW_FILTERED ? DECIDED_FILTERED : DECIDED_INVALID);
      return;
    }
    byRow.push(alone(one, known.get(key), fields));
    const before = standing.get(key);
    if (before === undefined) standing.set(key, row);
    else if (one.duplicates === "first") byRow[row] = DECIDED_DUPLICATE;
    else {
      byRow[before] = DECIDED_DUPLICATE;
      if (one.duplicates === "reject") byRow[row] = DECIDED_DUPLICATE;
      else standing.set(key, row);
    }
  });
  const changes = new Map<string, number>();
  const cleared = new Map<string, number>();
  let changedAfterInsert = 0;
  one.rows.forEach(({ key, fields }, row) => {
    const was = known.get(key)?.fields ?? [];
    if (byRow[row] === DECIDED_UNCHANGED && one.operation === "insert") {
      if (String(was) !== String(fields)) changedAfterInsert++;
    }
    const isNew = byRow[row] === DECIDED_NEW;
    if (!isNew && byRow[row] !== DECIDED_CHANGED) return;
    fields.forEach((field, i) => {
      const name = COLUMNS[i] ?? "";
      if (!isNew && field === was[i]) return;
      if (!isNew) changes.set(name, (changes.get(name) ?? 0) + 1);
      if (field === ERASES) cleared.set(name, (cleared.get(name) ?? 0) + 1);
    });
  });
  const acknowledged = ({ flags }: Known) => flags === 0 || flags === (FLAG_GONE | FLAG_DOUBT);
  return {
    byRow,
    fields: Object.fromEntries(changes),
    cleared: one.segments.length === 0 ? null : Object.fromEntries(cleared),
    knownKeys: [...known.values()].filter(({ flags }) => flags !== FLAG_GONE).length,
    changedAfterInsert,
    departed: [...known]
      .filter(([key, prints]) => acknowledged(prints) && !standing.has(key))
      .map(([key]) => key)
      .sort((a, b) => a - b),
  };
}

/** What becomes of a row whose key no other row has. */
function alone(one: Case, was: Known | undefined, fields: readonly number[]): number {
  if (was === undefined || (was.flags & FLAG_GONE) !== 0) return DECIDED_NEW;
  const doubt = (was.flags & FLAG_DOUBT) !== 0;
  if (one.operation === "insert") {
    if (!doubt) return DECIDED_UNCHANGED;
    return one.resendUnknown ? DECIDED_NEW : DECIDED_UNKNOWN;
  }
  const same = one.operation === "delete" || String(was.fields) === String(fields);
  return same && !doubt && !one.full ? DECIDED_UNCHANGED : DECIDED_CHANGED;
}

describe("the delta", () => {
  test("is that of a plain Map, whatever spills and however blocks are cut", () => {
    fc.assert(
      fc.property(fc.oneof(cases, inOrder), (one) => {
        const { rowsDigest, ...found } = decide(one);
        expect(found).toEqual(model(one));
        expect(decide({ ...one, bytesMax: 1_000_000, blockRows: 50 }).rowsDigest).toBe(rowsDigest);
      }),
      { numRuns: 400 },
    );
    expect(readdirSync(folder).filter((name) => name.startsWith("delta-"))).toEqual([]);
  });

  test("names the rows to send by one digest: their order, keys and contents", () => {
    const one: Case = {
      width: 2,
      rows: [mappedRow(1, [0, 0]), mappedRow(2, [0, 1]), mappedRow(9, [2, 2])],
      segments: [new Map([[9, { fields: [2, 2], flags: 0 }]])],
      operation: "upsert",
      duplicates: "reject",
      full: false,
      resendUnknown: false,
      bytesMax: 1_000_000,
      blockRows: 10,
      groupRows: 1000,
      cutSegment: -1,
    };
    const [first = mappedRow(0, []), second = first, unsent = first] = one.rows;
    const digest = (rows: readonly ModelRow[]) => decide({ ...one, rows }).rowsDigest;
    const same = digest(one.rows);
    expect(digest([first, second])).toBe(same);
    expect(digest([second, first, unsent])).not.toBe(same);
    expect(digest([{ ...first, fields: [1, 0] }, second])).not.toBe(same);
    expect(digest([{ ...first, key: 3 }, second])).not.toBe(same);
    expect(digest([first])).not.toBe(same);
  });

  test("without a key takes every row as new", () => {
    const pass = startDeltaPass({
      operation: "insert",
      duplicates: "reject",
      columns: ["A"],
      clearDigests: new Uint16Array(1),
      keyed: false,
      full: false,
      resendUnknown: false,
      segments: [],
      spillFolder: folder,
    });
    const row = mappedRow(0, [1]);
    pass.add(mappedBlock([row, { ...row, status: ROW_INVALID }, row], 1));
    const { byRow, counts } = pass.finish();
    pass.close();
    expect([...byRow]).toEqual([DECIDED_NEW, DECIDED_INVALID, DECIDED_NEW]);
    expect(counts).toMatchObject({ source: 3, new: 2, invalid: 1, duplicate: 0 });
  });
});

describe("a segment", () => {
  const entries = fc.uniqueArray(fc.tuple(fc.nat(), fc.nat(3)), {
    selector: ([key]) => key,
    maxLength: 300,
  });

  test("gives back what was written, in its order, however it is grouped", () => {
    fc.assert(
      fc.property(entries, fc.constantFrom(1, 7, 1000), (pairs, groupRows) => {
        const prints = new Map(
          pairs.map(([key, value]) => [key, { fields: [value], flags: value }]),
        );
        const segment = openSegment(segmentFile(prints, ["A"], { groupRows }));
        const { count, keys, flags, fields } = readWholeSegment(segment);
        segment.close();
        const seen = Array.from({ length: count }, (_, i) => [keys[i * 4 + 3], fields[i]]);
        expect(seen).toEqual(pairs);
        expect([...flags]).toEqual(pairs.map(([, value]) => value));
        expect(segment.gone).toBe(pairs.filter(([, value]) => value === FLAG_GONE).length);
      }),
      { numRuns: 50 },
    );
  });
});

test("a segment in which one byte was altered is damaged, and says so", () => {
  const file = segmentFile(new Map([[4, { fields: [1], flags: 0 }]]), ["A"]);
  const bytes = readFileSync(file);
  const inKey = 20;
  bytes[inKey] = (bytes[inKey] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const segment = openSegment(file);
  expect(() => readWholeSegment(segment)).toThrow(/was altered/);
  segment.close();
});
