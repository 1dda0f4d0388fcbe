import type { SegmentReader } from "./segment-file.ts";

/** The segments of a stream, parted for reading. The base is the family that knows most keys, in the
 *  order in which its rows were sent: none of its segments has a key of another. What the others know is
 *  less, and may be of any key. */
export interface KnownSegments {
  readonly base: readonly SegmentReader[];
  /** Oldest first: a key that they share with the base is the base's. */
  readonly older: readonly SegmentReader[];
  /** Oldest first: a key that they share with the base is theirs. */
  readonly newer: readonly SegmentReader[];
}

/** Takes segments oldest first. */
export function partSegments(segments: readonly SegmentReader[]): KnownSegments {
  let best = { from: 0, to: 0, count: -1 };
  for (let from = 0; from < segments.length; ) {
    let to = from;
    let count = 0;
    for (; to < segments.length && segments[to]?.family === segments[from]?.family; to++) {
      count += segments[to]?.count ?? 0;
    }
    // Of two that are as large, the newer one is nearer to what the source looks like today.
    if (count >= best.count) best = { from, to, count };
    from = to;
  }
  return {
    older: segments.slice(0, best.from),
    base: segments.slice(best.from, best.to).sort((a, b) => a.index - b.index),
    newer: segments.slice(best.to),
  };
}

export function countIn(segments: readonly SegmentReader[]): number {
  return segments.reduce((sum, { count }) => sum + count, 0);
}
