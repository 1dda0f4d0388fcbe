import { tmpdir } from "node:os";
import { newUuid } from "../base/ids.ts";
import type { PrintHeads } from "./fingerprints.ts";
import { countIn, type KnownSegments, partSegments } from "./known-segments.ts";
import { type MergedKeys, settleKeys } from "./merge-keys.ts";
import { newMovedPrints } from "./moved-prints.ts";
import { openSegment, type SegmentReader } from "./segment-file.ts";
import { type SegmentWriter, writeSegmentFile } from "./segment-writer.ts";

/** Writes one segment that says the same as several, given oldest first: for each key its newest
 *  fingerprint, in the order of the base, what is new to it at the end. Memory is bounded, and each
 *  segment is read at most twice, from front to back. Gives how many keys it holds. */
export function mergeSegments(files: readonly string[], into: string): number {
  const segments = files.map(openSegment);
  try {
    const known = partSegments(segments);
    const columns = [...new Set(segments.flatMap((segment) => segment.columns))];
    const one = known.older.length + known.newer.length === 0;
    // What is left of one family has still no key in common with the rest of it.
    const [first] = known.base;
    const family = one && first !== undefined ? first.family : newUuid();
    return writeSegmentFile(into, { columns, family, index: first?.index ?? 0 }, (writer) => {
      if (!one) mergeInto(writer, known, columns);
      else eachGroup(known.base, columns, writer, ({ count }, copy) => copy(0, count));
    });
  } finally {
    for (const segment of segments) segment.close();
  }
}

function mergeInto(writer: SegmentWriter, known: KnownSegments, columns: readonly string[]): void {
  const others = [...known.older, ...known.newer];
  const keys = settleKeys(known, tmpdir());
  const moved = newMovedPrints(columns, countIn(known.base), tmpdir());
  try {
    gatherMoved(others, keys, columns, moved);
    let place = 0;
    eachGroup(known.base, columns, writer, ({ count }, copy) => {
      let from = 0;
      for (let i = 0; i < count; i++, place++) {
        const print = moved.at(place);
        if (print === null) continue;
        copy(from, i);
        writer.add(print, 0, 1);
        from = i + 1;
      }
      copy(from, count);
    });
    let n = 0;
    eachGroup(others, columns, writer, ({ count }, copy) => {
      for (let i = 0; i < count; i++) if (keys.isAdded(n++)) copy(i, i + 1);
    });
  } finally {
    moved.close();
  }
}

function gatherMoved(
  others: readonly SegmentReader[],
  keys: MergedKeys,
  columns: readonly string[],
  moved: ReturnType<typeof newMovedPrints>,
): void {
  let n = 0;
  for (const segment of others) {
    const places = placesOf(columns, segment);
    for (let group = 0; group < segment.groups; group++) {
      const heads = segment.heads(group);
      let fields: Uint16Array | null = null;
      for (let i = 0; i < heads.count; i++) {
        const place = keys.placeOf(n++);
        if (place < 0) continue;
        fields ??= segment.fields(group);
        moved.add(place, heads, i, fields, segment.columns.length, places);
      }
    }
  }
}

/** Goes over the groups of some segments. `copy` writes fingerprints of the group as they are; its fields
 *  are read when that is first asked for. */
function eachGroup(
  segments: readonly SegmentReader[],
  columns: readonly string[],
  writer: SegmentWriter,
  tell: (heads: PrintHeads, copy: (from: number, to: number) => void) => void,
): void {
  for (const segment of segments) {
    const fieldsOf = newFieldReader(segment, columns);
    for (let group = 0; group < segment.groups; group++) {
      const heads = segment.heads(group);
      let fields: Uint16Array | null = null;
      tell(heads, (from, to) => {
        if (from === to) return;
        fields ??= fieldsOf(group, heads.count);
        writer.add({ ...heads, fields }, from, to);
      });
    }
  }
}

/** Fields in the order of `columns`. Those that a segment does not have are 0, as for a new row. */
function newFieldReader(segment: SegmentReader, columns: readonly string[]) {
  const places = placesOf(columns, segment);
  const width = columns.length;
  const own = segment.columns.length;
  const same = own === width && places.every((place, i) => place === i);
  return (group: number, count: number): Uint16Array => {
    const fields = segment.fields(group);
    if (same) return fields;
    const ordered = new Uint16Array(count * width);
    for (let i = 0; i < count; i++) {
      for (let column = 0; column < width; column++) {
        const place = places[column] as number;
        if (place >= 0) ordered[i * width + column] = fields[i * own + place] as number;
      }
    }
    return ordered;
  };
}

function placesOf(columns: readonly string[], segment: SegmentReader): Int32Array {
  return Int32Array.from(columns, (name) => segment.columns.indexOf(name));
}
