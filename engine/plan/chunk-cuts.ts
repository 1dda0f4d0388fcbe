import { isSent } from "../delta/decision.ts";
import type { ChunkCut } from "./sync-plan.ts";

export interface ChunkLimits {
  readonly headerBytes: number;
  /** Header included. */
  readonly bytesMax: number;
  readonly rowsMax: number;
}

/** Tells where chunks begin: one ends before the row that would pass `bytesMax` or `rowsMax`. */
export interface ChunkCutter {
  /** Takes the bytes of the next row to send, line end included; true when a chunk before it ended. */
  take(bytes: number): boolean;
  /** The chunk in hand. */
  readonly rows: number;
  readonly bytes: number;
}

export function newChunkCutter({ headerBytes, bytesMax, rowsMax }: ChunkLimits): ChunkCutter {
  const cutter = {
    rows: 0,
    bytes: headerBytes,
    take(size: number): boolean {
      const ended = cutter.rows > 0 && (cutter.bytes + size > bytesMax || cutter.rows >= rowsMax);
      cutter.rows = ended ? 1 : cutter.rows + 1;
      cutter.bytes = (ended ? headerBytes : cutter.bytes) + size;
      return ended;
    },
  };
  return cutter;
}

/** Cuts the rows to send into chunks, in source order. Staging follows the same cuts. */
export function cutChunks(
  input: ChunkLimits & {
    readonly decisions: Uint8Array;
    /** Bytes of each source row's CSV, line end included, page by page. */
    readonly rowBytes: Iterable<Uint32Array>;
  },
): ChunkCut[] {
  const { decisions, rowBytes } = input;
  const cuts: ChunkCut[] = [];
  const cutter = newChunkCutter(input);
  let ordinal = 0;
  for (const page of rowBytes) {
    for (let i = 0; i < page.length; i++, ordinal++) {
      if (!isSent(decisions[ordinal])) continue;
      const { rows, bytes } = cutter;
      if (cutter.take(page[i] as number)) cuts.push({ rows, bytes });
    }
  }
  const { rows, bytes } = cutter;
  if (rows > 0) cuts.push({ rows, bytes });
  return cuts;
}
