// AssemblyScript, compiled to WebAssembly by scripts/build-kernel.mjs: tsc does not see this file.
// The twin of engine/source/scan-block.ts, byte for byte in what it finds: it looks at 64 bytes at a
// time for those that can end something, and visits only these. Addresses are those of
// engine/source/block-memory.ts. It may read up to 64 bytes beyond `end`: the memory is padded.

const LF: i32 = 10;
const CR: i32 = 13;

// These are the constants of engine/source/row-block.ts.
const FIELD_QUOTED: i32 = 1;
const FIELD_ESCAPED: i32 = 2;
const ROW_OK: i32 = 0;
const ROW_FAULT_WIDTH: i32 = 1;
const ROW_FAULT_QUOTE_OPEN: i32 = 2;
const ROW_FAULT_QUOTE_STRAY: i32 = 3;
const COLUMNS_MAX: i32 = 5000;

/** Where the scan is inside a field. */
const PLAIN: i32 = 0;
const QUOTED: i32 = 1;
/** After a closing quote: the next byte ends the field. */
const CLOSED: i32 = 2;
/** After a quote that has no business there: quotes mean nothing until the field ends. */
const STRAY: i32 = 3;
/** In a line that is no row. */
const COMMENT: i32 = 4;

let fieldFirst: i32 = 0;
let fieldStart: i32 = 0;
let fieldEnd: i32 = 0;
let fieldFlags: i32 = 0;
let rowStarts: i32 = 0;
let rowLengths: i32 = 0;
let rowLines: i32 = 0;
let rowOffsets: i32 = 0;
let rowFaults: i32 = 0;
let rowsMax: i32 = 0;
let fieldsMax: i32 = 0;

let delimiter: i32 = 44;
let quote: i32 = 34;
let columns: i32 = 0;
let commentAt: i32 = 0;
let commentLength: i32 = 0;

/** What the last scan found: see ScanResult. `lines` are line ends passed. */
export let rowCount: i32 = 0;
export let consumed: i32 = 0;
export let lines: i32 = 0;

/** Addresses and capacities of the arrays. */
export function setArrays(
  fieldFirstAt: i32,
  fieldStartAt: i32,
  fieldEndAt: i32,
  fieldFlagsAt: i32,
  rowStartAt: i32,
  rowLengthAt: i32,
  rowLineAt: i32,
  rowOffsetAt: i32,
  rowFaultAt: i32,
  rows: i32,
  fields: i32,
): void {
  fieldFirst = fieldFirstAt;
  fieldStart = fieldStartAt;
  fieldEnd = fieldEndAt;
  fieldFlags = fieldFlagsAt;
  rowStarts = rowStartAt;
  rowLengths = rowLengthAt;
  rowLines = rowLineAt;
  rowOffsets = rowOffsetAt;
  rowFaults = rowFaultAt;
  rowsMax = rows;
  fieldsMax = fields;
}

/** How the file writes rows; the comment's bytes lie at an address. */
export function setDialect(
  delimiterByte: i32,
  quoteByte: i32,
  columnCount: i32,
  comment: i32,
  commentBytes: i32,
): void {
  delimiter = delimiterByte;
  quote = quoteByte;
  columns = columnCount;
  commentAt = comment;
  commentLength = commentBytes;
}

/** See `scanBlock`. One long function on purpose: what it is in the middle of stays in registers. */
export function scan(start: i32, end: i32, final: bool, firstLine: f64, base: f64): void {
  const isDelimiter = i8x16.splat(<i8>delimiter);
  // Without a quote a line feed is looked for twice.
  const isQuote = i8x16.splat(<i8>(quote < 256 ? quote : LF));
  const isLf = i8x16.splat(<i8>LF);
  const isCr = i8x16.splat(<i8>CR);
  const keep: i32 = columns === 0 ? COLUMNS_MAX + 1 : columns;
  const lastFieldFirst: i32 = fieldsMax - keep;

  let row: i32 = 0;
  let field: i32 = 0;
  let line: i32 = 0;
  // Of the row that the scan is in:
  let rowStart: i32 = start;
  let rowLine: i32 = 0;
  let firstField: i32 = 0;
  let fieldCount: i32 = 0;
  let fault: i32 = ROW_OK;
  // Of the field that the scan is in:
  let mode: i32 = PLAIN;
  let from: i32 = start;
  let stop: i32 = start;
  let flags: i32 = 0;
  let openLine: i32 = 0;
  /** The second of two quotes is no event of its own. */
  let skipped: i32 = -1;
  let stopped: bool = false;

  if (startsComment(start, end)) mode = COMMENT;

  for (let at: i32 = start; at < end && !stopped; at += 64) {
    const b0 = v128.load(at);
    const b1 = v128.load(at, 16);
    const b2 = v128.load(at, 32);
    const b3 = v128.load(at, 48);
    let delimiters: u64 =
      bits(i8x16.eq(b0, isDelimiter)) |
      (bits(i8x16.eq(b1, isDelimiter)) << 16) |
      (bits(i8x16.eq(b2, isDelimiter)) << 32) |
      (bits(i8x16.eq(b3, isDelimiter)) << 48);
    let others: u64 =
      bits(ends(b0, isQuote, isLf, isCr)) |
      (bits(ends(b1, isQuote, isLf, isCr)) << 16) |
      (bits(ends(b2, isQuote, isLf, isCr)) << 32) |
      (bits(ends(b3, isQuote, isLf, isCr)) << 48);
    if (end - at < 64) {
      const inside: u64 = ((<u64>1) << (<u64>(end - at))) - 1;
      delimiters &= inside;
      others &= inside;
    }
    for (;;) {
      // Delimiters in a row, up to the next quote or line end: nothing else is nearly as frequent.
      let run: u64 = mode === PLAIN ? delimiters & ((others & (0 - others)) - 1) : 0;
      const runLength: i32 = <i32>popcnt(run);
      if (run !== 0 && fieldCount + runLength <= keep) {
        delimiters ^= run;
        fieldCount += runLength;
        for (; run !== 0; run &= run - 1) {
          const place: i32 = at + <i32>ctz(run);
          storeField(field, from, place, 0);
          field++;
          from = place + 1;
        }
      }
      const events: u64 = delimiters | others;
      if (events === 0) break;
      const place: i32 = at + <i32>ctz(events);
      const event: u64 = events & (0 - events);
      delimiters &= ~event;
      others &= ~event;
      const byte: i32 = load<u8>(place);

      if (mode === PLAIN || mode === CLOSED) {
        if (byte === delimiter) {
          if (fieldCount < keep) {
            storeField(field, from, mode === PLAIN ? place : stop, flags);
            field++;
          }
          fieldCount++;
          from = place + 1;
          mode = PLAIN;
          flags = 0;
          continue;
        }
        if (byte === quote) {
          if (place === from) {
            mode = QUOTED;
            flags = FIELD_QUOTED;
            from = place + 1;
            openLine = line;
          } else {
            mode = STRAY;
            fault = ROW_FAULT_QUOTE_STRAY;
          }
          continue;
        }
      } else if (mode === QUOTED) {
        if (byte === quote) {
          if (place === skipped) continue;
          if (place + 1 >= end) {
            // Whether this quote closes the field is not known before the next byte is.
            if (!final) {
              stopped = true;
              break;
            }
            stop = place;
            mode = CLOSED;
            continue;
          }
          const after: i32 = load<u8>(place + 1);
          if (after === quote) {
            flags = FIELD_QUOTED | FIELD_ESCAPED;
            skipped = place + 1;
          } else if (after === delimiter || after === LF || after === CR) {
            stop = place;
            mode = CLOSED;
          } else {
            mode = STRAY;
            fault = ROW_FAULT_QUOTE_STRAY;
          }
        } else if (byte === CR || (byte === LF && load<u8>(place - 1) !== CR)) {
          line++;
        }
        continue;
      } else {
        if (byte === quote) continue;
        if (byte === delimiter) {
          if (mode === COMMENT) continue;
          if (fieldCount < keep) {
            storeField(field, from, place, flags);
            field++;
          }
          fieldCount++;
          from = place + 1;
          mode = PLAIN;
          flags = 0;
          continue;
        }
      }

      // A line ends here, outside quotes: that of a row, of a comment, or a blank one.
      if (mode === COMMENT) {
        line++;
      } else if (place === rowStart) {
        if (byte === CR || load<u8>(place - 1) !== CR) line++;
      } else {
        if (fieldCount < keep) {
          storeField(field, from, mode === CLOSED ? stop : place, flags);
          field++;
        }
        fieldCount++;
        if (fault === ROW_OK && fieldCount !== columns && columns !== 0) fault = ROW_FAULT_WIDTH;
        storeRow(row, firstField, rowStart, place, firstLine + rowLine, base, fault);
        row++;
        line++;
        fault = ROW_OK;
        fieldCount = 0;
        firstField = field;
      }
      rowStart = place + 1;
      rowLine = line;
      from = rowStart;
      mode = PLAIN;
      flags = 0;
      if (row === rowsMax || field > lastFieldFirst) {
        stopped = true;
        break;
      }
      if (startsComment(rowStart, end)) mode = COMMENT;
    }
  }

  if (!stopped && final && rowStart < end) {
    // The file ends without a line end.
    if (mode !== COMMENT) {
      if (mode === QUOTED) {
        fault = ROW_FAULT_QUOTE_OPEN;
        rowLine = openLine;
      }
      if (fieldCount < keep) {
        storeField(field, from, mode === CLOSED ? stop : end, flags);
        field++;
      }
      fieldCount++;
      if (fault === ROW_OK && fieldCount !== columns && columns !== 0) fault = ROW_FAULT_WIDTH;
      storeRow(row, firstField, rowStart, end, firstLine + rowLine, base, fault);
      row++;
      firstField = field;
    }
    rowStart = end;
    rowLine = line;
  }
  store<i32>(fieldFirst + (row << 2), firstField);
  rowCount = row;
  consumed = rowStart;
  lines = rowLine;
}

/** The bytes that can end something, but for delimiters. */
// @inline
function ends(bytes: v128, isQuote: v128, isLf: v128, isCr: v128): v128 {
  const lines = v128.or(i8x16.eq(bytes, isLf), i8x16.eq(bytes, isCr));
  return v128.or(i8x16.eq(bytes, isQuote), lines);
}

// @inline
function bits(found: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(found));
}

// @inline
function storeField(field: i32, from: i32, stop: i32, flags: i32): void {
  store<i32>(fieldStart + (field << 2), from);
  store<i32>(fieldEnd + (field << 2), stop);
  store<u8>(fieldFlags + field, flags);
}

function storeRow(
  row: i32,
  firstField: i32,
  start: i32,
  end: i32,
  line: f64,
  base: f64,
  fault: i32,
): void {
  store<i32>(fieldFirst + (row << 2), firstField);
  store<i32>(rowStarts + (row << 2), start);
  store<i32>(rowLengths + (row << 2), end - start);
  store<f64>(rowLines + (row << 3), line);
  store<f64>(rowOffsets + (row << 3), base + <f64>start);
  store<u8>(rowFaults + row, fault);
}

/** Cut in its sign, a comment is a cut row like any other; at the file's end it is a row. */
function startsComment(at: i32, end: i32): bool {
  if (commentLength === 0 || end - at < commentLength) return false;
  for (let i: i32 = 0; i < commentLength; i++) {
    if (load<u8>(at + i) !== load<u8>(commentAt + i)) return false;
  }
  return true;
}
