/** Says of a key that it was certainly not added, or that it may have been: two bits a key in a table of
 *  bits. Who gets "may be" looks closer. */
export interface KeyFilter {
  add(keys: Uint32Array, at: number): void;
  mayHave(keys: Uint32Array, at: number): boolean;
}

/** For about so many keys; with more it only says "may be" more often. */
export function newKeyFilter(keysExpected: number): KeyFilter {
  let bits = 1024;
  while (bits < keysExpected * BITS_PER_KEY && bits < BITS_MAX) bits *= 2;
  const words = new Uint32Array(bits / 32);
  const mask = bits - 1;
  // The first word of a key chooses its part: the bits of all parts would crowd together.
  return {
    add(keys, at) {
      const a = (keys[at + 1] as number) & mask;
      const b = (keys[at + 2] as number) & mask;
      words[a >>> 5] = (words[a >>> 5] as number) | (1 << (a & 31));
      words[b >>> 5] = (words[b >>> 5] as number) | (1 << (b & 31));
    },
    mayHave(keys, at) {
      const a = (keys[at + 1] as number) & mask;
      if ((((words[a >>> 5] as number) >>> (a & 31)) & 1) === 0) return false;
      const b = (keys[at + 2] as number) & mask;
      return (((words[b >>> 5] as number) >>> (b & 31)) & 1) === 1;
    },
  };
}

/** Two keys of a hundred are then taken for ones that were added. */
const BITS_PER_KEY = 16;
/** 16 MiB. */
const BITS_MAX = 2 ** 27;
