import type { MappedBlock } from "../mapping/row-program.ts";

/** A few bytes a row, kept for the whole source: the size of its CSV, and a digest of key and content. */
export interface RowFacts {
  readonly count: number;
  add(block: MappedBlock): void;
  rowBytes(): Uint32Array;
  /** Two words a row. */
  digests(): Uint32Array<ArrayBuffer>;
}

export function newRowFacts(): RowFacts {
  let sizes = new Uint32Array(1 << 14);
  let digests = new Uint32Array(1 << 15);
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(block) {
      if (count + block.rowCount > sizes.length) {
        const capacity = Math.max(sizes.length * 2, count + block.rowCount);
        const [oldSizes, oldDigests] = [sizes, digests];
        sizes = new Uint32Array(capacity);
        digests = new Uint32Array(capacity * 2);
        sizes.set(oldSizes);
        digests.set(oldDigests);
      }
      for (let row = 0; row < block.rowCount; row++, count++) {
        sizes[count] = (block.rowStart[row + 1] ?? 0) - (block.rowStart[row] ?? 0);
        digests[count * 2] = (block.keyDigest[row * 4] ?? 0) ^ (block.rowDigest[row * 2] ?? 0);
        digests[count * 2 + 1] =
          (block.keyDigest[row * 4 + 1] ?? 0) ^ (block.rowDigest[row * 2 + 1] ?? 0);
      }
    },
    rowBytes: () => sizes.subarray(0, count),
    digests: () => digests.subarray(0, count * 2),
  };
}
