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
  HOW_COPY,
  HOW_MASK,
  isTooLong,
  JUDGED,
  knownCell,
  LENGTH_MAX,
  NULL_TEXT,
  PLACE,
  passesInline,
  SEED,
  SHAPE,
  TRIMMED,
  writtenCell,
} from "./cell.as";
import { DECLINED, quoteInPlace, specials } from "./copy.as";
import { firstBytes, joinFirst, joinSecond, mixFirst, mixSecond, spread } from "./murmur.as";
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

/** The cells of a row from the current one on, and the line's end. One long function on purpose: a text
 *  that stays as it is is copied, digested and searched for what needs quotes in registers. */
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
  let column: i32 = mapColumn;
  let stop: i32 = DONE;
  for (; column < last; column += COLUMN_BYTES) {
    const place: i32 = load<i32>(column, PLACE);
    const shape: i32 = load<i32>(column, SHAPE);
    let from: i32 = load<i32>(starts + place);
    let to: i32 = load<i32>(ends + place);
    if (out + ((to - from) << 1) > limit) {
      stop = FULL;
      break;
    }
    if ((shape & TRIMMED) !== 0) {
      to = spacesStart(from, to);
      from = spacesEnd(from, to);
    }
    const length: i32 = to - from;
    const escaped: i32 = load<u8>(flags + (place >> 2)) & FIELD_ESCAPED;
    let next: i32 = out + length;
    if (length > 0 && ((shape & HOW_MASK) | (escaped << 8)) === HOW_COPY) {
      let h1: u64 = load<u32>(column, SEED);
      let h2: u64 = h1;
      let marks: v128 = i64x2(0, 0);
      let at: i32 = out;
      for (; to - from >= 16; from += 16, at += 16) {
        const bytes = v128.load(from);
        v128.store(at, bytes);
        marks = v128.or(marks, specials(bytes));
        h1 = joinFirst(h1, h2, i64x2.extract_lane(bytes, 0));
        h2 = joinSecond(h1, h2, i64x2.extract_lane(bytes, 1));
      }
      // As `finish` of murmur.as.ts.
      const tail = firstBytes(v128.load(from), to - from);
      v128.store(at, tail);
      marks = v128.or(marks, specials(tail));
      h1 ^= mixFirst(i64x2.extract_lane(tail, 0)) ^ length;
      h2 ^= mixSecond(i64x2.extract_lane(tail, 1)) ^ length;
      h1 += h2;
      h2 = spread(h2 + h1);
      h1 = spread(h1) + h2;
      const known: bool = load<u32>(out) !== NULL_TEXT || length !== 4;
      if (
        !known ||
        (length > load<i32>(column, LENGTH_MAX) && isTooLong(column, out, next)) ||
        ((shape & JUDGED) !== 0 && !passesInline(column, out, next, keyAt))
      ) {
        stop = CELL;
        break;
      }
      if (v128.any_true(marks)) {
        next = quoteInPlace(out, next);
        if (next === DECLINED) {
          stop = CELL;
          break;
        }
      }
      store<u16>(digests, <u16>(h2 + h1));
      sum += h1;
    } else {
      next =
        length === 0
          ? knownCell(load<i32>(column, BLANK), out)
          : changedCell(column, escaped !== 0 ? sourceQuote : 0, from, to, out, keyAt);
      if (next === DECLINED) {
        stop = CELL;
        break;
      }
      store<u16>(digests, <u16>cellSecond);
      sum += cellFirst;
    }
    store<u8>(next, COMMA);
    out = next + 1;
    digests += 2;
  }
  rowSum = sum;
  mapOut = out;
  mapColumn = column;
  if (stop === DONE) store<u8>(out - 1, LF);
  return stop;
}
