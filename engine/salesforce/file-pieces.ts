import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import { onDisk } from "./result-file.ts";

/** Rows read from the disk at a time: what one upload costs in memory, twice. SEMANTICS section 4. */
export const PIECE_BYTES = 64 * 1024;

/** A file's bytes, piece by piece. Not a stream of node:fs: there, a failing disk and a failing
 *  connection end in the same event. Read in place, because handing each piece to another thread costs
 *  more than reading it. A piece is valid until the next but one is asked for: while a socket holds a
 *  whole piece none is asked for (`Wire` sets that limit), and then only when it holds nothing.
 *  @throws EngineError SF_FILE. */
export async function* filePieces(file: string): AsyncGenerator<Uint8Array> {
  const handle = await onDisk(file, () => open(file, "r"));
  let [piece, other] = [Buffer.alloc(PIECE_BYTES), Buffer.alloc(PIECE_BYTES)];
  try {
    for (;;) {
      const into = piece;
      const length = await onDisk(file, async () => readSync(handle.fd, into));
      if (length === 0) return;
      yield into.subarray(0, length);
      [piece, other] = [other, piece];
    }
  } finally {
    await handle.close();
  }
}
