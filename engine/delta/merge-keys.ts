import { PART_SHIFT, PARTS } from "./fingerprints.ts";
import { newKeyFilter } from "./key-filter.ts";
import { newKeyTable } from "./key-table.ts";
import { countIn, type KnownSegments } from "./known-segments.ts";
import { newPartBuffers, type PartBuffers } from "./part-buffers.ts";
import type { SegmentReader } from "./segment-file.ts";

/** What a merge does with the fingerprints outside the base, counted through from the oldest. */
export interface MergedKeys {
  /** The place in the base that the fingerprint takes over; -1: none. */
  placeOf(n: number): number;
  /** The base does not have its key, and it is the newest that has it. */
  isAdded(n: number): boolean;
}

const DROPPED = -1;
const ADDED = -2;

/** Words: key (4), the fingerprint's number by age, its place in the base or number outside of it. */
const WIDTH = 6;

/** Decides, for each key that is outside of the base, which of its fingerprints is the newest. */
export function settleKeys(known: KnownSegments, folder: string): MergedKeys {
  const others = [...known.older, ...known.newer];
  const fates = new Int32Array(countIn(others)).fill(DROPPED);
  const parts = newPartBuffers({ wordsPerRow: WIDTH, folder });
  try {
    const base = scatter(known, parts);
    for (let part = 0; part < PARTS; part++) settlePart(parts.rows(part), base, fates);
  } finally {
    parts.close();
  }
  return {
    placeOf: (n) => fates[n] as number,
    isAdded: (n) => fates[n] === ADDED,
  };
}

/** The numbers by age that the base has. */
interface BaseAges {
  readonly from: number;
  readonly to: number;
}

function scatter(known: KnownSegments, parts: PartBuffers): BaseAges {
  const { words } = parts;
  const filter = newKeyFilter(countIn(known.older) + countIn(known.newer));
  let age = 0;
  let n = 0;
  const add = (keys: Uint32Array, at: number, place: number) => {
    const to = parts.reserve((keys[at] as number) >>> PART_SHIFT);
    for (let i = 0; i < 4; i++) words[to + i] = keys[at + i] as number;
    words[to + 4] = age;
    words[to + 5] = place;
  };
  const addOthers = (segments: readonly SegmentReader[]) =>
    eachKey(segments, (keys, at) => {
      add(keys, at, n++);
      age++;
    });
  eachKey([...known.older, ...known.newer], filter.add);
  addOthers(known.older);
  const from = age;
  eachKey(known.base, (keys, at) => {
    if (filter.mayHave(keys, at)) add(keys, at, age - from);
    age++;
  });
  const base = { from, to: age };
  addOthers(known.newer);
  return base;
}

function eachKey(
  segments: readonly SegmentReader[],
  tell: (keys: Uint32Array, at: number) => void,
): void {
  for (const segment of segments) {
    for (let group = 0; group < segment.groups; group++) {
      const { keys, count } = segment.heads(group);
      for (let i = 0; i < count; i++) tell(keys, i * 4);
    }
  }
}

/** The rows of a part come by age: the last one of a key is its newest. */
function settlePart(rows: Uint32Array, base: BaseAges, fates: Int32Array): void {
  const count = rows.length / WIDTH;
  const table = newKeyTable(count);
  const inBase = new Int32Array(table.capacity).fill(-1);
  for (let i = 0; i < count; i++) {
    const at = i * WIDTH;
    table.put(rows, at, 0, i);
    const age = rows[at + 4] as number;
    if (age < base.from || age >= base.to) continue;
    inBase[table.find(rows, at)] = rows[at + 5] as number;
  }
  for (let i = 0; i < count; i++) {
    const slot = table.find(rows, i * WIDTH);
    const age = rows[i * WIDTH + 4] as number;
    if (table.placeOf(slot) !== i || (age >= base.from && age < base.to)) continue;
    const place = inBase[slot] as number;
    fates[rows[i * WIDTH + 5] as number] = place < 0 ? ADDED : place;
  }
}
