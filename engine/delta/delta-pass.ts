import type { DuplicatePolicy, Operation } from "../config/sync-spec.ts";
import { type MappedBlock, ROW_FILTERED, ROW_MAPPED } from "../mapping/row-program.ts";
import { newPartDecider, type PartRules } from "./decide-part.ts";
import {
  countDecisions,
  DECIDED_FILTERED,
  DECIDED_INVALID,
  DECIDED_NEW,
  type DecisionCounts,
} from "./decision.ts";
import { PART_SHIFT, PARTS } from "./fingerprints.ts";
import { HEAD_WORDS, newPartBuffers } from "./part-buffers.ts";
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
  /** Where parts go when they outgrow `bytesMax`. */
  readonly spillFolder: string;
  /** Memory for rows before they spill, in bytes; 60 MB: SEMANTICS section 4. */
  readonly bytesMax?: number;
  /** Told of each acknowledged key that the source does not have. */
  readonly onDeparted?: ((keys: Uint32Array, at: number) => void) | null;
}

/** Which rows are new, changed, unchanged or duplicate. Takes digests in the order of the source and
 *  gives one decision a row. Memory is bounded: rows wait in 64 parts by the first bits of their key,
 *  on disk when they are many, and parts are decided one after the other. */
export function startDeltaPass(options: DeltaOptions): DeltaPass {
  const width = options.columns.length;
  // Only rows that the state may know are compared field by field.
  const fieldWords = options.segments.length === 0 ? 0 : Math.ceil(width / 2);
  const buffers = newPartBuffers({
    wordsPerRow: HEAD_WORDS + fieldWords,
    folder: options.spillFolder,
    bytesMax: options.bytesMax ?? BYTES_MAX,
  });
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
      const key0 = keyDigest[row * 4] as number;
      const part = key0 >>> PART_SHIFT;
      let at = buffers.reserve(part);
      const page = buffers.pages[part] as Uint32Array;
      page[at++] = key0;
      page[at++] = keyDigest[row * 4 + 1] as number;
      page[at++] = keyDigest[row * 4 + 2] as number;
      page[at++] = keyDigest[row * 4 + 3] as number;
      page[at++] = rowDigest[row * 2] as number;
      page[at++] = rowDigest[row * 2 + 1] as number;
      page[at++] = source;
      if (fieldWords === 0) continue;
      const last = (row + 1) * width;
      let field = row * width;
      for (; field + 1 < last; field += 2) {
        page[at++] = (fieldDigest[field] as number) | ((fieldDigest[field + 1] as number) << 16);
      }
      if (field < last) page[at] = fieldDigest[field] as number;
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
      const { columns, clearDigests } = options;
      const changes = new Float64Array(width);
      const cleared = new Float64Array(width);
      const tally = { columns, clearDigests, changes, cleared };
      const onDeparted = options.onDeparted ?? null;
      const found = { tally, changedAfterInsert: 0, knownKeys: 0 };
      const rules: PartRules = { ...options, ...found, onDeparted };
      const decide = newPartDecider({ rules, byRow, digest, fieldWords });
      if (options.keyed) {
        for (let part = 0; part < PARTS; part++) decide(part, buffers.rows(part));
      }
      return {
        byRow,
        counts: countDecisions(byRow),
        fields: countsByName(columns, changes),
        cleared: fieldWords === 0 ? null : countsByName(columns, cleared),
        knownKeys: rules.knownKeys,
        changedAfterInsert: rules.changedAfterInsert,
        rowsDigest: digest.hex(),
      };
    },
    close: () => buffers.close(),
  };
}

const BYTES_MAX = 60_000_000;

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
