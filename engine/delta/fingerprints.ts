/** Fingerprints of rows, column-major: what a segment file holds and what staging collects.
 *  Keys are 128 bits, rows 64, fields 16 bits each (for the plan's histogram only). */
export interface Fingerprints {
  readonly count: number;
  /** Four words each. */
  readonly keys: Uint32Array;
  /** Two words each. */
  readonly rows: Uint32Array;
  /** FLAG_* bits. */
  readonly flags: Uint8Array;
  /** `columns.length` each. */
  readonly fields: Uint16Array;
  readonly columns: readonly string[];
}

/** Salesforce may or may not have applied this row: its digest is not to be believed. */
export const FLAG_DOUBT = 1;

/** Mirror deleted the record: the key is known no more. Together with FLAG_DOUBT: perhaps it did. */
export const FLAG_GONE = 2;

/** Segments and passes are cut by the first 6 bits of the key, so that one part fits in memory. */
export const PARTS = 64;
export const PART_SHIFT = 26;

export function emptyFingerprints(count: number, columns: readonly string[]): Fingerprints {
  return {
    count,
    keys: new Uint32Array(count * 4),
    rows: new Uint32Array(count * 2),
    flags: new Uint8Array(count),
    fields: new Uint16Array(count * columns.length),
    columns,
  };
}

export function copyFingerprint(
  from: Fingerprints,
  fromIndex: number,
  to: Fingerprints,
  toIndex: number,
): void {
  for (let i = 0; i < 4; i++) to.keys[toIndex * 4 + i] = from.keys[fromIndex * 4 + i] ?? 0;
  for (let i = 0; i < 2; i++) to.rows[toIndex * 2 + i] = from.rows[fromIndex * 2 + i] ?? 0;
  to.flags[toIndex] = from.flags[fromIndex] ?? 0;
  const width = from.columns.length;
  for (let i = 0; i < width; i++) {
    to.fields[toIndex * width + i] = from.fields[fromIndex * width + i] ?? 0;
  }
}

/** The order in which the fingerprints are sorted by key: a radix sort by the first word, 11 bits at a
 *  time, and then the few that share it by the others. */
export function keyOrder({ count, keys }: Fingerprints): Uint32Array {
  let from = new Uint32Array(count);
  let to = new Uint32Array(count);
  for (let i = 0; i < count; i++) from[i] = i;
  const places = new Uint32Array(RADIX);
  for (let shift = 0; shift < 32; shift += RADIX_BITS) {
    places.fill(0);
    for (let i = 0; i < count; i++) {
      const digit = ((keys[i * 4] as number) >>> shift) & (RADIX - 1);
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

/** The fingerprints in another order. */
export function reordered(prints: Fingerprints, order: Uint32Array): Fingerprints {
  const { count, keys, rows, flags, fields, columns } = prints;
  const into = emptyFingerprints(count, columns);
  const width = columns.length;
  for (let i = 0; i < count; i++) {
    const from = order[i] as number;
    into.keys[i * 4] = keys[from * 4] as number;
    into.keys[i * 4 + 1] = keys[from * 4 + 1] as number;
    into.keys[i * 4 + 2] = keys[from * 4 + 2] as number;
    into.keys[i * 4 + 3] = keys[from * 4 + 3] as number;
    into.rows[i * 2] = rows[from * 2] as number;
    into.rows[i * 2 + 1] = rows[from * 2 + 1] as number;
    into.flags[i] = flags[from] as number;
    for (let c = 0; c < width; c++) into.fields[i * width + c] = fields[from * width + c] as number;
  }
  return into;
}

export function compareKeys(a: Uint32Array, ai: number, b: Uint32Array, bi: number): number {
  for (let i = 0; i < 4; i++) {
    const difference = (a[ai * 4 + i] ?? 0) - (b[bi * 4 + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

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
