import { EngineError } from "../base/engine-error.ts";
import {
  type MappedBlock,
  ROW_INVALID,
  ROW_MAPPED,
  type RowProblem,
  type RowProgram,
} from "../mapping/row-program.ts";
import { FLAG_DOUBT } from "./fingerprints.ts";
import { KEY_WORDS, newKeyList } from "./key-list.ts";
import { ID_WORDS, packId, unpackId } from "./packed-id.ts";
import type { SegmentReader } from "./segment-file.ts";
import { uncountCleared } from "./uncount-cleared.ts";

/** The Ids of an org's records by the digest of their key: a table of numbers, under 40 bytes a key. */
export interface IdTable {
  /** The Id, or why there is none. */
  find(keyDigest: Uint32Array, at: number): string | "none" | "several" | "deleted";
  /** The Ids that were asked for and found, by their key: kept with a run, so that it can be staged
   *  again. */
  answers(): Iterable<readonly [key: string, id: string]>;
}

/** Throws SF_ANSWER for an Id that is none. */
export function newIdTable(): IdTable & { add(keyDigest: Uint32Array, id: string): void } {
  const table = newKeyList(ID_WORDS);
  const packed = new Uint32Array(ID_WORDS);
  const idAt = (place: number) =>
    unpackId(
      table.word(place, KEY_WORDS),
      table.word(place, KEY_WORDS + 1),
      table.word(place, KEY_WORDS + 2),
    );
  /** Sets bits of an entry's first Id word that are no part of the Id. */
  const mark = (place: number, bit: number) =>
    table.setWord(place, KEY_WORDS, (table.word(place, KEY_WORDS) | bit) >>> 0);
  return {
    add(digest, id) {
      if (!packId(id, packed, 0)) {
        throw new EngineError("SF_ANSWER", "The org's answer has a record whose Id is no Id.");
      }
      const known = table.count;
      const place = table.add(digest, 0);
      if (table.count === known) {
        if (idAt(place).slice(0, ID_COUNTS) !== id.slice(0, ID_COUNTS)) mark(place, SEVERAL);
        return;
      }
      for (let i = 0; i < ID_WORDS; i++) table.setWord(place, KEY_WORDS + i, packed[i] ?? 0);
    },
    find(digest, at) {
      const place = table.find(digest, at);
      if (place < 0) return "none";
      if ((table.word(place, KEY_WORDS) & SEVERAL) !== 0) return "several";
      mark(place, ASKED);
      return idAt(place);
    },
    *answers() {
      for (let place = 0; place < table.count; place++) {
        if ((table.word(place, KEY_WORDS) & ASKED) === 0) continue;
        const key = [0, 1, 2, 3].map((i) => table.word(place, i)).join(".");
        yield [key, idAt(place)];
      }
    },
  };
}

const SEVERAL = 2 ** 31;
const ASKED = 2 ** 30;
/** Characters that tell records apart; the other three are a checksum. */
const ID_COUNTS = 15;

/** What an earlier process was told, for a run that goes on. */
export function idTableOf(answers: Iterable<readonly [string, string]>): IdTable {
  const table = newIdTable();
  for (const [key, id] of answers) table.add(Uint32Array.from(key.split("."), Number), id);
  return table;
}

/** For a delete: a key that the org has no more because this sync deleted it is as it should be. */
export function withDeleted(ids: IdTable, segments: readonly SegmentReader[]): IdTable {
  const deleted = newKeyList(1);
  // Oldest first: a later doubt takes back what an earlier run was told.
  for (const segment of segments) {
    for (let group = 0; group < segment.groups; group++) {
      const { count, keys, flags } = segment.heads(group);
      for (let i = 0; i < count; i++) {
        const isDoubtful = ((flags[i] ?? 0) & FLAG_DOUBT) !== 0;
        deleted.setWord(deleted.add(keys, i * KEY_WORDS), KEY_WORDS, isDoubtful ? 0 : 1);
      }
    }
  }
  return {
    find(digest, at) {
      const found = ids.find(digest, at);
      if (found !== "none") return found;
      const place = deleted.find(digest, at);
      return place >= 0 && deleted.word(place, KEY_WORDS) === 1 ? "deleted" : "none";
    },
    answers: () => ids.answers(),
  };
}

/** The same rows with the record's Id in place of the key, as the first cell; rows whose key has no
 *  record, or several, become invalid. Rows whose record this sync deleted are left empty: their key
 *  is known, so they are unchanged and never sent. */
export function withResolvedIds(
  mapped: MappedBlock,
  ids: IdTable,
  { keyColumn, clearDigests }: Pick<RowProgram, "keyColumn" | "clearDigests">,
): MappedBlock {
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
      uncountCleared(mapped.cleared, mapped, row, clearDigests);
      continue;
    }
    for (let i = 0; i < found.length; i++) bytes[out++] = found.charCodeAt(i);
    out = copyWithoutCell(mapped, row, keyColumn ?? 0, bytes, out);
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
