/** Fingerprints of rows, column-major: what a segment file holds, group by group.
 *  Keys are 128 bits, rows 64, fields 16 bits each (for the plan's histogram only). */
export interface Fingerprints extends PrintHeads {
  /** `columns.length` each. */
  readonly fields: Uint16Array;
  readonly columns: readonly string[];
}

/** What decides: fingerprints without their fields. */
export interface PrintHeads {
  readonly count: number;
  /** Four words each. */
  readonly keys: Uint32Array;
  /** Two words each. */
  readonly rows: Uint32Array;
  /** FLAG_* bits. */
  readonly flags: Uint8Array;
}

/** Salesforce may or may not have applied this row: its digest is not to be believed. */
export const FLAG_DOUBT = 1;

/** Mirror deleted or updated the record: the key is known no more. Together with FLAG_DOUBT: perhaps it
 *  did. */
export const FLAG_GONE = 2;

/** What can't be decided in the order of the rows is cut by the first 6 bits of the key, so that one
 *  part fits in memory. */
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
