/** Rows to send, counted by field. */
export interface FieldTally {
  readonly columns: readonly string[];
  /** What each column's field digest is when the cell erases the field. */
  readonly clearDigests: Uint16Array;
  /** Added to: changed rows that differ in the field. */
  readonly changes: Float64Array;
  /** Added to: rows that would erase the field and did not before. */
  readonly cleared: Float64Array;
}

export function newFieldTally(columns: readonly string[], clearDigests: Uint16Array): FieldTally {
  const [changes, cleared] = [new Float64Array(columns.length), new Float64Array(columns.length)];
  return { columns, clearDigests, changes, cleared };
}

/** A changed row: its field digests from `at`, and those that are known from `wasAt`. */
export function tallyChanged(
  tally: FieldTally,
  fields: Uint16Array,
  at: number,
  was: Uint16Array,
  wasAt: number,
): void {
  const { changes, cleared, clearDigests } = tally;
  for (let i = 0; i < changes.length; i++) {
    const now = fields[at + i];
    if (was[wasAt + i] === now) continue;
    changes[i] = (changes[i] ?? 0) + 1;
    if (now === clearDigests[i]) cleared[i] = (cleared[i] ?? 0) + 1;
  }
}

/** A new row erases what the record may hold already: an upsert can meet one that we never sent. */
export function tallyNew(
  { cleared, clearDigests }: FieldTally,
  fields: Uint16Array,
  at: number,
): void {
  for (let i = 0; i < clearDigests.length; i++) {
    if (fields[at + i] === clearDigests[i]) cleared[i] = (cleared[i] ?? 0) + 1;
  }
}
