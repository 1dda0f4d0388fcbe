import type { RowBlock } from "../source/row-block.ts";
import { type CellSink, COMMA, reserve } from "./cell-sink.ts";
import { type CellWriter, NO_FIELD } from "./cell-writer.ts";
import type { KernelColumn } from "./kernel-columns.ts";
import type { ValueProblem } from "./value-problem.ts";

/** One output column, ready for rows. */
export interface RowColumn {
  readonly name: string;
  /** The source column; null for constants and expressions. */
  readonly from: string | null;
  readonly write: CellWriter;
  readonly isKey: boolean;
  /** The same for a kernel. */
  readonly inKernel: KernelColumn;
}

/** What is known of the row in hand. It goes to the block's output only once the row is whole, so that
 *  an invalid row leaves no trace but its problem. */
export interface RowCells {
  readonly columns: readonly RowColumn[];
  /** Where each column's field stands in a row of the file in hand; NO_FIELD where it has none. */
  readonly places: Int32Array;
  /** 1 for each column whose cell holds something. */
  readonly filled: Uint8Array;
  /** 1 for each column whose cell erases its field. */
  readonly cleared: Uint8Array;
  readonly fieldDigest: Uint16Array;
  /** The first two words of all digests, each summed up: beyond 32 bits until they are stored. */
  digestLow: number;
  digestHigh: number;
  literalNulls: number;
  /** Column whose cell could not be written. */
  refusedColumn: number;
}

export function createRowCells(columns: readonly RowColumn[]): RowCells {
  return {
    columns,
    places: new Int32Array(columns.length),
    filled: new Uint8Array(columns.length),
    cleared: new Uint8Array(columns.length),
    fieldDigest: new Uint16Array(columns.length),
    digestLow: 0,
    digestHigh: 0,
    literalNulls: 0,
    refusedColumn: -1,
  };
}

/** Finds the columns in a file's header: files of one spec may order them as they like. */
export function placeColumns({ columns, places }: RowCells, header: readonly string[]): void {
  columns.forEach((column, c) => {
    places[c] = column.from === null ? NO_FIELD : header.indexOf(column.from);
  });
}

/** Writes the cells of one row with commas between them, up to the first that can't be written. */
export function writeCells(
  cells: RowCells,
  block: RowBlock,
  row: number,
  sink: CellSink,
): ValueProblem | null {
  const { columns, places } = cells;
  const first = block.fieldFirst[row] ?? 0;
  let low = 0;
  let high = 0;
  cells.literalNulls = 0;
  for (let c = 0; c < columns.length; c++) {
    if (c > 0) {
      reserve(sink, 1);
      sink.bytes[sink.at++] = COMMA;
    }
    const place = places[c] ?? NO_FIELD;
    const field = place === NO_FIELD ? NO_FIELD : first + place;
    const problem = columns[c]?.write(block, row, field, sink) ?? null;
    if (problem !== null) {
      cells.refusedColumn = c;
      return problem;
    }
    cells.filled[c] = sink.filled ? 1 : 0;
    cells.cleared[c] = sink.cleared ? 1 : 0;
    if (sink.literalNull) cells.literalNulls++;
    // A sum, so that the order of the columns does not matter: the name of the field is in each digest,
    // and a reordered mapping sends nothing again.
    low += sink.digest[0] ?? 0;
    high += sink.digest[1] ?? 0;
    cells.fieldDigest[c] = sink.digest[2] ?? 0;
  }
  cells.digestLow = low;
  cells.digestHigh = high;
  return null;
}
