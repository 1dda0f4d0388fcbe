import { EngineError } from "../base/engine-error.ts";
import type { FileDigests } from "./block-digests.ts";
import { openDecoded } from "./open-decoded.ts";
import type { OpenedFile } from "./opened-file.ts";
import { borrowScanner, returnScanner } from "./scanner-pool.ts";

/** Do the files still hold what an earlier pass read of each? Digests their decoded bytes up to the
 *  first block that differs, and looks at no row. False too for a file that can't be read: whoever reads
 *  its rows says why. */
export async function sameBytes(
  files: readonly OpenedFile[],
  digests: readonly FileDigests[],
  signal: AbortSignal,
): Promise<boolean> {
  if (files.length !== digests.length) return false;
  try {
    for (const [i, file] of files.entries()) {
      const expect = digests[i];
      if (expect === undefined || !(await fileIsSame(file, expect, signal))) return false;
    }
    return true;
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof EngineError) return false;
    throw thrown;
  }
}

async function fileIsSame(
  file: OpenedFile,
  { blockBytes, blocks }: FileDigests,
  signal: AbortSignal,
): Promise<boolean> {
  const stream = await openDecoded(file);
  const scanner = borrowScanner(blockBytes, true);
  const { windows } = scanner.memory;
  let reading = stream.fill(windows[0].bytes);
  try {
    for (let block = 0; ; block++) {
      signal.throwIfAborted();
      const window = windows[block % 2 === 0 ? 0 : 1];
      const length = await reading;
      const ended = length < window.bytes.length;
      // One is read while the other is digested.
      if (!ended) {
        reading = stream.fill(windows[block % 2 === 0 ? 1 : 0].bytes);
        reading.catch(() => 0);
      }
      if (length === 0) return block === blocks.length;
      if (scanner.digest(window.at, window.at + length) !== blocks[block]) return false;
      if (ended) return block + 1 === blocks.length;
    }
  } finally {
    // A read that is under way writes into the memory: it must end before that is used again.
    await reading.catch(() => 0);
    returnScanner(scanner, blockBytes, true);
    await stream.close();
  }
}
