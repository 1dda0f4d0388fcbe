import type { RowArrays } from "./block-memory.ts";
import {
  COLUMNS_MAX,
  FIELD_ESCAPED,
  FIELD_QUOTED,
  NO_QUOTE,
  ROW_FAULT_QUOTE_OPEN,
  ROW_FAULT_QUOTE_STRAY,
  ROW_FAULT_WIDTH,
  ROW_OK,
} from "./row-block.ts";

/** How a file writes rows, made once per file. */
export interface Dialect {
  readonly delimiter: number;
  /** NO_QUOTE: quotes mean nothing. */
  readonly quote: number;
  /** A line that starts with these bytes is no row; empty: there are no comments. */
  readonly comment: Uint8Array;
  /** Fields that a row must have; ANY_WIDTH: rows may differ. */
  readonly columns: number;
  /** 1 for the bytes that end an unquoted field. */
  readonly endsPlain: Uint8Array;
  /** 1 for the bytes that matter inside quotes. */
  readonly endsQuoted: Uint8Array;
}

export const ANY_WIDTH = 0;
const LF = 10;
const CR = 13;

/** What one scan found, in a place that the next scan overwrites. */
export interface ScanResult {
  rowCount: number;
  /** Place of the first byte that belongs to no row given: scan on from there. */
  consumed: number;
  /** Line of that byte. */
  line: number;
}

export interface ScanInput {
  /** Where a row may start. The byte before it must be readable: it may be the CR of a CR LF. */
  readonly start: number;
  readonly end: number;
  /** The file ends at `end`: what is there is the last row. */
  readonly final: boolean;
  /** Line of `start`. */
  readonly line: number;
  /** Offset in the decoded file of `bytes[0]`. */
  readonly base: number;
}

export function makeDialect(options: {
  readonly delimiter: number;
  readonly quote?: number;
  readonly comment?: string | null;
  readonly columns: number;
}): Dialect {
  const { delimiter, quote = 34, comment, columns } = options;
  const mark = (...marked: number[]): Uint8Array => {
    const table = new Uint8Array(256);
    for (const byte of marked) if (byte !== NO_QUOTE) table[byte] = 1;
    return table;
  };
  return {
    delimiter,
    quote,
    comment: new TextEncoder().encode(comment ?? ""),
    columns,
    endsPlain: mark(delimiter, quote, LF, CR),
    endsQuoted: mark(quote, LF, CR),
  };
}

/** Finds the rows that lie completely in `bytes` from `start` to `end`, until the arrays are full.
 *  A row that the end cuts off is not given: the caller brings more bytes and scans it again.
 *
 *  This is one long function on purpose: its variables stay in registers, and no call, string or
 *  object is made per row. The WebAssembly kernel does the same, and tests hold the two together. */
export function scanBlock(
  bytes: Uint8Array,
  input: ScanInput,
  dialect: Dialect,
  rows: RowArrays,
  result: ScanResult,
): void {
  const { end, final, base } = input;
  const { delimiter, quote, columns, endsPlain, endsQuoted, comment } = dialect;
  const { fieldFirst, fieldStart, fieldEnd, fieldFlags, rowsMax } = rows;
  const keep = columns === ANY_WIDTH ? COLUMNS_MAX + 1 : columns;
  const lastFieldFirst = rows.fieldsMax - keep;
  const commentByte = comment.length === 0 ? NO_QUOTE : (comment[0] as number);
  let line = input.line;
  let at = input.start;
  let row = 0;
  let field = 0;

  scan: while (at < end && row < rowsMax && field <= lastFieldFirst) {
    // Indices are in bounds by construction; `as number` keeps a check out of the loop.
    const first = bytes[at] as number;
    if (first === LF || first === CR) {
      if (first === CR || bytes[at - 1] !== CR) line++;
      at++;
      continue;
    }
    if (first === commentByte) {
      const after = skipComment(bytes, at, input, comment);
      if (after === NEEDS_MORE) break;
      if (after > at) {
        at = after;
        continue;
      }
    }

    const rowStart = at;
    const rowLine = line;
    const firstField = field;
    let fieldCount = 0;
    let fault = ROW_OK;
    let openLine = line;
    for (;;) {
      let flags = 0;
      let start = at;
      let stop = at;
      if (at < end && bytes[at] === quote) {
        openLine = line;
        flags = FIELD_QUOTED;
        start = ++at;
        for (;;) {
          while (at < end && endsQuoted[bytes[at] as number] === 0) at++;
          if (at >= end) {
            fault = ROW_FAULT_QUOTE_OPEN;
            stop = at;
            break;
          }
          const byte = bytes[at++];
          if (byte !== quote) {
            if (byte === CR || bytes[at - 2] !== CR) line++;
          } else if (at < end && bytes[at] === quote) {
            flags = FIELD_QUOTED | FIELD_ESCAPED;
            at++;
          } else {
            stop = at - 1;
            break;
          }
        }
        if (at < end && endsPlain[bytes[at] as number] === 0) {
          fault = ROW_FAULT_QUOTE_STRAY;
          stop = at = skipStray(bytes, at, end, delimiter);
        }
      } else {
        while (at < end && endsPlain[bytes[at] as number] === 0) at++;
        if (at < end && bytes[at] === quote) {
          fault = ROW_FAULT_QUOTE_STRAY;
          at = skipStray(bytes, at, end, delimiter);
        }
        stop = at;
      }
      if (fieldCount < keep) {
        fieldStart[field] = start;
        fieldEnd[field] = stop;
        fieldFlags[field] = flags;
        field++;
      }
      fieldCount++;
      if (at >= end) {
        if (final) break;
        // Cut off: forget the row's beginning, the caller comes back with all of it.
        at = rowStart;
        line = rowLine;
        field = firstField;
        break scan;
      }
      if (bytes[at] !== delimiter) break;
      at++;
    }

    if (fault === ROW_OK && fieldCount !== columns && columns !== ANY_WIDTH) {
      fault = ROW_FAULT_WIDTH;
    }
    fieldFirst[row] = firstField;
    rows.rowStart[row] = rowStart;
    rows.rowLength[row] = at - rowStart;
    rows.rowLine[row] = fault === ROW_FAULT_QUOTE_OPEN ? openLine : rowLine;
    rows.rowOffset[row] = base + rowStart;
    rows.rowFault[row] = fault;
    row++;
    if (at < end) {
      line++;
      at++;
    }
  }
  fieldFirst[row] = field;
  result.rowCount = row;
  result.consumed = at;
  result.line = line;
}

/** From a quote that has no business there to the end of its field: other quotes in it mean
 *  nothing, so that the next row starts where a person would say it does. */
function skipStray(bytes: Uint8Array, from: number, end: number, delimiter: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at];
    if (byte === delimiter || byte === LF || byte === CR) break;
    at++;
  }
  return at;
}

const NEEDS_MORE = -1;

/** The end of the comment's line; `at` itself where no comment starts; NEEDS_MORE when the bytes
 *  end before that is known. */
function skipComment(
  bytes: Uint8Array,
  at: number,
  { end, final }: ScanInput,
  comment: Uint8Array,
): number {
  const known = Math.min(comment.length, end - at);
  for (let i = 1; i < known; i++) if (bytes[at + i] !== comment[i]) return at;
  // Cut in its sign, a comment is a cut row like any other; at the file's end it is a row.
  if (known < comment.length) return at;
  for (let i = at + known; i < end; i++) if (bytes[i] === LF || bytes[i] === CR) return i;
  return final ? end : NEEDS_MORE;
}
