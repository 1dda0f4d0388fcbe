import { tmpdir } from "node:os";
import { startDeltaPass } from "./delta-pass.ts";
import { openSegment } from "./segment-file.ts";

/** How many different keys (those that mirror deleted left out) the segments hold: a key that was sent
 *  again stands in several. It is what a run over a source without rows would find. */
export function countKeys(files: readonly string[]): number {
  if (files.length === 0) return 0;
  const segments = files.map(openSegment);
  const pass = startDeltaPass({
    operation: "upsert",
    duplicates: "reject",
    columns: [],
    clearDigests: new Uint16Array(0),
    keyed: true,
    full: true,
    resendUnknown: false,
    segments,
    spillFolder: tmpdir(),
  });
  try {
    return pass.finish().knownKeys;
  } finally {
    pass.close();
    for (const segment of segments) segment.close();
  }
}
