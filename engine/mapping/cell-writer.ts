import type { RowBlock } from "../source/row-block.ts";
import type { CellSink } from "./cell-sink.ts";
import type { ValueProblem } from "./value-problem.ts";

/** Writes one cell of a row into the sink, or says why it can't. `field` is the cell's source field
 *  in the block, NO_FIELD where the column has none or the file lacks it. What a failing writer has
 *  put into the sink is taken back by the row loop. */
export type CellWriter = (
  block: RowBlock,
  row: number,
  field: number,
  sink: CellSink,
) => ValueProblem | null;

export const NO_FIELD = -1;
