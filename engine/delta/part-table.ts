import type { KnownPrints } from "./known-prints.ts";

/** The keys of one part as entries: first what the state knows (entry = its place), then keys that only
 *  the source has (entry = count of known + place of the first record with it). */
export interface PartTable {
  /** Starts anew. Records have their key in their first four of `width` words. */
  fill(known: KnownPrints, records: Uint32Array, width: number): void;
  /** Different keys that the state knows. */
  readonly knownKeys: number;
  /** The entry of each record. */
  readonly entryOf: Int32Array;
  /** 1 for known entries that a newer one of the same key took the place of. */
  readonly outdated: Uint8Array;
  /** By entry, -1 at first: for who decides. */
  readonly seen: Int32Array;
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
    fill(known: KnownPrints, records: Uint32Array, width: number): void {
      const count = known.count;
      const recordCount = records.length / width;
      const entries = count + recordCount;
      let capacity = 16;
      while (capacity < entries * 2) capacity *= 2;
      if (slots.length < capacity) slots = new Int32Array(capacity);
      if (table.seen.length < entries) {
        table.seen = new Int32Array(capacity);
        table.entryOf = new Int32Array(capacity);
        table.outdated = new Uint8Array(capacity);
      }
      slots.fill(NONE, 0, capacity);
      table.seen.fill(NONE, 0, entries);
      table.outdated.fill(0, 0, count);
      table.knownKeys = addKnown(known, slots, capacity - 1, table.outdated);
      addRecords(known, records, width, slots, capacity - 1, table.entryOf);
    },
  };
  return table;
}

const NONE = -1;

/** Gives how many different keys there are. */
function addKnown(
  { keys, count }: KnownPrints,
  slots: Int32Array,
  mask: number,
  outdated: Uint8Array,
): number {
  let different = count;
  for (let entry = 0; entry < count; entry++) {
    const at = entry * 4;
    let slot = (keys[at + 1] as number) & mask;
    for (;;) {
      const other = slots[slot] as number;
      if (other < 0) break;
      if (isSameKey(keys, at, keys, other * 4)) {
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
  { keys, count }: KnownPrints,
  records: Uint32Array,
  width: number,
  slots: Int32Array,
  mask: number,
  entryOf: Int32Array,
): void {
  for (let at = 0, i = 0; at < records.length; at += width, i++) {
    let slot = (records[at + 1] as number) & mask;
    let entry = slots[slot] as number;
    while (entry >= 0) {
      const same =
        entry < count
          ? isSameKey(records, at, keys, entry * 4)
          : isSameKey(records, at, records, (entry - count) * width);
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
