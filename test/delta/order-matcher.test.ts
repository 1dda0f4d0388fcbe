import path from "node:path";
import { expect, test } from "vitest";
import { emptyFingerprints } from "../../engine/delta/fingerprints.ts";
import { newOrderMatcher } from "../../engine/delta/order-matcher.ts";
import { openSegment } from "../../engine/delta/segment-file.ts";
import { writeSegment } from "../../engine/delta/segment-writer.ts";
import { digest, stateFolder } from "../run/hand-run.ts";

const KNOWN = 20_000;
const digests = Array.from({ length: KNOWN }, (_, i) => digest(`key-${i}`));
const numbers = Array.from({ length: KNOWN }, (_, i) => i);
const strangers = (count: number) => new Array<number>(count).fill(-1);

/** How many rows of a source (numbers of known keys; -1: a key not known) are found in their order. */
function found(source: readonly number[]): number {
  const file = path.join(stateFolder(), "a.seg");
  const prints = emptyFingerprints(KNOWN, ["A"]);
  digests.forEach((key, i) => {
    prints.keys.set(key, i * 4);
    prints.rows[i * 2] = i;
  });
  writeSegment(file, prints, { groupRows: 1000 });
  const segment = openSegment(file);
  const matcher = newOrderMatcher([segment], null);
  const strange = digest("stranger");
  const row = new Uint32Array(2);
  let count = 0;
  const places: number[] = [];
  source.forEach((n, ordinal) => {
    row[0] = n;
    if (!matcher.take(digests[n] ?? strange, 0, row, 0, ordinal)) return;
    count++;
    places[n] = ordinal;
  });
  segment.close();
  const ordinalOf = matcher.matched.walk();
  for (const n of numbers) expect(ordinalOf(n)).toBe(places[n] ?? -1);
  return count;
}

test.each([
  { source: "as it was", rows: numbers, atLeast: KNOWN },
  { source: "a few rows gone", rows: numbers.filter((n) => n % 97 !== 0), atLeast: 19_793 },
  { source: "rows added", rows: numbers.flatMap((n) => (n % 9 ? [n] : [-1, n])), atLeast: KNOWN },
  { source: "a stretch gone", rows: numbers.filter((n) => n < 900 || n > 1500), atLeast: 15_000 },
  {
    source: "most of the beginning gone",
    rows: numbers.filter((n) => n > 9000),
    atLeast: 6_000,
  },
  { source: "new rows first", rows: [...strangers(30_000), ...numbers], atLeast: 19_000 },
  { source: "turned round", rows: [...numbers].reverse(), atLeast: 0 },
])("$source: at least $atLeast rows are found", ({ rows, atLeast }) => {
  expect(found(rows)).toBeGreaterThanOrEqual(atLeast);
});
