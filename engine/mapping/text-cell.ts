import { FIELD_ESCAPED, type RowBlock } from "../source/row-block.ts";
import { type CellColumn, type CellSink, closeCell, reserve } from "./cell-sink.ts";
import type { CellValue } from "./cell-value.ts";
import { type CellWriter, NO_FIELD } from "./cell-writer.ts";
import type { ValueProblem } from "./value-problem.ts";

type ComputeCell = (text: string, missing: boolean) => CellValue | ValueProblem;

/** A cell by way of a string: right for every column, and the path of those that bytes can't do. */
export function textCellWriter(compute: ComputeCell, column: CellColumn): CellWriter {
  return (block, _row, field, sink) => {
    const text = field === NO_FIELD ? "" : fieldString(block, field);
    return writeCell(compute(text, field === NO_FIELD), column, sink);
  };
}

/** A cell that is the same in every row. */
export function constantCellWriter(
  value: CellValue | ValueProblem,
  column: CellColumn,
): CellWriter {
  return (_block, _row, _field, sink) => writeCell(value, column, sink);
}

/** Writes a computed value. */
export function writeCell(
  value: CellValue | ValueProblem,
  column: CellColumn,
  sink: CellSink,
): ValueProblem | null {
  if ("code" in value) return value;
  const { wire } = value;
  sink.cleared = value.cleared;
  sink.literalNull = value.literalNull;
  const start = sink.at;
  if (wire === "") {
    closeCell(sink, column, { start, quotes: 0, quoted: false });
    return null;
  }
  // UTF-8 takes at most three bytes for a UTF-16 unit.
  reserve(sink, wire.length * 3);
  sink.at += encoder.encodeInto(wire, sink.bytes.subarray(start)).written;
  const quotes = wire.includes('"') ? wire.split('"').length - 1 : 0;
  closeCell(sink, column, { start, quotes, quoted: quotes > 0 || /[,\n]/.test(wire) });
  return null;
}

const encoder = new TextEncoder();

/** A field of the block as a string. */
export function fieldString(block: RowBlock, field: number): string {
  const start = block.fieldStart[field] ?? 0;
  const end = block.fieldEnd[field] ?? 0;
  if (start === end) return "";
  const text = decoder.decode(block.bytes.subarray(start, end));
  if (((block.fieldFlags[field] ?? 0) & FIELD_ESCAPED) === 0) return text;
  const quote = String.fromCharCode(block.file.quote);
  return text.replaceAll(quote + quote, quote);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
