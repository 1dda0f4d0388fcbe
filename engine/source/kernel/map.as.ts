// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The plain columns of engine/mapping on the rows that scan.as.ts found: cells are copied, changed,
// judged, hashed and quoted where they lie. It works through a table of columns (one record of
// COLUMN_BYTES each, laid out below and written by engine/mapping/kernel-columns.ts) and stops at
// whatever is not plain: JavaScript does that one cell or row and says how to go on. The twin is
// engine/mapping/plain-cell.ts with row-cells.ts, whose comments tell why; tests hold them together.
// It may read up to 64 bytes beyond a field and write as far beyond `out`: the memory is padded.

import { accepts, RULE_NONE } from "./byte-rules.as";
import {
  copyChanged,
  copyNumber,
  copyPlain,
  DECLINED,
  quoted,
  quoteInPlace,
  wide,
} from "./copy.as";
import { murmur, murmur1, murmur2, murmur3, murmur4 } from "./murmur.as";
import { spacesEnd, spacesStart } from "./spaces.as";

const COLUMN_BYTES: i32 = 64;
/** Place of the field in a source row. */
const PLACE: usize = 0;
const HOW: usize = 4;
const TRIM: usize = 8;
/** Characters at most; 0 for no limit. */
const LENGTH_MAX: usize = 12;
const RULE: usize = 16;
const RULE_DETAIL: usize = 20;
const PREFIXES: usize = 24;
const SEED: usize = 28;
const KEY: usize = 32;
/** 1 where a blank cell stays empty. */
const BLANK: usize = 36;
/** The words 10 to 13 are told in copy.as.ts. */
/** Address of 256 bytes that tell what each byte is in a number. */
const KINDS: usize = 56;

const HOW_JAVASCRIPT: i32 = 0;
const HOW_COPY: i32 = 1;
const HOW_LETTERS: i32 = 2;
const HOW_NUMBER: i32 = 3;

const KEY_NONE: i32 = 0;
const KEY_TEXT: i32 = 1;
const KEY_NUMBER: i32 = 3;
const KEY_ID: i32 = 4;

/** What it stopped for. */
const DONE: i32 = 0;
const CELL: i32 = 1;
const ROW: i32 = 2;
const FULL: i32 = 3;
const LONG_ROW: i32 = 4;

const NO_ROOM: i32 = -2;

const NULL_TEXT: u32 = 0x412f4e23;
const LF: i32 = 10;
const SPACE: i32 = 32;
const COMMA: i32 = 44;
const FIELD_ESCAPED: i32 = 2;
const RECORD_CHARACTERS_MAX: i32 = 400000;
const KEY_BYTES_MAX: i32 = 512;

let fieldFirst: i32 = 0;
let fieldStart: i32 = 0;
let fieldEnd: i32 = 0;
let fieldFlags: i32 = 0;
let rowFaults: i32 = 0;

let columnsAt: i32 = 0;
let statusAt: i32 = 0;
let rowStartAt: i32 = 0;
let keyDigestAt: i32 = 0;
let rowDigestAt: i32 = 0;
let fieldDigestAt: i32 = 0;
let keyScratch: i32 = 0;
let outStart: i32 = 0;
let outEnd: i32 = 0;

let rowCount: i32 = 0;
let width: i32 = 0;
let sourceQuote: i32 = 0;
let gated: bool = false;

/** Where the mapping is: stored at `placeAt` for JavaScript whenever it stops. */
let mapRow: i32 = 0;
let mapColumn: i32 = 0;
let mapOut: i32 = 0;
let placeAt: i32 = 0;
let opened: bool = false;
let low: u32 = 0;
let high: u32 = 0;

/** First three words of the digest of the cell just written. */
let cell1: u32 = 0;
let cell2: u32 = 0;
let cell3: u32 = 0;

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
  scratch: i32,
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
  keyScratch = scratch;
  placeAt = place;
  outStart = out;
  outEnd = end;
}

/** Maps the rows that were scanned last until something is not plain, and says what. `gate`: JavaScript
 *  looks at every row first. */
export function startMap(rows: i32, columns: i32, quote: i32, gate: i32): i32 {
  rowCount = rows;
  width = columns;
  sourceQuote = quote;
  gated = gate !== 0;
  mapRow = 0;
  mapColumn = 0;
  mapOut = outStart;
  opened = false;
  low = 0;
  high = 0;
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
  nextRow();
  return mapOn();
}

/** Goes on after the cell for which it stopped: JavaScript wrote it, up to `out`, and gives its digest. */
export function takeCell(out: i32, digest1: i32, digest2: i32, digest3: i32): i32 {
  mapOut = out;
  low += digest1;
  high += digest2;
  store<u16>(fieldDigestAt + ((mapRow * width + mapColumn) << 1), digest3);
  mapColumn++;
  return mapOn();
}

function nextRow(): void {
  mapRow++;
  mapColumn = 0;
  opened = false;
  low = 0;
  high = 0;
}

function mapOn(): i32 {
  const stop: i32 = mapRows();
  store<i32>(placeAt, mapRow);
  store<i32>(placeAt, mapColumn, 4);
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
    if (mapOut - load<i32>(rowStartAt + (mapRow << 2)) > RECORD_CHARACTERS_MAX) {
      mapOut--;
      if (isTooLong(load<i32>(rowStartAt + (mapRow << 2)), mapOut)) return LONG_ROW;
      mapOut++;
    }
    store<u32>(rowDigestAt + (mapRow << 3), low);
    store<u32>(rowDigestAt + (mapRow << 3), high, 4);
    store<u8>(statusAt + mapRow, 0);
    nextRow();
  }
  store<i32>(rowStartAt + (rowCount << 2), mapOut);
  return DONE;
}

/** The cells of a row from the current one on, and the line's end. */
function mapCells(): i32 {
  const first: i32 = load<i32>(fieldFirst + (mapRow << 2));
  const digests: i32 = fieldDigestAt + ((mapRow * width) << 1);
  let out: i32 = mapOut;
  let column: i32 = mapColumn;
  let at: i32 = columnsAt + column * COLUMN_BYTES;
  for (; column < width; column++, at += COLUMN_BYTES) {
    if (out + 64 > outEnd) return FULL;
    if (column > 0) store<u8>(out++, COMMA);
    let next: i32 = DECLINED;
    if (load<i32>(at, HOW) !== HOW_JAVASCRIPT) next = cell(at, first + load<i32>(at, PLACE), out);
    if (next < 0) {
      mapOut = out;
      mapColumn = column;
      return next === NO_ROOM ? FULL : CELL;
    }
    out = next;
    low += cell1;
    high += cell2;
    store<u16>(digests + (column << 1), cell3);
  }
  if (out + 64 > outEnd) return FULL;
  store<u8>(out++, LF);
  mapOut = out;
  return DONE;
}

/** Writes one cell at `out` and gives where it ends. */
function cell(column: i32, field: i32, out: i32): i32 {
  let from: i32 = load<i32>(fieldStart + (field << 2));
  let to: i32 = load<i32>(fieldEnd + (field << 2));
  if (isNullText(from, to)) return DECLINED;
  if (load<i32>(column, TRIM) !== 0) {
    to = spacesStart(from, to);
    from = spacesEnd(from, to);
  }
  if (from === to) {
    if (load<i32>(column, BLANK) === 0) return DECLINED;
    cell1 = 0;
    cell2 = 0;
    cell3 = 0;
    return out;
  }
  if (out + (to - from) * 2 + 128 > outEnd) return NO_ROOM;
  const escaped: bool = (load<u8>(fieldFlags + field) & FIELD_ESCAPED) !== 0;
  const how: i32 = load<i32>(column, HOW);
  let end: i32;
  let digestFrom: i32 = out;
  if (how === HOW_COPY && !escaped) {
    end = copyPlain(from, to, out);
    digestFrom = from;
  } else if (how === HOW_NUMBER) {
    end = copyNumber(load<i32>(column, KINDS), from, to, out);
  } else {
    end = copyChanged(column, how === HOW_LETTERS, escaped ? sourceQuote : -1, from, to, out);
  }
  if (end < 0) return DECLINED;
  const length: i32 = end - out;
  if (length === 0 || isNullText(out, end)) return DECLINED;
  const lengthMax: i32 = load<i32>(column, LENGTH_MAX);
  if (lengthMax > 0 && length > lengthMax && characters(out, end) > lengthMax) return DECLINED;
  const rule: i32 = load<i32>(column, RULE);
  if (rule !== RULE_NONE) {
    if (wide) return DECLINED;
    const prefixes: i32 = load<i32>(column, PREFIXES);
    if (!accepts(rule, load<i32>(column, RULE_DETAIL), prefixes, out, end)) return DECLINED;
  }
  if (load<i32>(column, KEY) !== KEY_NONE && !digestKey(load<i32>(column, KEY), out, end)) {
    return DECLINED;
  }
  murmur(digestFrom, digestFrom + length, load<u32>(column, SEED));
  cell1 = murmur1;
  cell2 = murmur2;
  cell3 = murmur3;
  return quoted ? quoteInPlace(out, end) : end;
}

/** Folds the key and stores its digest; false where only JavaScript knows how. */
function digestKey(kind: i32, from: i32, to: i32): bool {
  const start: i32 = from;
  let end: i32 = to;
  if (<i32>load<u8>(start) <= SPACE || wide) return false;
  while (end > start && <i32>load<u8>(end - 1) <= SPACE) end--;
  if (kind === KEY_ID && end > start + 15) end = start + 15;
  const length: i32 = end - start;
  if (length > KEY_BYTES_MAX) return false;
  if (kind === KEY_NUMBER && (length > 20 || (length > 1 && load<u8>(start) === 0x30)))
    return false;
  for (let i: i32 = 0; i < length; i++) {
    let byte: i32 = load<u8>(start + i);
    if (kind === KEY_NUMBER && (byte < 0x30 || byte > 0x39)) return false;
    if (kind === KEY_TEXT && byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    store<u8>(keyScratch + i, byte);
  }
  murmur(keyScratch, keyScratch + length, 0);
  const at: i32 = keyDigestAt + (mapRow << 4);
  store<u32>(at, murmur1);
  store<u32>(at, murmur2, 4);
  store<u32>(at, murmur3, 8);
  store<u32>(at, murmur4, 12);
  return true;
}

function isNullText(from: i32, to: i32): bool {
  return to - from === 4 && load<u32>(from) === NULL_TEXT;
}

/** Bytes that do not continue a character. */
function characters(from: i32, to: i32): i32 {
  let count: i32 = 0;
  for (let i: i32 = from; i < to; i++) if ((load<u8>(i) & 0xc0) !== 0x80) count++;
  return count;
}

function isTooLong(from: i32, to: i32): bool {
  return characters(from, to) > RECORD_CHARACTERS_MAX;
}
