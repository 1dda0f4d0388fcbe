/** The keys of one part as entries: first what the state knows (entry = its place), then keys that only
 *  the source has (entry = count of known + place of the first record with it). */
export interface PartTable {
  /** Starts anew. Both lists have their key in the first four of `width` words. */
  fill(known: Records, source: Records): void;
  /** Different keys that the state knows. */
  readonly knownKeys: number;
  /** The entry of each record of the source. */
  readonly entryOf: Int32Array;
  /** 1 for known entries that a newer one of the same key took the place of. */
  readonly outdated: Uint8Array;
  /** By entry, -1 at first: for who decides. */
  readonly seen: Int32Array;
}

export interface Records {
  readonly words: Uint32Array;
  /** Words of a record. */
  readonly width: number;
}

/** Open addressing in typed arrays that are used again for every part. The slots hold entries, not
 *  keys, which are compared where they lie. */
export function newPartTable(): PartTable {
  let slots = new Int32Array(0);
  const table = {
    knownKeys: 0,
    entryOf: new Int32Array(0),
    outdated: new Uint8Array(0),
    seen: new Int32Array(0),
    fill(known: Records, source: Records): void {
      const count = known.words.length / known.width;
      const rows = source.words.length / source.width;
      const entries = count + rows;
      let capacity = 16;
      while (capacity < entries * SLOTS_PER_ENTRY) capacity *= 2;
      if (slots.length < capacity) slots = new Int32Array(capacity);
      if (table.seen.length < entries) table.seen = new Int32Array(roomFor(entries));
      if (table.entryOf.length < rows) table.entryOf = new Int32Array(roomFor(rows));
      if (table.outdated.length < count) table.outdated = new Uint8Array(roomFor(count));
      slots.fill(NONE, 0, capacity);
      table.seen.fill(NONE, 0, entries);
      table.outdated.fill(0, 0, count);
      table.knownKeys = addKnown(known, slots, capacity - 1, table.outdated);
      addRecords(known, source, slots, capacity - 1, table.entryOf);
    },
  };
  return table;
}

const NONE = -1;
const SLOTS_PER_ENTRY = 1.5;

/** Parts are of about the same size. */
function roomFor(count: number): number {
  return Math.ceil(count * 1.1);
}

/** Gives how many different keys there are. */
function addKnown(
  { words, width }: Records,
  slots: Int32Array,
  mask: number,
  outdated: Uint8Array,
): number {
  const count = words.length / width;
  let different = count;
  for (let entry = 0; entry < count; entry++) {
    const at = entry * width;
    let slot = (words[at + 1] as number) & mask;
    for (;;) {
      const other = slots[slot] as number;
      if (other < 0) break;
      if (isSameKey(words, at, words, other * width)) {
        outdated[other] = 1;
        different--;
        break;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = entry;
  }
  return different;
}

function addRecords(
  known: Records,
  { words, width }: Records,
  slots: Int32Array,
  mask: number,
  entryOf: Int32Array,
): void {
  const count = known.words.length / known.width;
  for (let at = 0, i = 0; at < words.length; at += width, i++) {
    let slot = (words[at + 1] as number) & mask;
    let entry = slots[slot] as number;
    while (entry >= 0) {
      const same =
        entry < count
          ? isSameKey(words, at, known.words, entry * known.width)
          : isSameKey(words, at, words, (entry - count) * width);
      if (same) break;
      slot = (slot + 1) & mask;
      entry = slots[slot] as number;
    }
    if (entry < 0) {
      entry = count + i;
      slots[slot] = entry;
    }
    entryOf[i] = entry;
  }
}

function isSameKey(a: Uint32Array, at: number, b: Uint32Array, bt: number): boolean {
  return (
    a[at] === b[bt] && a[at + 1] === b[bt + 1] && a[at + 2] === b[bt + 2] && a[at + 3] === b[bt + 3]
  );
}
