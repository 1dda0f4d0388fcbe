import {
  compareKeys,
  copyFingerprint,
  emptyFingerprints,
  type Fingerprints,
  PARTS,
} from "./fingerprints.ts";
import { openSegment, writeSegmentByPart } from "./segment-file.ts";

/** Writes one segment that says the same as several, given oldest first: for each key its newest
 *  fingerprint. One part of the keys is in memory at a time. Gives how many keys it holds. */
export function mergeSegments(files: readonly string[], into: string): number {
  const segments = files.map(openSegment);
  try {
    const columns = [...new Set(segments.flatMap((segment) => segment.columns))];
    const merged = (part: number) =>
      mergeParts(
        segments.map((segment) => segment.readPart(part)),
        columns,
      );
    // Read twice: where a part lies in the file depends on how many keys the ones before it have.
    const counts = Array.from({ length: PARTS }, (_, part) => merged(part).count);
    return writeSegmentByPart(into, counts, columns, merged);
  } finally {
    for (const segment of segments) segment.close();
  }
}

/** Oldest first; each sorted by key. Fields that a segment does not have are 0, as for a new row. */
function mergeParts(parts: readonly Fingerprints[], columns: readonly string[]): Fingerprints {
  const next = new Uint32Array(parts.length);
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  const places = parts.map((part) => part.columns.map((name) => columns.indexOf(name)));
  const all = emptyFingerprints(total, columns);
  let count = 0;
  for (;;) {
    const newest = smallest(parts, next);
    if (newest < 0) break;
    const from = parts[newest];
    const at = next[newest] ?? 0;
    if (from === undefined) break;
    copyReordered(from, at, all, count++, places[newest] ?? []);
    const { keys } = from;
    parts.forEach((part, i) => {
      const place = next[i] ?? 0;
      const isSame = place < part.count && compareKeys(part.keys, place, keys, at) === 0;
      if (isSame) next[i] = place + 1;
    });
  }
  const width = columns.length;
  return {
    count,
    keys: all.keys.subarray(0, count * 4),
    rows: all.rows.subarray(0, count * 2),
    flags: all.flags.subarray(0, count),
    fields: all.fields.subarray(0, count * width),
    columns,
  };
}

/** The part whose next key is the smallest, the newest of those that have it; -1 at the end. */
function smallest(parts: readonly Fingerprints[], next: Uint32Array): number {
  let best = -1;
  parts.forEach((part, i) => {
    const at = next[i] ?? 0;
    if (at >= part.count) return;
    const other = parts[best];
    if (other === undefined || compareKeys(part.keys, at, other.keys, next[best] ?? 0) <= 0)
      best = i;
  });
  return best;
}

function copyReordered(
  from: Fingerprints,
  fromIndex: number,
  to: Fingerprints,
  toIndex: number,
  places: readonly number[],
): void {
  copyFingerprint({ ...from, columns: [] }, fromIndex, to, toIndex);
  const width = to.columns.length;
  places.forEach((place, i) => {
    to.fields[toIndex * width + place] = from.fields[fromIndex * from.columns.length + i] ?? 0;
  });
}
