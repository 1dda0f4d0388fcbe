import {
  compareKeys,
  emptyFingerprints,
  type Fingerprints,
  PART_SHIFT,
  PARTS,
} from "./fingerprints.ts";

/** Sorts fingerprints by key, in place, and gives where each part begins (and the last one ends). First
 *  they go into their parts, which reads and writes memory in order; a part then fits a processor's
 *  cache while it is sorted. */
export function sortFingerprints(prints: Fingerprints): number[] {
  const parts = countParts(prints);
  const scattered = takeScratch(prints);
  const next = Uint32Array.from(parts);
  const move = mover(prints, scattered);
  for (let i = 0; i < prints.count; i++) {
    const part = (prints.keys[i * 4] as number) >>> PART_SHIFT;
    const to = next[part] as number;
    next[part] = to + 1;
    move(i, to);
  }
  const back = mover(scattered, prints);
  for (let part = 0; part < PARTS; part++) {
    const from = parts[part] as number;
    const order = keyOrder(scattered.keys, from, parts[part + 1] as number);
    for (let i = 0; i < order.length; i++) back(order[i] as number, from + i);
  }
  return parts;
}

/** Kept from chunk to chunk: the collector comes too late for arrays of this size. */
let scratch: Fingerprints | null = null;

function takeScratch({ count, columns }: Fingerprints): Fingerprints {
  if (scratch === null || scratch.count < count || scratch.columns.length !== columns.length) {
    scratch = emptyFingerprints(count, columns);
  }
  return scratch;
}

function countParts({ count, keys }: Fingerprints): number[] {
  const parts = new Array<number>(PARTS + 1).fill(0);
  for (let i = 0; i < count; i++) {
    const part = (keys[i * 4] as number) >>> PART_SHIFT;
    parts[part + 1] = (parts[part + 1] as number) + 1;
  }
  for (let i = 1; i <= PARTS; i++) parts[i] = (parts[i] as number) + (parts[i - 1] as number);
  return parts;
}

/** Gives the function that copies one fingerprint. Fields go two at a time where that is possible. */
function mover(from: Fingerprints, to: Fingerprints): (at: number, into: number) => void {
  const { keys, rows, flags } = from;
  const width = from.columns.length;
  const paired =
    width % 2 === 0 && from.fields.byteOffset % 4 === 0 && to.fields.byteOffset % 4 === 0;
  const fields = paired ? words(from.fields) : from.fields;
  const toFields = paired ? words(to.fields) : to.fields;
  const step = paired ? width / 2 : width;
  return (at, into) => {
    to.keys[into * 4] = keys[at * 4] as number;
    to.keys[into * 4 + 1] = keys[at * 4 + 1] as number;
    to.keys[into * 4 + 2] = keys[at * 4 + 2] as number;
    to.keys[into * 4 + 3] = keys[at * 4 + 3] as number;
    to.rows[into * 2] = rows[at * 2] as number;
    to.rows[into * 2 + 1] = rows[at * 2 + 1] as number;
    to.flags[into] = flags[at] as number;
    for (let i = 0; i < step; i++) toFields[into * step + i] = fields[at * step + i] as number;
  };
}

function words({ buffer, byteOffset, length }: Uint16Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 2);
}

/** The places from `start` to `end` in the order of their keys: a radix sort by the first word, 11 bits
 *  at a time, and then the few that share it by the others. */
function keyOrder(keys: Uint32Array, start: number, end: number): Uint32Array {
  const count = end - start;
  let from = new Uint32Array(count);
  let to = new Uint32Array(count);
  for (let i = 0; i < count; i++) from[i] = start + i;
  const places = new Uint32Array(RADIX);
  // The first bits of the third digit are the part's, the same for all.
  for (let shift = 0; shift < 32; shift += RADIX_BITS) {
    places.fill(0);
    for (let i = 0; i < count; i++) {
      const digit = ((keys[(start + i) * 4] as number) >>> shift) & (RADIX - 1);
      places[digit] = (places[digit] as number) + 1;
    }
    let next = 0;
    for (let digit = 0; digit < RADIX; digit++) {
      const here = places[digit] as number;
      places[digit] = next;
      next += here;
    }
    for (let i = 0; i < count; i++) {
      const entry = from[i] as number;
      const digit = ((keys[entry * 4] as number) >>> shift) & (RADIX - 1);
      const place = places[digit] as number;
      to[place] = entry;
      places[digit] = place + 1;
    }
    [from, to] = [to, from];
  }
  settleTies(from, keys);
  return from;
}

const RADIX_BITS = 11;
const RADIX = 1 << RADIX_BITS;

/** Neighbours with an equal first word are rare: one insertion sort puts them right. */
function settleTies(order: Uint32Array, keys: Uint32Array): void {
  for (let i = 1; i < order.length; i++) {
    const moving = order[i] as number;
    if ((keys[(order[i - 1] as number) * 4] as number) !== keys[moving * 4]) continue;
    let j = i;
    while (j > 0 && compareKeys(keys, order[j - 1] ?? 0, keys, moving) > 0) {
      order[j] = order[j - 1] ?? 0;
      j--;
    }
    order[j] = moving;
  }
}
