import type { MappedBlock } from "../mapping/row-program.ts";

/** Four bytes a row, kept for the whole source: the size of its CSV. */
export interface RowFacts {
  readonly count: number;
  add(block: MappedBlock): void;
  rowBytes(): Uint32Array;
}

export function newRowFacts(): RowFacts {
  let sizes = new Uint32Array(1 << 14);
  let count = 0;
  return {
    get count() {
      return count;
    },
    add({ rowCount, rowStart }) {
      if (count + rowCount > sizes.length) {
        const larger = new Uint32Array(Math.max(Math.ceil(sizes.length * 1.5), count + rowCount));
        larger.set(sizes);
        sizes = larger;
      }
      let start = rowStart[0] ?? 0;
      for (let row = 0; row < rowCount; row++) {
        const end = rowStart[row + 1] as number;
        sizes[count++] = end - start;
        start = end;
      }
    },
    rowBytes: () => sizes.subarray(0, count),
  };
}
