import { PART_SHIFT, PARTS } from "./fingerprints.ts";
import { newKeyFilter } from "./key-filter.ts";
import { KEY_WORDS, newKeyList } from "./key-list.ts";
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
  const newest = newKeyList(2);
  for (let i = 0; i < count; i++) {
    const at = i * WIDTH;
    const key = newest.add(rows, at);
    newest.setWord(key, NEWEST, i);
    if (isOfBase(rows, at, base)) newest.setWord(key, IN_BASE, (rows[at + 5] as number) + 1);
  }
  for (let key = 0; key < newest.count; key++) {
    const at = newest.word(key, NEWEST) * WIDTH;
    if (isOfBase(rows, at, base)) continue;
    const place = newest.word(key, IN_BASE) - 1;
    fates[rows[at + 5] as number] = place < 0 ? ADDED : place;
  }
}

/** Words beside a key: the row that is its newest, and its place in the base plus 1 (0: none). */
const NEWEST = KEY_WORDS;
const IN_BASE = KEY_WORDS + 1;

function isOfBase(rows: Uint32Array, at: number, { from, to }: BaseAges): boolean {
  const age = rows[at + 4] as number;
  return age >= from && age < to;
}
