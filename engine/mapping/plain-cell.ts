/** Plain columns on bytes: copied, hashed and judged where they lie, without a string or an object a
 *  row. This is the twin of the kernel, and repeats `cell-value.ts` faster: whatever is not surely
 *  fine here is declined and goes by way of the string, which alone says no. */
import { FIELD_ESCAPED } from "../source/row-block.ts";
import {
  type ByteCopy,
  changingCopy,
  copyBytes,
  DECLINED,
  NOT_DOUBLED,
  QUOTED,
  QUOTES_SHIFT,
  WIDE,
} from "./byte-copy.ts";
import { acceptsBytes } from "./byte-rule.ts";
import { spacesEnd, spacesStart } from "./byte-spaces.ts";
import { type CellColumn, type CellSink, closeCell, reserve } from "./cell-sink.ts";
import { type CellWriter, NO_FIELD } from "./cell-writer.ts";
import { dateCopy, dateTimeCopy } from "./date-copy.ts";
import { numberCopy } from "./number-copy.ts";
import type { PlainChange, PlainColumn } from "./plain-column.ts";
import { writeCell } from "./text-cell.ts";

/** Writes cells of a plain column; `decline` is the way by string. */
export function plainCellWriter(
  plain: PlainColumn,
  column: CellColumn,
  decline: CellWriter,
): CellWriter {
  const cell = { start: 0, quotes: 0, quoted: false };
  const copy = copyOf(plain.change);
  const { lengthMax, rule, trim } = plain;
  return (block, row, field, sink) => {
    if (field === NO_FIELD) return writeCell(plain.missing, column, sink);
    const { bytes } = block;
    let from = block.fieldStart[field] ?? 0;
    let to = block.fieldEnd[field] ?? 0;
    // Looked for before the changes too, where lower or digits would hide it.
    if (isNullText(bytes, from, to - from)) return decline(block, row, field, sink);
    if (trim) {
      to = spacesStart(bytes, from, to);
      from = spacesEnd(bytes, from, to);
    }
    if (from === to) return writeCell(plain.blank, column, sink);
    const start = sink.at;
    // A date or a number can come out longer than it went in, by less than this.
    reserve(sink, to - from + GROWTH_MAX);
    const doubled = (block.fieldFlags[field] ?? 0) & FIELD_ESCAPED ? block.file.quote : NOT_DOUBLED;
    const marks = copy(bytes, from, to, doubled, sink);
    const length = sink.at - start;
    const declined =
      (marks & DECLINED) !== 0 ||
      length === 0 ||
      isNullText(sink.bytes, start, length) ||
      (column.keyFolder !== null && (sink.bytes[start] ?? 0) <= SPACE) ||
      (lengthMax > 0 && length > lengthMax && tooLong(sink, start, lengthMax)) ||
      (rule !== null && ((marks & WIDE) !== 0 || !acceptsBytes(rule, sink.bytes, start, sink.at)));
    if (declined) {
      sink.at = start;
      return decline(block, row, field, sink);
    }
    sink.cleared = false;
    sink.literalNull = false;
    cell.start = start;
    cell.quotes = marks >>> QUOTES_SHIFT;
    cell.quoted = (marks & QUOTED) !== 0;
    closeCell(sink, column, cell);
    return null;
  };
}

function copyOf(change: PlainChange): ByteCopy {
  switch (change.kind) {
    case "copy":
      return copyBytes;
    case "letters":
      return changingCopy(change);
    case "number":
      return numberCopy(change.locale);
    case "date":
      return dateCopy(change.format);
    case "dateTime":
      return dateTimeCopy(change.format, change.zone);
  }
}

/** #N/A, which would erase the field. */
function isNullText(bytes: Uint8Array, start: number, length: number): boolean {
  return (
    length === 4 &&
    bytes[start] === 0x23 &&
    bytes[start + 1] === 0x4e &&
    bytes[start + 2] === 0x2f &&
    bytes[start + 3] === 0x41
  );
}

/** Counts characters, which are the bytes that do not continue one. */
function tooLong(sink: CellSink, start: number, max: number): boolean {
  let count = 0;
  for (let i = start; i < sink.at; i++) if (((sink.bytes[i] ?? 0) & 0xc0) !== 0x80) count++;
  return count > max;
}

const SPACE = 0x20;
const GROWTH_MAX = 32;
