import { createReadStream } from "node:fs";

/** Byte ranges of a UTF-8 file as text, one after the other. */
export async function* readFilePart(
  file: string,
  ranges: readonly (readonly [start: number, end: number])[],
): AsyncGenerator<string> {
  for (const [start, end] of ranges) {
    if (end <= start) continue;
    // The stream's decoder keeps a character together that lies across two chunks.
    yield* createReadStream(file, {
      start,
      end: end - 1,
      encoding: "utf8",
    }) as AsyncIterable<string>;
  }
}
