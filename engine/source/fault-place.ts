import { isUtf8 } from "node:buffer";
import {
  ROW_FAULT_ENCODING,
  ROW_FAULT_NUL,
  ROW_FAULT_QUOTE_OPEN,
  ROW_FAULT_QUOTE_STRAY,
  type RowBlock,
} from "./row-block.ts";

const LF = 10;
const CR = 13;

/** A place in the source as an editor counts: lines and characters from 1. */
export interface FaultPlace {
  readonly line: number;
  readonly column: number;
}

/** Where in the file a row's fault can be seen: the stray or open quote, the NUL, the first byte
 *  that is no text; the row's beginning for the others. Looks at the row's bytes again, so that
 *  the row path keeps no places; for messages. */
export function faultPlace(block: RowBlock, row: number): FaultPlace {
  const start = block.rowStart[row] ?? 0;
  const bytes = block.bytes.subarray(start, start + (block.rowLength[row] ?? 0));
  const line = block.rowLine[row] ?? 1;
  const fault = block.rowFault[row];
  // The row of a quote that swallowed more than is kept: only its line is known.
  const isWhole = bytes.length === block.rowLength[row];
  switch (fault) {
    case ROW_FAULT_NUL:
      return placeOf(bytes, bytes.indexOf(0), line);
    case ROW_FAULT_ENCODING:
      return placeOf(bytes, firstBadByte(bytes), line);
    case ROW_FAULT_QUOTE_STRAY:
      return placeOf(bytes, quotePlaces(bytes, block).stray, line);
    case ROW_FAULT_QUOTE_OPEN:
      if (!isWhole) return { line, column: 1 };
      // `line` is that of the quote already; only the column is looked for.
      return { line, column: placeOf(bytes, quotePlaces(bytes, block).open, 1).column };
    default:
      return { line, column: 1 };
  }
}

function placeOf(bytes: Uint8Array, at: number, firstLine: number): FaultPlace {
  let line = firstLine;
  let lineStart = 0;
  for (let i = 0; i < at; i++) {
    if (bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF)) {
      line++;
      lineStart = i + 1;
    }
  }
  const before = bytes.subarray(lineStart, Math.max(at, lineStart));
  return { line, column: Buffer.from(before).toString("utf8").length + 1 };
}

function firstBadByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (!isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return 0;
}

/** The first quote that has no business where it stands, or text after a closing one; and the quote
 *  that opened last. */
function quotePlaces(bytes: Uint8Array, block: RowBlock): { stray: number; open: number } {
  const { quote, delimiter } = block.file;
  let place: "fieldStart" | "plain" | "quoted" | "afterQuote" = "fieldStart";
  let stray = -1;
  let open = 0;
  for (const [at, byte] of bytes.entries()) {
    if (place === "quoted") {
      if (byte === quote) place = "afterQuote";
    } else if (byte === quote && place !== "plain") {
      if (place === "fieldStart") open = at;
      place = "quoted";
    } else if (byte === delimiter) {
      place = "fieldStart";
    } else {
      if (stray < 0 && (byte === quote || place === "afterQuote")) stray = at;
      place = "plain";
    }
  }
  return { stray: Math.max(stray, 0), open };
}
