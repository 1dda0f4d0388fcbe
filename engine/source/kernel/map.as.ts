// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The columns of engine/mapping on the rows that scan.as.ts found, cell by cell where they lie. It works
// through a table of columns (see cell.as.ts) and stops at whatever it can't do: JavaScript does that one
// cell or row and says how to go on. The twin is engine/mapping/map-rows.ts with row-cells.ts, whose
// comments tell why; tests hold them together.

import {
  BLANK,
  COLUMN_BYTES,
  cellFirst,
  cellSecond,
  changedCell,
  characters,
  copiedCell,
  HOW,
  HOW_COPY,
  HOW_JAVASCRIPT,
  knownCell,
  PLACE,
  TRIM,
  writtenCell,
} from "./cell.as";
import { DECLINED } from "./copy.as";
import { spacesEnd, spacesStart } from "./spaces.as";

/** What it stopped for. */
const DONE: i32 = 0;
const CELL: i32 = 1;
const ROW: i32 = 2;
const FULL: i32 = 3;
const LONG_ROW: i32 = 4;

const LF: i32 = 10;
const COMMA: i32 = 44;
const FIELD_ESCAPED: i32 = 2;
const RECORD_CHARACTERS_MAX: i32 = 400000;
/** Bytes of a known cell, a comma, and what may be written beyond. */
const ROOM: i32 = 192;

let fieldFirst: i32 = 0;
let fieldStart: i32 = 0;
let fieldEnd: i32 = 0;
let fieldFlags: i32 = 0;
let rowFaults: i32 = 0;

let columnsAt: i32 = 0;
let columnsEnd: i32 = 0;
let statusAt: i32 = 0;
let rowStartAt: i32 = 0;
let keyDigestAt: i32 = 0;
let rowDigestAt: i32 = 0;
let fieldDigestAt: i32 = 0;
let outStart: i32 = 0;
let outEnd: i32 = 0;

let rowCount: i32 = 0;
let sourceQuote: i32 = 0;
let gated: bool = false;

/** Where the mapping is: stored at `placeAt` for JavaScript whenever it stops. */
let mapRow: i32 = 0;
let mapColumn: i32 = 0;
let mapOut: i32 = 0;
let placeAt: i32 = 0;
let opened: bool = false;
/** Sum of the first halves of the row's digests. */
let rowSum: u64 = 0;

export function setMapInput(first: i32, start: i32, end: i32, flags: i32, faults: i32): void {
  fieldFirst = first;
  fieldStart = start;
  fieldEnd = end;
  fieldFlags = flags;
  rowFaults = faults;
}

export function setMapOutput(
  columns: i32,
  status: i32,
  rowStart: i32,
  keyDigest: i32,
  rowDigest: i32,
  fieldDigest: i32,
  place: i32,
  out: i32,
  end: i32,
): void {
  columnsAt = columns;
  statusAt = status;
  rowStartAt = rowStart;
  keyDigestAt = keyDigest;
  rowDigestAt = rowDigest;
  fieldDigestAt = fieldDigest;
  placeAt = place;
  outStart = out;
  outEnd = end;
}

/** Maps the rows that were scanned last until it must stop, and says for what. `gate`: JavaScript looks
 *  at every row first. */
export function startMap(rows: i32, columns: i32, quote: i32, gate: i32): i32 {
  rowCount = rows;
  columnsEnd = columnsAt + columns * COLUMN_BYTES;
  sourceQuote = quote;
  gated = gate !== 0;
  mapOut = outStart;
  startRow(0);
  return mapOn();
}

/** Goes on with the row for which it stopped. */
export function openRow(): i32 {
  opened = true;
  return mapOn();
}

/** Leaves out the row for which it stopped, filtered or invalid, and goes on. */
export function dropRow(status: i32): i32 {
  store<u8>(statusAt + mapRow, status);
  mapOut = load<i32>(rowStartAt + (mapRow << 2));
  startRow(mapRow + 1);
  return mapOn();
}

/** Goes on after the cell for which it stopped: JavaScript wrote it bare, up to `end`. */
export function takeCell(end: i32): i32 {
  if (end * 2 - mapOut + ROOM > outEnd) return FULL;
  mapOut = writtenCell(mapColumn, mapOut, end);
  store<u16>(fieldDigest(), <u16>cellSecond);
  store<u8>(mapOut++, COMMA);
  rowSum += cellFirst;
  mapColumn += COLUMN_BYTES;
  return mapOn();
}

function startRow(row: i32): void {
  mapRow = row;
  mapColumn = columnsAt;
  opened = false;
  rowSum = 0;
}

/** Where the current cell's digest goes. */
function fieldDigest(): i32 {
  const width: i32 = (columnsEnd - columnsAt) / COLUMN_BYTES;
  return fieldDigestAt + ((mapRow * width + (mapColumn - columnsAt) / COLUMN_BYTES) << 1);
}

function mapOn(): i32 {
  const stop: i32 = mapRows();
  store<i32>(placeAt, mapRow);
  store<i32>(placeAt, (mapColumn - columnsAt) / COLUMN_BYTES, 4);
  store<i32>(placeAt, mapOut, 8);
  return stop;
}

function mapRows(): i32 {
  while (mapRow < rowCount) {
    if (!opened) {
      store<i32>(rowStartAt + (mapRow << 2), mapOut);
      if (gated || load<u8>(rowFaults + mapRow) !== 0) return ROW;
      opened = true;
    }
    const stop: i32 = mapCells();
    if (stop !== DONE) return stop;
    const start: i32 = load<i32>(rowStartAt + (mapRow << 2));
    // The line's end is no part of the record.
    if (mapOut - 1 - start > RECORD_CHARACTERS_MAX) {
      if (characters(start, mapOut - 1) > RECORD_CHARACTERS_MAX) return LONG_ROW;
    }
    store<u64>(rowDigestAt + (mapRow << 3), rowSum);
    store<u8>(statusAt + mapRow, 0);
    startRow(mapRow + 1);
  }
  store<i32>(rowStartAt + (rowCount << 2), mapOut);
  return DONE;
}

/** The cells of a row from the current one on, and the line's end. */
function mapCells(): i32 {
  const first: i32 = load<i32>(fieldFirst + (mapRow << 2)) << 2;
  const starts: i32 = fieldStart + first;
  const ends: i32 = fieldEnd + first;
  const flags: i32 = fieldFlags + (first >> 2);
  const keyAt: i32 = keyDigestAt + (mapRow << 4);
  const limit: i32 = outEnd - ROOM;
  const last: i32 = columnsEnd;
  let digests: i32 = fieldDigest();
  let sum: u64 = rowSum;
  let out: i32 = mapOut;
  let at: i32 = mapColumn;
  let stop: i32 = DONE;
  for (; at < last; at += COLUMN_BYTES) {
    const how: i32 = load<i32>(at, HOW);
    const place: i32 = load<i32>(at, PLACE);
    let from: i32 = load<i32>(starts + place);
    let to: i32 = load<i32>(ends + place);
    stop = out + ((to - from) << 1) > limit ? FULL : how === HOW_JAVASCRIPT ? CELL : DONE;
    if (stop !== DONE) break;
    if (load<i32>(at, TRIM) !== 0) {
      to = spacesStart(from, to);
      from = spacesEnd(from, to);
    }
    let next: i32;
    if (from === to) {
      next = knownCell(load<i32>(at, BLANK), out);
    } else {
      const escaped: bool = (load<u8>(flags + (place >> 2)) & FIELD_ESCAPED) !== 0;
      next =
        how === HOW_COPY && !escaped
          ? copiedCell(at, from, to - from, out, keyAt)
          : changedCell(at, escaped ? sourceQuote : 0, from, to, out, keyAt);
    }
    if (next === DECLINED) {
      stop = CELL;
      break;
    }
    store<u8>(next, COMMA);
    store<u16>(digests, <u16>cellSecond);
    out = next + 1;
    digests += 2;
    sum += cellFirst;
  }
  rowSum = sum;
  mapOut = out;
  mapColumn = at;
  if (stop === DONE) store<u8>(out - 1, LF);
  return stop;
}
