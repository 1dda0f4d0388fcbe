/** Plain columns on bytes: copied, hashed and judged where they lie, without a string or an object a
 *  row. This is the twin of the kernel, and repeats `cell-value.ts` faster: whatever is not surely
 *  fine here is declined and goes by way of the string, which alone says no. */
import { FIELD_ESCAPED } from "../source/row-block.ts";
import { acceptsBytes, type ByteRule } from "./byte-rule.ts";
import { spacesEnd, spacesStart } from "./byte-spaces.ts";
import {
  type CellColumn,
  type CellSink,
  COMMA,
  CR,
  closeCell,
  LF,
  QUOTE,
  reserve,
} from "./cell-sink.ts";
import type { CellValue } from "./cell-value.ts";
import { type CellWriter, NO_FIELD } from "./cell-writer.ts";
import { writeCell } from "./text-cell.ts";
import type { ValueProblem } from "./value-problem.ts";

/** What a plain column does to its bytes, as data: what the kernel will be given too. */
export interface PlainColumn {
  readonly trim: boolean;
  readonly letters: "keep" | "lower" | "upper";
  readonly collapse: boolean;
  /** Keeps nothing but digits. */
  readonly digits: boolean;
  /** Characters at most; 0 for no limit. */
  readonly lengthMax: number;
  readonly rule: ByteRule | null;
  /** What a blank becomes. */
  readonly blank: CellValue | ValueProblem;
  /** What a column becomes that the file lacks. */
  readonly missing: CellValue | ValueProblem;
}

/** Writes cells of a plain column; `decline` is the way by string. */
export function plainCellWriter(
  plain: PlainColumn,
  column: CellColumn,
  decline: CellWriter,
): CellWriter {
  const copy = changesBytes(plain) ? changingCopy(plain) : copyBytes;
  const cell = { start: 0, quotes: 0, quoted: false };
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
    reserve(sink, to - from);
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

/** Copies bytes to the sink and says what it saw, as bits; at DECLINED what it wrote means nothing. */
type Copy = (
  source: Uint8Array,
  from: number,
  to: number,
  doubled: number,
  sink: CellSink,
) => number;

const DECLINED = 1;
/** The value needs quotes. */
const QUOTED = 2;
/** The value holds bytes beyond ASCII. */
const WIDE = 4;
/** The count of quotes in the value stands above the bits. */
const QUOTES_SHIFT = 3;
const ONE_QUOTE = 1 << QUOTES_SHIFT;
/** No byte: the field has no doubled quotes. */
const NOT_DOUBLED = -1;

function copyBytes(
  source: Uint8Array,
  from: number,
  to: number,
  doubled: number,
  sink: CellSink,
): number {
  const { bytes } = sink;
  let { at } = sink;
  let marks = 0;
  let seen = 0;
  for (let i = from; i < to; i++) {
    const byte = source[i] ?? 0;
    if (byte <= COMMA) {
      if (byte === QUOTE) marks = (marks + ONE_QUOTE) | QUOTED;
      else if (byte === COMMA || byte === LF) marks |= QUOTED;
      // Rewriting line ends is rare enough for a string.
      else if (byte === CR) return DECLINED;
    }
    if (byte === doubled) i++;
    seen |= byte;
    bytes[at++] = byte;
  }
  sink.at = at;
  return seen >= 0x80 ? marks | WIDE : marks;
}

function changesBytes({ letters, collapse, digits }: PlainColumn): boolean {
  return letters !== "keep" || collapse || digits;
}

/** A copy that changes ASCII on its way and declines everything else. */
function changingCopy({ letters, collapse, digits }: PlainColumn): Copy {
  const [low, high] =
    letters === "lower" ? [0x41, 0x5a] : letters === "upper" ? [0x61, 0x7a] : [1, 0];
  return (source, from, to, doubled, sink) => {
    const { bytes } = sink;
    let { at } = sink;
    let marks = 0;
    let inSpaces = false;
    for (let i = from; i < to; i++) {
      let byte = source[i] ?? 0;
      if (byte >= 0x80) return DECLINED;
      if (byte === doubled) i++;
      if (digits && (byte < 0x30 || byte > 0x39)) continue;
      const space = byte <= SPACE && (byte === SPACE || (byte >= 0x09 && byte <= 0x0d));
      if (collapse && space) {
        if (inSpaces) continue;
        byte = SPACE;
      }
      inSpaces = space;
      if (byte === QUOTE) marks = (marks + ONE_QUOTE) | QUOTED;
      else if (byte === COMMA || byte === LF) marks |= QUOTED;
      else if (byte === CR) return DECLINED;
      else if (byte >= low && byte <= high) byte ^= LETTER_CASE;
      bytes[at++] = byte;
    }
    sink.at = at;
    return marks;
  };
}

const SPACE = 0x20;
const LETTER_CASE = 0x20;

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
