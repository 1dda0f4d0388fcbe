import { readSync } from "node:fs";
import { open } from "node:fs/promises";
import { getDefaultHighWaterMark } from "node:stream";
import { onDisk } from "./result-file.ts";

/** Rows read from the disk at a time: what one upload costs in memory, twice. SEMANTICS section 4. */
const PIECE_BYTES = 64 * 1024;

/** A file's bytes, piece by piece, for an upload that waits whenever its socket holds as much as it
 *  should. Not a stream of node:fs: there, a failing disk and a failing connection end in the same
 *  event. Read in place, because handing each piece to another thread costs more than reading it.
 *  @throws EngineError SF_FILE. */
export async function* filePieces(file: string): AsyncGenerator<Uint8Array> {
  const handle = await onDisk(file, () => open(file, "r"));
  const pieces = [newPiece(), newPiece()];
  try {
    for (let turn = 0; ; turn++) {
      const piece = ownsItsPieces() ? newPiece() : (pieces[turn % 2] as Buffer);
      const length = await onDisk(file, async () =>
        readSync(handle.fd, piece, 0, PIECE_BYTES, null),
      );
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    await handle.close();
  }
}

function newPiece(): Buffer {
  return Buffer.allocUnsafeSlow(PIECE_BYTES);
}

/** Two pieces in turn are enough as long as a socket asks for a pause before it holds two of them: it
 *  goes on when it holds none. A socket that takes more may still hold a piece when the one after the
 *  next is read. */
function ownsItsPieces(): boolean {
  return getDefaultHighWaterMark(false) > 2 * PIECE_BYTES;
}
