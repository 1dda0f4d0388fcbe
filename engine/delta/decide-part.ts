import type { DuplicatePolicy, Operation } from "../config/sync-spec.ts";
import {
  DECIDED_CHANGED,
  DECIDED_DUPLICATE,
  DECIDED_NEW,
  DECIDED_UNCHANGED,
  DECIDED_UNKNOWN,
  isSent,
} from "./decision.ts";
import { FLAG_DOUBT, FLAG_GONE } from "./fingerprints.ts";
import { type FieldTally, joinKnown, type KnownPrints } from "./known-prints.ts";
import { HEAD_WORDS } from "./part-buffers.ts";
import { newPartTable, type PartTable } from "./part-table.ts";
import type { RowsDigest } from "./rows-digest.ts";
import type { SegmentReader } from "./segment-file.ts";

export interface PartRules {
  readonly operation: Operation;
  readonly duplicates: DuplicatePolicy;
  readonly full: boolean;
  readonly resendUnknown: boolean;
  readonly segments: readonly SegmentReader[];
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
  readonly width: number;
  /** As `startDeltaPass` lays them out. */
  readonly records: Uint32Array<ArrayBuffer>;
  readonly known: KnownPrints;
  readonly table: PartTable;
}

/** Gives the function that decides the rows of one part. Its tables are kept from part to part. */
export function newPartDecider(
  input: DeciderInput,
): (part: number, records: Uint32Array<ArrayBuffer>) => void {
  const table = newPartTable();
  const { rules } = input;
  const width = HEAD_WORDS + input.fieldWords;
  return (number, records) => {
    const known = joinKnown(rules.segments.map((segment) => segment.readPart(number)));
    table.fill(known, records, width);
    const part = { ...input, width, records, known, table };
    rules.knownKeys += table.knownKeys - countGone(part);
    decideRows(part);
    if (input.fieldWords > 0) countChanges(part);
    noteSent(part);
    if (rules.onDeparted !== null) tellDeparted(part, rules.onDeparted);
  };
}

/** Keys whose newest fingerprint says that mirror dealt with their record. */
function countGone({ known, table }: Part): number {
  const { flags } = known;
  let count = 0;
  for (let i = 0; i < known.count; i++) {
    if (flags[i] === FLAG_GONE && table.outdated[i] === 0) count++;
  }
  return count;
}

function decideRows({ rules, byRow, width, records, known, table }: Part): void {
  const { duplicates } = rules;
  const { entryOf, seen } = table;
  for (let at = 0, i = 0; at < records.length; at += width, i++) {
    const ordinal = records[at + 6] as number;
    const entry = entryOf[i] as number;
    const before = seen[entry] as number;
    if (before >= 0) {
      if (duplicates !== "first") byRow[before] = DECIDED_DUPLICATE;
      if (duplicates !== "last") {
        byRow[ordinal] = DECIDED_DUPLICATE;
        continue;
      }
    }
    seen[entry] = ordinal;
    byRow[ordinal] =
      entry < known.count ? decideKnown(known, entry, records, at, rules) : DECIDED_NEW;
  }
}

function decideKnown(
  known: KnownPrints,
  entry: number,
  records: Uint32Array,
  at: number,
  { operation, resendUnknown, full }: PartRules,
): number {
  const flags = known.flags[entry] ?? 0;
  if ((flags & FLAG_GONE) !== 0) return DECIDED_NEW;
  const doubt = (flags & FLAG_DOUBT) !== 0;
  if (operation === "insert") {
    if (doubt) return resendUnknown ? DECIDED_NEW : DECIDED_UNKNOWN;
    return DECIDED_UNCHANGED;
  }
  // A delete has no content that could differ: its key, written otherwise, is the same key.
  const same = operation === "delete" || isSameRow(known, entry, records, at);
  return same && !doubt && !full ? DECIDED_UNCHANGED : DECIDED_CHANGED;
}

function isSameRow(known: KnownPrints, entry: number, records: Uint32Array, at: number): boolean {
  return known.rows[entry * 2] === records[at + 4] && known.rows[entry * 2 + 1] === records[at + 5];
}

/** After all duplicates are known: which fields differ in the rows that stayed `changed`. */
function countChanges({ rules, byRow, width, records, known, table }: Part): void {
  const inserts = rules.operation === "insert";
  const fields = new Uint16Array(records.buffer, records.byteOffset, records.length * 2);
  for (let at = 0, i = 0; at < records.length; at += width, i++) {
    const decision = byRow[records[at + 6] as number];
    const own = (at + HEAD_WORDS) * 2;
    if (decision === DECIDED_NEW) {
      countClears(fields, own, rules.tally);
      continue;
    }
    if (decision !== DECIDED_CHANGED && !(inserts && decision === DECIDED_UNCHANGED)) continue;
    const entry = table.entryOf[i] as number;
    if (entry >= known.count) continue;
    if (decision === DECIDED_CHANGED) known.eachChange(entry, fields, own, rules.tally);
    else if (!isSameRow(known, entry, records, at)) rules.changedAfterInsert++;
  }
}

/** A new row erases what the record may hold already: an upsert can meet one that we never sent. */
function countClears(fields: Uint16Array, at: number, { cleared, clearDigests }: FieldTally): void {
  for (let i = 0; i < clearDigests.length; i++) {
    if (fields[at + i] === clearDigests[i]) cleared[i] = (cleared[i] ?? 0) + 1;
  }
}

function noteSent({ byRow, digest, width, records }: Part): void {
  for (let at = 0; at < records.length; at += width) {
    const ordinal = records[at + 6] as number;
    if (!isSent(byRow[ordinal])) continue;
    digest.add(
      ordinal,
      records[at] as number,
      records[at + 1] as number,
      records[at + 4] as number,
      records[at + 5] as number,
    );
  }
}

/** A key in doubt was never acknowledged, so its record may be somebody else's: it is left alone. One
 *  whose deletion or last update is in doubt was. */
function tellDeparted(
  { known, table }: Part,
  onDeparted: (keys: Uint32Array, at: number) => void,
): void {
  for (let i = 0; i < known.count; i++) {
    const flags = known.flags[i] ?? 0;
    if (flags !== 0 && flags !== (FLAG_GONE | FLAG_DOUBT)) continue;
    if (table.outdated[i] === 0 && (table.seen[i] ?? -1) < 0) onDeparted(known.keys, i * 4);
  }
}
