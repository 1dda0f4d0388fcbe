import type { DuplicatePolicy, Operation } from "../config/sync-spec.ts";
import { type MappedBlock, ROW_FILTERED, ROW_MAPPED } from "../mapping/row-program.ts";
import { newPartDecider, type PartRules, ROW_WORDS } from "./decide-part.ts";
import {
  countDecisions,
  DECIDED_FILTERED,
  DECIDED_INVALID,
  DECIDED_NEW,
  DECIDED_UNCHANGED,
  type DecisionCounts,
} from "./decision.ts";
import { newFieldTally } from "./field-tally.ts";
import { PART_SHIFT, PARTS } from "./fingerprints.ts";
import { type KeyFilter, newKeyFilter } from "./key-filter.ts";
import { gatherKnown, KNOWN_WORDS } from "./known-parts.ts";
import { countIn, type KnownSegments, partSegments } from "./known-segments.ts";
import { newOrderMatcher } from "./order-matcher.ts";
import { newPartBuffers } from "./part-buffers.ts";
import { newRowsDigest } from "./rows-digest.ts";
import type { SegmentReader } from "./segment-file.ts";

export interface Decisions {
  /** One DECIDED_* for each source row, in the order of the files. */
  readonly byRow: Uint8Array;
  readonly counts: DecisionCounts;
  /** How many changed rows differ in each field. */
  readonly fields: Readonly<Record<string, number>>;
  /** How many rows to send would erase each field; null where nothing is known to compare with, and
   *  every row is sent. */
  readonly cleared: Readonly<Record<string, number>> | null;
  /** Keys that the state knows. */
  readonly knownKeys: number;
  /** Insert only: rows whose key was inserted before and whose content is another now. */
  readonly changedAfterInsert: number;
  /** Tells the rows to send from any others: their places, keys and contents. */
  readonly rowsDigest: string;
}

export interface DeltaPass {
  /** Takes the rows of the next block. */
  add(block: MappedBlock): void;
  /** Decides; nothing may be added afterwards. */
  finish(): Decisions;
  /** Removes what was spilled to disk. */
  close(): void;
}

export interface DeltaOptions {
  readonly operation: Operation;
  readonly duplicates: DuplicatePolicy;
  readonly columns: readonly string[];
  /** What each column's field digest is when the cell erases the field. */
  readonly clearDigests: Uint16Array;
  /** False for an insert that repeats: every row is new. */
  readonly keyed: boolean;
  /** Known rows are sent although nothing changed. */
  readonly full: boolean;
  readonly resendUnknown: boolean;
  /** Oldest first. */
  readonly segments: readonly SegmentReader[];
  /** Where parts go when they outgrow their memory. */
  readonly spillFolder: string;
  /** Memory for rows before they spill, in bytes, and as much for what is known of them. */
  readonly bytesMax?: number;
  /** Told of each acknowledged key that the source does not have. */
  readonly onDeparted?: ((keys: Uint32Array, at: number) => void) | null;
}

/** Which rows are new, changed, unchanged or duplicate. Takes digests in the order of the source and
 *  gives one decision a row. A row that is what the fingerprints, read in their own order, say that comes
 *  next, is unchanged, and that is all. The others wait in 64 parts by the first bits of their key, on
 *  disk when they are many, until all are known; then what is known of them is gathered, and the parts
 *  are decided one after the other. So memory is bounded, and little is done for what did not change. */
export function startDeltaPass(options: DeltaOptions): DeltaPass {
  const width = options.columns.length;
  const { columns, clearDigests, onDeparted = null } = options;
  const known = partSegments(options.segments);
  const others = [...known.older, ...known.newer];
  const isKnown = countIn(known.base) > 0;
  const elsewhere = others.length === 0 ? null : filterOf(others);
  // Where all that is known is sent again, nothing is to be found unchanged.
  const matcher = isKnown && !options.full ? newOrderMatcher(known.base, elsewhere) : null;
  const sought = isKnown ? newKeyFilter(countIn(known.base) / 4) : null;
  // Only rows that the state may know are compared field by field.
  const fieldWords = options.segments.length === 0 ? 0 : Math.ceil(width / 2);
  const { spillFolder: folder, bytesMax } = options;
  const room = bytesMax === undefined ? { folder } : { folder, bytesMax };
  const rows = newPartBuffers({ wordsPerRow: ROW_WORDS + fieldWords, ...room });
  const { words } = rows;
  const halves = new Uint16Array(words.buffer);
  const digest = newRowsDigest();
  let decided = new Uint8Array(1 << 16);
  let source = 0;
  /** Long on purpose: this runs for every row, and makes nothing for any. `as number`: indices are in
   *  bounds by construction. */
  const addKeyed = ({ rowCount, status, keyDigest, rowDigest, fieldDigest }: MappedBlock): void => {
    for (let row = 0; row < rowCount; row++, source++) {
      const is = status[row];
      if (is !== ROW_MAPPED) {
        decided[source] = is === ROW_FILTERED ? DECIDED_FILTERED : DECIDED_INVALID;
        continue;
      }
      const key = row * 4;
      if (matcher?.take(keyDigest, key, rowDigest, row * 2, source) === true) {
        decided[source] = DECIDED_UNCHANGED;
        continue;
      }
      sought?.add(keyDigest, key);
      const at = rows.reserve((keyDigest[key] as number) >>> PART_SHIFT);
      words[at] = keyDigest[key] as number;
      words[at + 1] = keyDigest[key + 1] as number;
      words[at + 2] = keyDigest[key + 2] as number;
      words[at + 3] = keyDigest[key + 3] as number;
      words[at + 4] = rowDigest[row * 2] as number;
      words[at + 5] = rowDigest[row * 2 + 1] as number;
      words[at + 6] = source;
      if (fieldWords === 0) continue;
      const into = (at + ROW_WORDS) * 2;
      const from = row * width;
      for (let i = 0; i < width; i++) halves[into + i] = fieldDigest[from + i] as number;
    }
  };
  const addRepeated = ({ rowCount, status, keyDigest, rowDigest }: MappedBlock): void => {
    for (let row = 0; row < rowCount; row++, source++) {
      const is = status[row];
      if (is === ROW_MAPPED) {
        decided[source] = DECIDED_NEW;
        const [key, at] = [row * 4, row * 2];
        digest.add(
          source,
          keyDigest[key] ?? 0,
          keyDigest[key + 1] ?? 0,
          rowDigest[at] ?? 0,
          rowDigest[at + 1] ?? 0,
        );
      } else decided[source] = is === ROW_FILTERED ? DECIDED_FILTERED : DECIDED_INVALID;
    }
  };
  const decideParts = (byRow: Uint8Array, rules: PartRules): void => {
    const parts = newPartBuffers({ wordsPerRow: KNOWN_WORDS + fieldWords, ...room });
    try {
      rules.knownKeys = gatherKnown({
        known,
        sought: rows.count === 0 ? null : sought,
        elsewhere,
        matched: matcher?.matched ?? null,
        tally: rules.tally,
        parts,
        onDeparted,
      });
      if (rows.count + parts.count === 0) return;
      const decide = newPartDecider({ rules, byRow, digest, fieldWords });
      for (let part = 0; part < PARTS; part++) decide(rows.rows(part), parts.rows(part));
    } finally {
      parts.close();
    }
  };

  return {
    add(block) {
      if (source + block.rowCount > decided.length) {
        decided = grown(decided, source + block.rowCount);
      }
      if (options.keyed) addKeyed(block);
      else addRepeated(block);
    },
    finish() {
      const byRow = decided.subarray(0, source);
      const tally = newFieldTally(columns, clearDigests);
      const rules = { ...options, tally, changedAfterInsert: 0, knownKeys: 0, onDeparted };
      if (options.keyed) decideParts(byRow, rules);
      return {
        byRow,
        counts: countDecisions(byRow),
        fields: countsByName(columns, tally.changes),
        cleared: fieldWords === 0 ? null : countsByName(columns, tally.cleared),
        knownKeys: rules.knownKeys,
        changedAfterInsert: rules.changedAfterInsert,
        rowsDigest: digest.hex(),
      };
    },
    close: () => rows.close(),
  };
}

/** Of all keys of some segments. */
function filterOf(segments: KnownSegments["older"]): KeyFilter {
  const filter = newKeyFilter(countIn(segments));
  for (const segment of segments) {
    for (let group = 0; group < segment.groups; group++) {
      const { keys, count } = segment.heads(group);
      for (let i = 0; i < count; i++) filter.add(keys, i * 4);
    }
  }
  return filter;
}

/** The counts that are not 0. */
export function countsByName(
  names: readonly string[],
  counts: Float64Array,
): Record<string, number> {
  return Object.fromEntries(
    names.flatMap((name, i) => ((counts[i] ?? 0) > 0 ? [[name, counts[i] ?? 0]] : [])),
  );
}

function grown(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(length, bytes.length * 2));
  larger.set(bytes);
  return larger;
}
