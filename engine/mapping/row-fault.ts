import {
  ROW_FAULT_ENCODING,
  ROW_FAULT_LONG,
  ROW_FAULT_NUL,
  ROW_FAULT_QUOTE_OPEN,
  ROW_FAULT_QUOTE_STRAY,
  ROW_FAULT_WIDTH,
  type RowBlock,
} from "../source/row-block.ts";
import type { ValueProblem } from "./value-problem.ts";

/** A fault the reader found, in words. */
export function faultProblem(fault: number, block: RowBlock, row: number): ValueProblem {
  switch (fault) {
    case ROW_FAULT_WIDTH:
      return { code: "ROW_WIDTH", reason: widthReason(block, row) };
    case ROW_FAULT_QUOTE_OPEN:
      return { code: "ROW_QUOTE_OPEN", reason: "A quote opens in this row and is never closed." };
    case ROW_FAULT_QUOTE_STRAY:
      return {
        code: "ROW_QUOTE_STRAY",
        reason: "A quote stands inside an unquoted field, or text follows a closing quote.",
      };
    case ROW_FAULT_ENCODING:
      return {
        code: "ROW_ENCODING",
        reason: "The row holds bytes that are no text in the file's encoding.",
      };
    case ROW_FAULT_NUL:
      return { code: "ROW_NUL", reason: "The row holds a NUL byte, which no text file has." };
    case ROW_FAULT_LONG:
      return { code: "ROW_TOO_LONG", reason: "The row is longer than 400,000 characters." };
    default:
      throw new Error(
        `The reader found fault ${fault}, which mapping does not know. This is a bug.`,
      );
  }
}

function widthReason(block: RowBlock, row: number): string {
  const fields = (block.fieldFirst[row + 1] ?? 0) - (block.fieldFirst[row] ?? 0);
  const columns = block.file.header.length;
  // The reader keeps at most as many fields as the header has.
  if (fields >= columns) return `The row has more fields than the header, which has ${columns}.`;
  return `The row has ${fields} fields where the header has ${columns}.`;
}
