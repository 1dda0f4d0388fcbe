/** An open-addressing table from 128-bit keys to where their fingerprint stands. Typed arrays only:
 *  a JavaScript Map would take four times the memory and an object a key. */
export interface KeyTable {
  readonly capacity: number;
  /** Keys in the table. */
  size(): number;
  /** Notes that the key at `keys[at..at+3]` has its newest fingerprint there. */
  put(keys: Uint32Array, at: number, segment: number, place: number): void;
  /** The slot of the key, added without a fingerprint if it is not there. */
  findOrAdd(keys: Uint32Array, at: number): number;
  /** The slot of the key; -1 when it is not there. */
  find(keys: Uint32Array, at: number): number;
  /** -1 when the state does not know the key. */
  segmentOf(slot: number): number;
  placeOf(slot: number): number;
}

export function newKeyTable(keysMax: number): KeyTable {
  let capacity = 16;
  while (capacity < keysMax * 2) capacity *= 2;
  const mask = capacity - 1;
  const keys = new Uint32Array(capacity * 4);
  const used = new Uint8Array(capacity);
  const segments = new Int16Array(capacity).fill(-1);
  const places = new Uint32Array(capacity);
  let size = 0;

  /** The key's slot, or the free one where it belongs. */
  const probe = (from: Uint32Array, at: number): number => {
    const k0 = from[at] ?? 0;
    const k1 = from[at + 1] ?? 0;
    const k2 = from[at + 2] ?? 0;
    const k3 = from[at + 3] ?? 0;
    let slot = k1 & mask;
    while (used[slot] === 1) {
      const i = slot * 4;
      if (keys[i] === k0 && keys[i + 1] === k1 && keys[i + 2] === k2 && keys[i + 3] === k3) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  };
  const findOrAdd = (from: Uint32Array, at: number): number => {
    const slot = probe(from, at);
    if (used[slot] === 1) return slot;
    used[slot] = 1;
    size++;
    for (let i = 0; i < 4; i++) keys[slot * 4 + i] = from[at + i] ?? 0;
    return slot;
  };

  return {
    capacity,
    size: () => size,
    put(from, at, segment, place) {
      const slot = findOrAdd(from, at);
      segments[slot] = segment;
      places[slot] = place;
    },
    findOrAdd,
    find(from, at) {
      const slot = probe(from, at);
      return used[slot] === 1 ? slot : -1;
    },
    segmentOf: (slot) => segments[slot] ?? -1,
    placeOf: (slot) => places[slot] ?? 0,
  };
}
