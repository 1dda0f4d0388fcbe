import {
  type CellColumn,
  type CellSink,
  COMMA,
  closeCell,
  LF,
  QUOTE,
  reserve,
} from "./cell-sink.ts";
import type { CellValue } from "./cell-value.ts";
import { type CellWriter, NO_FIELD } from "./cell-writer.ts";
import { fieldString } from "./field-string.ts";
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
  sink.cleared = value.cleared;
  sink.literalNull = value.literalNull;
  const { wire } = value;
  const start = sink.at;
  // UTF-8 takes at most three bytes for a UTF-16 unit.
  reserve(sink, wire.length * 3);
  const { bytes } = sink;
  let quotes = 0;
  let quoted = false;
  for (let i = 0; i < wire.length; i++) {
    const unit = wire.charCodeAt(i);
    if (unit === QUOTE) quotes++;
    else if (unit === COMMA || unit === LF) quoted = true;
    if (unit >= 0x80) return writeWide(wire, start, { column, sink });
    bytes[sink.at++] = unit;
  }
  closeCell(sink, column, { start, quotes, quoted: quoted || quotes > 0 });
  return null;
}

interface CellPlace {
  readonly column: CellColumn;
  readonly sink: CellSink;
}

/** The same for a value with more than ASCII in it; what was written of it is written over. */
function writeWide(wire: string, start: number, { column, sink }: CellPlace): null {
  sink.at = start + encoder.encodeInto(wire, sink.bytes.subarray(start)).written;
  const quotes = wire.includes('"') ? wire.split('"').length - 1 : 0;
  closeCell(sink, column, { start, quotes, quoted: quotes > 0 || /[,\n]/.test(wire) });
  return null;
}

const encoder = new TextEncoder();
