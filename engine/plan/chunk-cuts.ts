import { isSent } from "../delta/decision.ts";
import type { ChunkCut } from "./sync-plan.ts";

/** Cuts the rows to send into chunks, in source order: a chunk ends before the row that would pass
 *  `bytesMax` (header included, in bytes) or `rowsMax`. Staging follows the same cuts. */
export function cutChunks(input: {
  readonly decisions: Uint8Array;
  /** Bytes of each source row's CSV, line end included. */
  readonly rowBytes: Uint32Array;
  readonly headerBytes: number;
  readonly bytesMax: number;
  readonly rowsMax: number;
}): ChunkCut[] {
  const { decisions, rowBytes, headerBytes, bytesMax, rowsMax } = input;
  const cuts: ChunkCut[] = [];
  let rows = 0;
  let bytes = headerBytes;
  for (let i = 0; i < decisions.length; i++) {
    if (!isSent(decisions[i])) continue;
    const size = rowBytes[i] ?? 0;
    if (rows > 0 && (bytes + size > bytesMax || rows >= rowsMax)) {
      cuts.push({ rows, bytes });
      rows = 0;
      bytes = headerBytes;
    }
    rows++;
    bytes += size;
  }
  if (rows > 0) cuts.push({ rows, bytes });
  return cuts;
}
