import type { DuplicatePolicy, Operation } from "../config/sync-spec.ts";
import {
  DECIDED_CHANGED,
  DECIDED_DUPLICATE,
  DECIDED_NEW,
  DECIDED_UNCHANGED,
  DECIDED_UNKNOWN,
  isSent,
} from "./decision.ts";
import { type FieldTally, tallyChanged, tallyNew } from "./field-tally.ts";
import { FLAG_DOUBT, FLAG_GONE } from "./fingerprints.ts";
import { KNOWN_WORDS, NO_ROW, wasAcknowledged } from "./known-parts.ts";
import { newPartTable, type PartTable } from "./part-table.ts";
import type { RowsDigest } from "./rows-digest.ts";

/** Words of a source row before its field digests: key (4), row (2), ordinal. */
export const ROW_WORDS = 7;

export interface PartRules {
  readonly operation: Operation;
  readonly duplicates: DuplicatePolicy;
  readonly full: boolean;
  readonly resendUnknown: boolean;
  readonly tally: FieldTally;
  changedAfterInsert: number;
  knownKeys: number;
  /** Called with each acknowledged key that the source does not have; null: nobody asks. */
  readonly onDeparted: ((keys: Uint32Array, at: number) => void) | null;
}

export interface DeciderInput {
  readonly rules: PartRules;
  /** Filled: one decision a row of the source. */
  readonly byRow: Uint8Array;
  /** Told of each row to send. */
  readonly digest: RowsDigest;
  /** Words of field digests in a record; 0 where the state knows no row. */
  readonly fieldWords: number;
}

interface Part extends DeciderInput {
  /** Rows of the source, of ROW_WORDS and their field digests. */
  readonly rows: Uint32Array<ArrayBuffer>;
  readonly width: number;
  /** Fingerprints, of KNOWN_WORDS and their field digests. */
  readonly known: Uint32Array<ArrayBuffer>;
  readonly knownWidth: number;
  readonly knownCount: number;
  readonly table: PartTable;
}

/** Gives the function that decides the rows of one part. Its tables are kept from part to part. */
export function newPartDecider(
  input: DeciderInput,
): (rows: Uint32Array<ArrayBuffer>, known: Uint32Array<ArrayBuffer>) => void {
  const table = newPartTable();
  const { rules, fieldWords } = input;
  const width = ROW_WORDS + fieldWords;
  const knownWidth = KNOWN_WORDS + fieldWords;
  return (rows, known) => {
    table.fill({ words: known, width: knownWidth }, { words: rows, width });
    const knownCount = known.length / knownWidth;
    const part = { ...input, width, rows, known, knownWidth, knownCount, table };
    rules.knownKeys += table.knownKeys - countGone(part);
    noteSeen(part);
    decideRows(part);
    if (fieldWords > 0) countChanges(part);
    noteSent(part);
    if (rules.onDeparted !== null) tellDeparted(part, rules.onDeparted);
  };
}

/** Keys whose newest fingerprint says that mirror dealt with their record. */
function countGone({ known, knownWidth, knownCount, table }: Part): number {
  let count = 0;
  for (let i = 0; i < knownCount; i++) {
    if (known[i * knownWidth + 6] === FLAG_GONE && table.outdated[i] === 0) count++;
  }
  return count;
}

/** Rows that were decided while they came hold their keys. */
function noteSeen({ known, knownWidth, knownCount, table }: Part): void {
  for (let i = 0; i < knownCount; i++) {
    const row = known[i * knownWidth + 7] as number;
    if (row !== NO_ROW) table.seen[i] = row;
  }
}

function decideRows(part: Part): void {
  const { rules, byRow, width, rows, knownCount, table } = part;
  const { duplicates } = rules;
  const { entryOf, seen } = table;
  for (let at = 0, i = 0; at < rows.length; at += width, i++) {
    const ordinal = rows[at + 6] as number;
    const entry = entryOf[i] as number;
    const before = seen[entry] as number;
    if (before >= 0) {
      // A row that was decided while it came may stand behind this one.
      const keeps = duplicates === "first" ? ordinal < before : ordinal > before;
      const replaces = duplicates !== "reject" && keeps;
      if (duplicates === "reject" || replaces) byRow[before] = DECIDED_DUPLICATE;
      if (!replaces) {
        byRow[ordinal] = DECIDED_DUPLICATE;
        continue;
      }
    }
    seen[entry] = ordinal;
    byRow[ordinal] = entry < knownCount ? decideKnown(part, entry, at) : DECIDED_NEW;
  }
}

function decideKnown(part: Part, entry: number, at: number): number {
  const { operation, resendUnknown, full } = part.rules;
  const flags = part.known[entry * part.knownWidth + 6] as number;
  if ((flags & FLAG_GONE) !== 0) return DECIDED_NEW;
  const doubt = (flags & FLAG_DOUBT) !== 0;
  if (operation === "insert") {
    if (doubt) return resendUnknown ? DECIDED_NEW : DECIDED_UNKNOWN;
    return DECIDED_UNCHANGED;
  }
  // A delete has no content that could differ: its key, written otherwise, is the same key.
  const same = operation === "delete" || isSameRow(part, entry, at);
  return same && !doubt && !full ? DECIDED_UNCHANGED : DECIDED_CHANGED;
}

function isSameRow({ known, knownWidth, rows }: Part, entry: number, at: number): boolean {
  const was = entry * knownWidth;
  return known[was + 4] === rows[at + 4] && known[was + 5] === rows[at + 5];
}

/** After all duplicates are known: which fields differ in the rows that stayed `changed`. */
function countChanges(part: Part): void {
  const { rules, byRow, width, rows, known, knownWidth, knownCount, table } = part;
  const inserts = rules.operation === "insert";
  const fields = halvesOf(rows);
  const was = halvesOf(known);
  for (let at = 0, i = 0; at < rows.length; at += width, i++) {
    const decision = byRow[rows[at + 6] as number];
    const own = (at + ROW_WORDS) * 2;
    if (decision === DECIDED_NEW) {
      tallyNew(rules.tally, fields, own);
      continue;
    }
    if (decision !== DECIDED_CHANGED && !(inserts && decision === DECIDED_UNCHANGED)) continue;
    const entry = table.entryOf[i] as number;
    if (entry >= knownCount) continue;
    if (decision === DECIDED_CHANGED) {
      tallyChanged(rules.tally, fields, own, was, (entry * knownWidth + KNOWN_WORDS) * 2);
    } else if (!isSameRow(part, entry, at)) rules.changedAfterInsert++;
  }
}

function halvesOf({ buffer, byteOffset, length }: Uint32Array<ArrayBuffer>): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length * 2);
}

function noteSent({ byRow, digest, width, rows }: Part): void {
  for (let at = 0; at < rows.length; at += width) {
    const ordinal = rows[at + 6] as number;
    if (!isSent(byRow[ordinal])) continue;
    digest.add(
      ordinal,
      rows[at] as number,
      rows[at + 1] as number,
      rows[at + 4] as number,
      rows[at + 5] as number,
    );
  }
}

function tellDeparted(
  { known, knownWidth, knownCount, table }: Part,
  onDeparted: (keys: Uint32Array, at: number) => void,
): void {
  for (let i = 0; i < knownCount; i++) {
    if (!wasAcknowledged(known[i * knownWidth + 6] as number)) continue;
    if (table.outdated[i] === 0 && (table.seen[i] as number) < 0) {
      onDeparted(known, i * knownWidth);
    }
  }
}
