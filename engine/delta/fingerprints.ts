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

/** Mirror deleted or updated the record: the key is known no more. Together with FLAG_DOUBT: perhaps it
 *  did. */
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

export function compareKeys(a: Uint32Array, ai: number, b: Uint32Array, bi: number): number {
  for (let i = 0; i < 4; i++) {
    const difference = (a[ai * 4 + i] ?? 0) - (b[bi * 4 + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
