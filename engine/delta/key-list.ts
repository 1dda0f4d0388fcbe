/** Keys by their digest, each with a few words beside it, as numbers and not as objects: an entry takes
 *  16 bytes and 4 for each word, and 5 to 11 bytes of index. A million keys with packed Ids are 39 MB at
 *  most, a tenth of what a `Map` of texts takes. */
export interface KeyList {
  readonly count: number;
  /** The place of a key: four words from `at`. -1: it is not there. */
  find(keys: Uint32Array, at: number): number;
  /** The place of a key, which is added when it is not there. A new entry's words are 0. */
  add(keys: Uint32Array, at: number): number;
  /** Words 0 to 3 of an entry are its key, those after it what stands beside it. */
  word(place: number, word: number): number;
  setWord(place: number, word: number, value: number): void;
}

/** Words of a key's digest. */
export const KEY_WORDS = 4;

export function newKeyList(wordsBeside: number): KeyList {
  const width = KEY_WORDS + wordsBeside;
  // Entries stay where they are: a list that doubles would need its memory twice over.
  const blocks: Uint32Array[] = [];
  let index = new Uint32Array(INDEX_START);
  let count = 0;
  const blockOf = (place: number) => blocks[place >>> BLOCK_BITS] as Uint32Array;
  const offsetOf = (place: number) => (place & (BLOCK_ENTRIES - 1)) * width;
  const word = (place: number, at: number) => blockOf(place)[offsetOf(place) + at] ?? 0;
  const holds = (place: number, keys: Uint32Array, at: number) => {
    const block = blockOf(place);
    const offset = offsetOf(place);
    for (let i = 0; i < KEY_WORDS; i++) {
      if (block[offset + i] !== keys[at + i]) return false;
    }
    return true;
  };
  /** The slot of a key, or the free one where it would go. Digests are spread evenly already. */
  const slotOf = (keys: Uint32Array, at: number) => {
    const mask = index.length - 1;
    let slot = (keys[at + KEY_WORDS - 1] ?? 0) & mask;
    for (; index[slot] !== FREE; slot = (slot + 1) & mask) {
      if (holds((index[slot] ?? 0) - 1, keys, at)) return slot;
    }
    return slot;
  };
  const grow = () => {
    index = new Uint32Array(index.length * 2);
    const mask = index.length - 1;
    for (let place = 0; place < count; place++) {
      let slot = word(place, KEY_WORDS - 1) & mask;
      while (index[slot] !== FREE) slot = (slot + 1) & mask;
      index[slot] = place + 1;
    }
  };
  return {
    get count() {
      return count;
    },
    find: (keys, at) => (index[slotOf(keys, at)] ?? FREE) - 1,
    add(keys, at) {
      if (count >= index.length * LOAD_MAX) grow();
      const slot = slotOf(keys, at);
      const before = index[slot] ?? FREE;
      if (before !== FREE) return before - 1;
      const place = count++;
      if (blocks.length <= place >>> BLOCK_BITS) {
        blocks.push(new Uint32Array(BLOCK_ENTRIES * width));
      }
      blockOf(place).set(keys.subarray(at, at + KEY_WORDS), offsetOf(place));
      index[slot] = place + 1;
      return place;
    },
    word,
    setWord(place, at, value) {
      blockOf(place)[offsetOf(place) + at] = value;
    },
  };
}

const BLOCK_BITS = 14;
const BLOCK_ENTRIES = 1 << BLOCK_BITS;
const INDEX_START = 1 << 10;
const LOAD_MAX = 0.75;
const FREE = 0;
