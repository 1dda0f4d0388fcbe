import { isUtf8 } from "node:buffer";
import { RECORD_BYTES_MAX, type RowArrays } from "./block-memory.ts";
import {
  RECORD_CHARACTERS_MAX,
  ROW_FAULT_ENCODING,
  ROW_FAULT_LONG,
  ROW_FAULT_NUL,
  ROW_FAULT_QUOTE_OPEN,
} from "./row-block.ts";

/** Marks the rows of a scanned block that hold a NUL, invalid UTF-8 or too many characters. The
 *  whole block is checked at once with the platform's fast paths; rows are looked at one by one
 *  only when that finds something. A NUL comes before bad text, and both before a wrong width: the
 *  cause is named, not its symptom. A quote that swallows the rest of the file comes before all. */
export function checkRows(
  bytes: Buffer,
  start: number,
  end: number,
  rows: RowArrays,
  rowCount: number,
): void {
  const block = bytes.subarray(start, end);
  if (!isUtf8(block)) markBadText(bytes, rows, rowCount);
  const nul = block.indexOf(0);
  if (nul >= 0) markNuls(bytes, start + nul, end, rows, rowCount);
  if (end - start > RECORD_CHARACTERS_MAX) markLong(bytes, rows, rowCount);
}

function markBadText(bytes: Buffer, rows: RowArrays, rowCount: number): void {
  for (let row = 0; row < rowCount; row++) {
    const start = rows.rowStart[row] ?? 0;
    if (!isUtf8(bytes.subarray(start, start + (rows.rowLength[row] ?? 0)))) {
      setFault(rows, row, ROW_FAULT_ENCODING);
    }
  }
}

function markNuls(
  bytes: Buffer,
  first: number,
  end: number,
  rows: RowArrays,
  rowCount: number,
): void {
  let nul = first;
  for (let row = 0; row < rowCount; row++) {
    const start = rows.rowStart[row] ?? 0;
    const stop = start + (rows.rowLength[row] ?? 0);
    if (nul < start) nul = next(bytes, start, end);
    if (nul >= stop) continue;
    setFault(rows, row, ROW_FAULT_NUL);
    nul = next(bytes, stop, end);
  }
}

function next(bytes: Buffer, from: number, end: number): number {
  const found = bytes.subarray(from, end).indexOf(0);
  return found < 0 ? end : from + found;
}

function markLong(bytes: Buffer, rows: RowArrays, rowCount: number): void {
  for (let row = 0; row < rowCount; row++) {
    const length = rows.rowLength[row] ?? 0;
    if (length <= RECORD_CHARACTERS_MAX) continue;
    const start = rows.rowStart[row] ?? 0;
    const long =
      length > RECORD_BYTES_MAX ||
      characterCount(bytes, start, start + length) > RECORD_CHARACTERS_MAX;
    if (long) setFault(rows, row, ROW_FAULT_LONG);
  }
}

function setFault(rows: RowArrays, row: number, fault: number): void {
  if (rows.rowFault[row] !== ROW_FAULT_QUOTE_OPEN) rows.rowFault[row] = fault;
}

/** Code points: each has one byte that is no continuation byte. */
function characterCount(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) count++;
  return count;
}
