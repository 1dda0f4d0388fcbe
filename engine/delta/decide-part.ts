import type { DuplicatePolicy, Operation } from "../config/sync-spec.ts";
import {
  DECIDED_CHANGED,
  DECIDED_DUPLICATE,
  DECIDED_NEW,
  DECIDED_UNCHANGED,
  DECIDED_UNKNOWN,
} from "./decision.ts";
import { type Fingerprints, FLAG_DOUBT, FLAG_GONE } from "./fingerprints.ts";
import { type KeyTable, newKeyTable } from "./key-table.ts";
import { HEAD_WORDS } from "./part-buffers.ts";
import type { SegmentReader } from "./segment-file.ts";

export interface PartRules {
  readonly operation: Operation;
  readonly duplicates: DuplicatePolicy;
  readonly full: boolean;
  readonly resendUnknown: boolean;
  readonly columns: readonly string[];
  readonly segments: readonly SegmentReader[];
  /** Added to: changed rows by column. */
  readonly changes: Float64Array;
  changedAfterInsert: number;
  knownKeys: number;
  /** Called with each acknowledged key that the source does not have; null: nobody asks. */
  readonly onDeparted: ((keys: Uint32Array, at: number) => void) | null;
}

/** Decides the rows of one part (records as `startDeltaPass` lays them out) into `byRow`. */
export function decidePart(
  part: number,
  records: Uint32Array,
  byRow: Uint8Array,
  rules: PartRules,
): void {
  const width = HEAD_WORDS + Math.ceil(rules.columns.length / 2);
  const known = rules.segments.map((segment) => segment.readPart(part));
  const table = newKeyTable(
    records.length / width + known.reduce((n, prints) => n + prints.count, 0),
  );
  known.forEach((prints, segment) => {
    for (let i = 0; i < prints.count; i++) table.put(prints.keys, i * 4, segment, i);
  });
  rules.knownKeys += table.size() - countGone(known, table);

  /** The row that stands for its key in this source, by slot; -1: none yet. */
  const seen = new Int32Array(table.capacity).fill(-1);
  for (let at = 0; at < records.length; at += width) {
    const ordinal = records[at + 6] ?? 0;
    const slot = table.findOrAdd(records, at);
    const before = seen[slot] ?? -1;
    if (before >= 0) {
      if (rules.duplicates !== "first") byRow[before] = DECIDED_DUPLICATE;
      if (rules.duplicates !== "last") {
        byRow[ordinal] = DECIDED_DUPLICATE;
        continue;
      }
    }
    seen[slot] = ordinal;
    byRow[ordinal] = decide(records, at, known, table.segmentOf(slot), table.placeOf(slot), rules);
  }
  countChanges(records, width, byRow, known, table, rules);
  if (rules.onDeparted !== null) tellDeparted(known, table, seen, rules.onDeparted);
}

/** Keys whose newest fingerprint says that mirror deleted their record. */
function countGone(known: readonly Fingerprints[], table: KeyTable): number {
  let count = 0;
  known.forEach((prints, segment) => {
    for (let i = 0; i < prints.count; i++) {
      if (prints.flags[i] === FLAG_GONE && isNewest(prints, i, segment, table)) count++;
    }
  });
  return count;
}

function isNewest(prints: Fingerprints, i: number, segment: number, table: KeyTable): boolean {
  const slot = table.find(prints.keys, i * 4);
  return table.segmentOf(slot) === segment && table.placeOf(slot) === i;
}

/** A key in doubt was never acknowledged, so its record may be somebody else's: it is left alone. One
 *  whose deletion is in doubt was. */
function tellDeparted(
  known: readonly Fingerprints[],
  table: KeyTable,
  seen: Int32Array,
  onDeparted: (keys: Uint32Array, at: number) => void,
): void {
  known.forEach((prints, segment) => {
    for (let i = 0; i < prints.count; i++) {
      const flags = prints.flags[i] ?? 0;
      if (flags !== 0 && flags !== (FLAG_GONE | FLAG_DOUBT)) continue;
      if (!isNewest(prints, i, segment, table)) continue;
      if ((seen[table.find(prints.keys, i * 4)] ?? -1) < 0) onDeparted(prints.keys, i * 4);
    }
  });
}

function decide(
  records: Uint32Array,
  at: number,
  known: readonly Fingerprints[],
  segment: number,
  place: number,
  rules: PartRules,
): number {
  const prints = segment < 0 ? undefined : known[segment];
  if (prints === undefined) return DECIDED_NEW;
  if (((prints.flags[place] ?? 0) & FLAG_GONE) !== 0) return DECIDED_NEW;
  const doubt = ((prints.flags[place] ?? 0) & FLAG_DOUBT) !== 0;
  // A delete has no content that could differ: its key, written otherwise, is the same key.
  const same =
    rules.operation === "delete" ||
    (prints.rows[place * 2] === records[at + 4] && prints.rows[place * 2 + 1] === records[at + 5]);
  if (rules.operation === "insert") {
    if (doubt) return rules.resendUnknown ? DECIDED_NEW : DECIDED_UNKNOWN;
    return DECIDED_UNCHANGED;
  }
  return same && !doubt && !rules.full ? DECIDED_UNCHANGED : DECIDED_CHANGED;
}

/** After all duplicates are known: which fields differ in the rows that stayed `changed`. */
function countChanges(
  records: Uint32Array,
  width: number,
  byRow: Uint8Array,
  known: readonly Fingerprints[],
  table: ReturnType<typeof newKeyTable>,
  rules: PartRules,
): void {
  const fields = new Uint16Array(records.buffer, records.byteOffset, records.length * 2);
  const oldColumns = known.map((prints) =>
    rules.columns.map((name) => prints.columns.indexOf(name)),
  );
  for (let at = 0; at < records.length; at += width) {
    const decision = byRow[records[at + 6] ?? 0];
    if (
      decision !== DECIDED_CHANGED &&
      !(decision === DECIDED_UNCHANGED && rules.operation === "insert")
    ) {
      continue;
    }
    const slot = table.findOrAdd(records, at);
    const segment = table.segmentOf(slot);
    const prints = known[segment];
    if (prints === undefined) continue;
    const place = table.placeOf(slot);
    if (decision === DECIDED_UNCHANGED) {
      const same =
        prints.rows[place * 2] === records[at + 4] &&
        prints.rows[place * 2 + 1] === records[at + 5];
      if (!same) rules.changedAfterInsert++;
      continue;
    }
    const columns = oldColumns[segment] ?? [];
    for (let i = 0; i < rules.columns.length; i++) {
      const old = columns[i] ?? -1;
      const was = old < 0 ? 0 : prints.fields[place * prints.columns.length + old];
      if (was !== fields[(at + HEAD_WORDS) * 2 + i]) rules.changes[i] = (rules.changes[i] ?? 0) + 1;
    }
  }
}
