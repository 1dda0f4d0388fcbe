import type { MappedBlock } from "../mapping/row-program.ts";

/** Takes a row that was mapped, and is not sent after all, out of the counts of cells that erase their
 *  field. Digests of 16 bits can meet by chance, so no count goes below 0. */
export function uncountCleared(
  counts: Uint32Array | Float64Array,
  { fieldDigest }: MappedBlock,
  row: number,
  clearDigests: Uint16Array,
): void {
  const width = clearDigests.length;
  for (let i = 0; i < width; i++) {
    const count = counts[i] ?? 0;
    if (count > 0 && fieldDigest[row * width + i] === clearDigests[i]) counts[i] = count - 1;
  }
}
