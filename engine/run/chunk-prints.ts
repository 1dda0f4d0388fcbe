import type { Fingerprints } from "../delta/fingerprints.ts";
import { openSegment, readWholeSegment } from "../delta/segment-file.ts";
import { corrupt } from "../delta/segment-layout.ts";

/** The fingerprints of a chunk's rows, in the chunk's order: a sidecar that is a segment already, so that
 *  a chunk whose rows were all acknowledged is settled by giving it a second name. Throws STATE_CORRUPT
 *  when it is not of the chunk. */
export function readPrints(file: string, count: number, columns: readonly string[]): Fingerprints {
  const segment = openPrints(file, count, columns);
  try {
    return readWholeSegment(segment);
  } finally {
    segment.close();
  }
}

/** The same, to be read group by group. */
export function openPrints(file: string, count: number, columns: readonly string[]) {
  const segment = openSegment(file);
  if (segment.count === count && segment.columns.length === columns.length) return segment;
  segment.close();
  throw corrupt(file, `it has ${segment.count} rows where ${count} were written`);
}
