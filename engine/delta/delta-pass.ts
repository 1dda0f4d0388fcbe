import type { DuplicatePolicy, Operation } from "../config/sync-spec.ts";
import { type MappedBlock, ROW_FILTERED, ROW_INVALID } from "../mapping/row-program.ts";
import { decidePart, type PartRules } from "./decide-part.ts";
import {
  countDecisions,
  DECIDED_FILTERED,
  DECIDED_INVALID,
  DECIDED_NEW,
  type DecisionCounts,
} from "./decision.ts";
import { PART_SHIFT, PARTS } from "./fingerprints.ts";
import { HEAD_WORDS, newPartBuffers } from "./part-buffers.ts";
import type { SegmentReader } from "./segment-file.ts";

export interface Decisions {
  /** One DECIDED_* for each source row, in the order of the files. */
  readonly byRow: Uint8Array;
  readonly counts: DecisionCounts;
  /** How many changed rows differ in each field. */
  readonly fields: Readonly<Record<string, number>>;
  /** Keys that the state knows. */
  readonly knownKeys: number;
  /** Insert only: rows whose key was inserted before and whose content is another now. */
  readonly changedAfterInsert: number;
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
  /** False for an insert that repeats: every row is new. */
  readonly keyed: boolean;
  /** Known rows are sent although nothing changed. */
  readonly full: boolean;
  readonly resendUnknown: boolean;
  /** Oldest first. */
  readonly segments: readonly SegmentReader[];
  /** Where parts go when they outgrow `bytesMax`. */
  readonly spillFolder: string;
  /** Memory for rows before they spill, in bytes; 48 MB. */
  readonly bytesMax?: number;
  /** Told of each acknowledged key that the source does not have. */
  readonly onDeparted?: ((keys: Uint32Array, at: number) => void) | null;
}

/** Which rows are new, changed, unchanged or duplicate. Takes digests in the order of the source and
 *  gives one decision a row. Memory is bounded: rows wait in 64 parts by the first bits of their key,
 *  on disk when they are many, and parts are decided one after the other. */
export function startDeltaPass(options: DeltaOptions): DeltaPass {
  const width = options.columns.length;
  const buffers = newPartBuffers({
    wordsPerRow: HEAD_WORDS + Math.ceil(width / 2),
    folder: options.spillFolder,
    bytesMax: options.bytesMax ?? 48_000_000,
  });
  const record = new Uint32Array(HEAD_WORDS + Math.ceil(width / 2));
  const recordFields = new Uint16Array(record.buffer, HEAD_WORDS * 4, width);
  let decided = new Uint8Array(1 << 16);
  let source = 0;

  return {
    add(block) {
      if (source + block.rowCount > decided.length)
        decided = grown(decided, source + block.rowCount);
      for (let row = 0; row < block.rowCount; row++) {
        const ordinal = source++;
        const status = block.status[row];
        if (status === ROW_FILTERED) decided[ordinal] = DECIDED_FILTERED;
        else if (status === ROW_INVALID) decided[ordinal] = DECIDED_INVALID;
        else if (!options.keyed) decided[ordinal] = DECIDED_NEW;
        else {
          for (let i = 0; i < 4; i++) record[i] = block.keyDigest[row * 4 + i] ?? 0;
          record[4] = block.rowDigest[row * 2] ?? 0;
          record[5] = block.rowDigest[row * 2 + 1] ?? 0;
          record[6] = ordinal;
          const fieldsAt = row * width;
          for (let i = 0; i < width; i++) recordFields[i] = block.fieldDigest[fieldsAt + i] ?? 0;
          buffers.add((record[0] ?? 0) >>> PART_SHIFT, record);
        }
      }
    },
    finish() {
      const byRow = decided.subarray(0, source);
      const changes = new Float64Array(width);
      const onDeparted = options.onDeparted ?? null;
      const found = { changes, changedAfterInsert: 0, knownKeys: 0 };
      const rules: PartRules = { ...options, ...found, onDeparted };
      if (options.keyed) {
        for (let part = 0; part < PARTS; part++) decidePart(part, buffers.rows(part), byRow, rules);
      }
      return {
        byRow,
        counts: countDecisions(byRow),
        fields: Object.fromEntries(
          options.columns.flatMap((name, i) =>
            (changes[i] ?? 0) > 0 ? [[name, changes[i] ?? 0]] : [],
          ),
        ),
        knownKeys: rules.knownKeys,
        changedAfterInsert: rules.changedAfterInsert,
      };
    },
    close: () => buffers.close(),
  };
}

function grown(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(length, bytes.length * 2));
  larger.set(bytes);
  return larger;
}
