import type { RowBlock } from "../source/row-block.ts";
import type { CellColumn } from "./cell-sink.ts";
import type { CellValue } from "./cell-value.ts";
import type { CellWriter } from "./cell-writer.ts";
import { fieldString } from "./field-string.ts";
import { compileRowExpression, evaluateFilter, evaluateText } from "./row-expression.ts";
import { writeCell } from "./text-cell.ts";
import type { ValueProblem } from "./value-problem.ts";

type ComputeCell = (text: string, missing: boolean) => CellValue | ValueProblem;

/** A cell that is computed from the row; the result then goes the way of any source text. */
export function expressionCellWriter(
  text: string,
  compute: ComputeCell,
  column: CellColumn,
): CellWriter {
  const expression = compileRowExpression(text);
  const readRow = rowReader(expression.columns);
  return (block, row, _field, sink) => {
    const result = evaluateText(expression, readRow(block, row));
    if (typeof result !== "string") return result;
    return writeCell(compute(result, false), column, sink);
  };
}

/** A filter over rows: kept, not kept, or why that could not be told. */
export type RowFilter = (block: RowBlock, row: number) => boolean | ValueProblem;

/** The spec's `where`, on the strings as the source has them. */
export function compileFilter(text: string): RowFilter {
  const expression = compileRowExpression(text);
  const readRow = rowReader(expression.columns);
  return (block, row) => evaluateFilter(expression, readRow(block, row));
}

/** The columns an expression looks at, by name. A column that the file lacks is not there either, so
 *  that has() can ask. The map is used again for every row. */
function rowReader(
  columns: readonly string[],
): (block: RowBlock, row: number) => ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let header: readonly string[] | null = null;
  let places: readonly number[] = [];
  return (block, row) => {
    if (header !== block.file.header) {
      header = block.file.header;
      places = columns.map((column) => block.file.header.indexOf(column));
      values.clear();
    }
    const first = block.fieldFirst[row] ?? 0;
    for (let i = 0; i < columns.length; i++) {
      const place = places[i] ?? -1;
      if (place >= 0) values.set(columns[i] ?? "", fieldString(block, first + place));
    }
    return values;
  };
}
