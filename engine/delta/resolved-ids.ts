import {
  type MappedBlock,
  ROW_INVALID,
  ROW_MAPPED,
  type RowProblem,
} from "../mapping/row-program.ts";
import { FLAG_DOUBT, PARTS } from "./fingerprints.ts";
import type { SegmentReader } from "./segment-file.ts";

/** The Ids of an org's records by the digest of their key. */
export interface IdTable {
  /** The Id, or why there is none. */
  find(keyDigest: Uint32Array, at: number): string | "none" | "several" | "deleted";
  /** All that was asked for, with its answer: kept with a run, so that it can be staged again. */
  answers(): readonly (readonly [key: string, answer: string])[];
}

export function newIdTable(): IdTable & { add(keyDigest: Uint32Array, id: string): void } {
  const ids = new Map<string, string>();
  const asked = new Map<string, string>();
  return {
    add(digest, id) {
      const key = nameOf(digest, 0);
      const before = ids.get(key);
      ids.set(key, before === undefined || before === id ? id : "several");
    },
    find(digest, at) {
      const key = nameOf(digest, at);
      const found = ids.get(key) ?? "none";
      asked.set(key, found);
      return found;
    },
    answers: () => [...asked],
  };
}

/** What an earlier process was told, for a run that goes on. */
export function idTableOf(answers: readonly (readonly [string, string])[]): IdTable {
  const table = new Map(answers);
  return {
    find: (digest, at) => table.get(nameOf(digest, at)) ?? "none",
    answers: () => [...table],
  };
}

/** For a delete: a key that the org has no more because this sync deleted it is as it should be. */
export function withDeleted(ids: IdTable, segments: readonly SegmentReader[]): IdTable {
  const deleted = new Set<string>();
  // Oldest first: a later doubt takes back what an earlier run was told.
  for (const segment of segments) {
    for (let part = 0; part < PARTS; part++) {
      const { count, keys, flags } = segment.readPart(part);
      for (let i = 0; i < count; i++) {
        const isDoubtful = ((flags[i] ?? 0) & FLAG_DOUBT) !== 0;
        deleted[isDoubtful ? "delete" : "add"](nameOf(keys, i * 4));
      }
    }
  }
  return {
    find(digest, at) {
      const found = ids.find(digest, at);
      return found === "none" && deleted.has(nameOf(digest, at)) ? "deleted" : found;
    },
    answers: () => ids.answers(),
  };
}

function nameOf(digest: Uint32Array, at: number): string {
  return `${digest[at]}.${digest[at + 1]}.${digest[at + 2]}.${digest[at + 3]}`;
}

/** The same rows with the record's Id in place of the key, as the first cell; rows whose key has no
 *  record, or several, become invalid. Rows whose record this sync deleted are left empty: their key
 *  is known, so they are unchanged and never sent. */
export function withResolvedIds(mapped: MappedBlock, ids: IdTable, keyColumn: number): MappedBlock {
  const size = (mapped.rowStart[mapped.rowCount] ?? 0) - (mapped.rowStart[0] ?? 0);
  const bytes = new Uint8Array(size + mapped.rowCount * (ID_LENGTH + 1));
  const rowStart = new Int32Array(mapped.rowCount + 1);
  const problems = new Map<number, RowProblem>(mapped.problems);
  let out = 0;
  for (let row = 0; row < mapped.rowCount; row++) {
    rowStart[row] = out;
    if (mapped.status[row] !== ROW_MAPPED) continue;
    const found = ids.find(mapped.keyDigest, row * 4);
    if (found === "deleted") continue;
    if (found === "none" || found === "several") {
      mapped.status[row] = ROW_INVALID;
      problems.set(row, missing(found));
      continue;
    }
    for (let i = 0; i < found.length; i++) bytes[out++] = found.charCodeAt(i);
    out = copyWithoutCell(mapped, row, keyColumn, bytes, out);
  }
  rowStart[mapped.rowCount] = out;
  return { ...mapped, bytes, rowStart, problems };
}

const ID_LENGTH = 18;
const COMMA = 44;
const QUOTE = 34;
const LF = 10;

/** Copies `,cell,cell...LF` of a canonical row without one of its cells. */
function copyWithoutCell(
  mapped: MappedBlock,
  row: number,
  skipped: number,
  into: Uint8Array,
  at: number,
): number {
  let out = at;
  let column = 0;
  let quoted = false;
  const end = (mapped.rowStart[row + 1] ?? 0) - 1;
  if (skipped !== 0) into[out++] = COMMA;
  for (let i = mapped.rowStart[row] ?? 0; i < end; i++) {
    const byte = mapped.bytes[i] ?? 0;
    if (byte === QUOTE) quoted = !quoted;
    if (byte === COMMA && !quoted) {
      column++;
      if (column === skipped) continue;
      into[out++] = COMMA;
    } else if (column !== skipped) {
      into[out++] = byte;
    }
  }
  into[out++] = LF;
  return out;
}

function missing(found: "none" | "several"): RowProblem {
  return found === "none"
    ? { code: "KEY_NOT_FOUND", field: "", reason: "No record in the org has this key." }
    : { code: "KEY_AMBIGUOUS", field: "", reason: "Several records in the org have this key." };
}
