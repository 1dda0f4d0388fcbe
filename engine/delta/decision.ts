/** What is done with a source row: one of these for each, by its ordinal over all files. Stored with a
 *  run, so the numbers are never changed. */
export const DECIDED_FILTERED = 1;
export const DECIDED_INVALID = 2;
export const DECIDED_DUPLICATE = 3;
export const DECIDED_UNCHANGED = 4;
export const DECIDED_NEW = 5;
export const DECIDED_CHANGED = 6;
/** An insert whose fate is not known: never sent again by itself. */
export const DECIDED_UNKNOWN = 7;

/** They add up to `source`. `unknown` rows are a part of no other count. */
export interface DecisionCounts {
  readonly source: number;
  readonly filtered: number;
  readonly invalid: number;
  readonly duplicate: number;
  readonly unchanged: number;
  readonly new: number;
  readonly changed: number;
  readonly unknown: number;
}

export function countDecisions(byRow: Uint8Array): DecisionCounts {
  const n = new Array<number>(8).fill(0);
  for (let i = 0; i < byRow.length; i++) {
    const decision = byRow[i] ?? 0;
    n[decision] = (n[decision] ?? 0) + 1;
  }
  return {
    source: byRow.length,
    filtered: n[DECIDED_FILTERED] ?? 0,
    invalid: n[DECIDED_INVALID] ?? 0,
    duplicate: n[DECIDED_DUPLICATE] ?? 0,
    unchanged: n[DECIDED_UNCHANGED] ?? 0,
    new: n[DECIDED_NEW] ?? 0,
    changed: n[DECIDED_CHANGED] ?? 0,
    unknown: n[DECIDED_UNKNOWN] ?? 0,
  };
}

/** Is the row sent? */
export function isSent(decision: number | undefined): boolean {
  return decision === DECIDED_NEW || decision === DECIDED_CHANGED;
}
