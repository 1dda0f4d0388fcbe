/** A digest over the rows that would be sent: of each its place in the source, its key and its content.
 *  A sum of one term a row, so that rows may come in any order and none must be remembered. */
export interface RowsDigest {
  /** Takes the first two words of the key's digest and both of the row's. */
  add(ordinal: number, key0: number, key1: number, row0: number, row1: number): void;
  hex(): string;
}

export function newRowsDigest(): RowsDigest {
  let low = 0;
  let high = 0;
  let rows = 0;
  return {
    add(ordinal, key0, key1, row0, row1) {
      // Keys and rows are digests already; the place makes an exchange of two rows show.
      const first = finish(Math.imul(ordinal + 1, SPREAD) ^ key0 ^ row0);
      low = (low + first) | 0;
      high = (high + finish((first + (key1 ^ row1)) | 0)) | 0;
      rows++;
    },
    hex: () => [low, high, rows].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join(""),
  };
}

/** 2 ** 32 divided by the golden ratio: neighbouring places land far apart. */
const SPREAD = 0x9e3779b1;

/** The finalizer of MurmurHash3: each bit of the input changes half of the output. */
function finish(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
