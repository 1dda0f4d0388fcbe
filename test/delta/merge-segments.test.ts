import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  emptyFingerprints,
  type Fingerprints,
  FLAG_DOUBT,
} from "../../engine/delta/fingerprints.ts";
import { mergeSegments } from "../../engine/delta/merge-segments.ts";
import { openSegment, readWholeSegment } from "../../engine/delta/segment-file.ts";
import { writeSegment } from "../../engine/delta/segment-writer.ts";
import { digest, stateFolder } from "../run/hand-run.ts";

type Known = Record<string, { row: number; flags: number; fields: Record<string, number> }>;

/** A segment of keys with a number each for their row. */
function segmentOf(rows: Known, columns: readonly string[]): Fingerprints {
  const names = Object.keys(rows);
  const prints = emptyFingerprints(names.length, columns);
  names.forEach((name, i) => {
    const { row, flags, fields } = rows[name] ?? { row: 0, flags: 0, fields: {} };
    prints.keys.set(digest(name), i * 4);
    prints.rows[i * 2] = row;
    prints.flags[i] = flags;
    columns.forEach((column, at) => {
      prints.fields[i * columns.length + at] = fields[column] ?? 0;
    });
  });
  return prints;
}

function read(file: string, names: readonly string[]): Known {
  const byWord = new Map(names.map((name) => [digest(name).join("."), name]));
  const segment = openSegment(file);
  const known: Known = {};
  const prints = readWholeSegment(segment);
  for (let i = 0; i < prints.count; i++) {
    const name = byWord.get(prints.keys.subarray(i * 4, i * 4 + 4).join(".")) ?? "?";
    const width = prints.columns.length;
    const cells = prints.columns.map((column, at) => [column, prints.fields[i * width + at] ?? 0]);
    const fields = Object.fromEntries(cells.filter(([, value]) => value !== 0));
    known[name] = { row: prints.rows[i * 2] ?? 0, flags: prints.flags[i] ?? 0, fields };
  }
  segment.close();
  return known;
}

test("a merger says the same as the segments, the newest of each key", () => {
  const folder = stateFolder();
  const key = fc.integer({ min: 0, max: 40 }).map((n) => `key-${n}`);
  const value = fc.record({
    row: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    flags: fc.constantFrom(0, FLAG_DOUBT),
    fields: fc.record({
      A: fc.integer({ min: 1, max: 65_535 }),
      B: fc.integer({ min: 1, max: 9 }),
    }),
  });
  const segments = fc.array(fc.dictionary(key, value, { maxKeys: 20 }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(segments, (list) => {
      const files = list.map((rows, i) => {
        const file = path.join(folder, `${i}.seg`);
        // The mapping changed under way: columns came, went and moved.
        const columns = [["A", "B"], ["B", "A"], ["A"]][i % 3] ?? [];
        writeSegment(file, segmentOf(rows, columns), { groupRows: 1 + (i % 7) });
        return file;
      });
      const merged = path.join(folder, "merged.seg");
      const count = mergeSegments(files, merged);
      const names = Array.from({ length: 41 }, (_, n) => `key-${n}`);
      const expected = Object.assign({}, ...files.map((file) => read(file, names)));
      expect(read(merged, names)).toEqual(expected);
      expect(count).toBe(Object.keys(expected).length);
      expect(openAndCount(merged)).toBe(count);
    }),
    { numRuns: 60 },
  );
});

function openAndCount(file: string): number {
  const segment = openSegment(file);
  segment.close();
  return segment.count;
}

test("a part that was altered is noticed when it is read", () => {
  const file = path.join(stateFolder(), "a.seg");
  writeSegment(file, segmentOf({ a: { row: 1, flags: 0, fields: {} } }, ["A"]));
  const bytes = readFileSync(file);
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  expect(() => read(file, [])).toThrow(expect.objectContaining({ code: "STATE_CORRUPT" }));
});

test("a segment that was cut off is noticed when it is opened", () => {
  const file = path.join(stateFolder(), "a.seg");
  writeSegment(file, segmentOf({ a: { row: 1, flags: 0, fields: {} } }, ["A"]));
  writeFileSync(file, readFileSync(file).subarray(0, -1));
  expect(() => openSegment(file)).toThrow(expect.objectContaining({ code: "STATE_CORRUPT" }));
});
