import type { Dialect } from "./scan-block.ts";

const LF = 10;
const CR = 13;
/** What is kept of a record that is too long to keep, for messages. */
const EXCERPT_BYTES = 1024;

/** A record (or a comment) that is longer than a record may be: it is walked over, byte by byte,
 *  across as many windows as it takes, and nothing of it is kept but its first bytes. */
export interface LongRecord {
  readonly offset: number;
  readonly isComment: boolean;
  readonly excerpt: Uint8Array;
  /** Line of its first byte, then of the byte that comes next. */
  readonly firstLine: number;
  line: number;
  length: number;
  /** Line of the last quote that opened a field. */
  quoteLine: number;
  /** "quoted" when the file ends: that quote is never closed. */
  place: "fieldStart" | "plain" | "quoted" | "afterQuote";
  /** The byte before the next one. */
  before: number;
}

export function startLongRecord(
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number,
  offset: number,
  dialect: Dialect,
): LongRecord {
  const { comment } = dialect;
  return {
    offset,
    isComment: comment.length > 0 && comment.every((byte, i) => bytes[start + i] === byte),
    excerpt: bytes.slice(start, Math.min(end, start + EXCERPT_BYTES)),
    firstLine: line,
    line,
    length: 0,
    quoteLine: line,
    place: "fieldStart",
    before: LF,
  };
}

/** Goes on over the record. Gives the place of the line end that ends it, or -1 when it goes on
 *  beyond `end`. The rules are those of the scan. */
export function skipRecord(
  record: LongRecord,
  bytes: Uint8Array,
  start: number,
  end: number,
  dialect: Dialect,
): number {
  const { delimiter, quote } = dialect;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const isLineEnd = byte === LF || byte === CR;
    if (record.place === "quoted") {
      if (byte === quote) record.place = "afterQuote";
      else if (byte === CR || (byte === LF && record.before !== CR)) record.line++;
    } else if (record.isComment || byte !== quote) {
      if (isLineEnd) {
        record.length += at - start;
        return at;
      }
      record.place = byte === delimiter ? "fieldStart" : "plain";
    } else if (record.place !== "plain") {
      // A quote at the field's start opens it; after a quote it is the second of a doubled one.
      if (record.place === "fieldStart") record.quoteLine = record.line;
      record.place = "quoted";
    }
    record.before = byte;
  }
  record.length += end - start;
  return -1;
}
