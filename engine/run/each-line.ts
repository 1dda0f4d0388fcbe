import { closeSync, openSync, readSync } from "node:fs";

/** The lines of a file of ASCII that the engine wrote, from a byte on, without their LF. Holds one
 *  block of it in memory. */
export function* eachLine(file: string, from = 0): Generator<string> {
  const descriptor = openSync(file, "r");
  try {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    let left = "";
    for (let at = from; ; ) {
      const length = readSync(descriptor, block, 0, BLOCK_BYTES, at);
      if (length === 0) break;
      at += length;
      const lines = (left + block.toString("latin1", 0, length)).split("\n");
      left = lines.pop() ?? "";
      yield* lines;
    }
    if (left !== "") yield left;
  } finally {
    closeSync(descriptor);
  }
}

const BLOCK_BYTES = 1 << 18;
