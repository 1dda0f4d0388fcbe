import { ROW_OK, type RowBlock } from "../source/row-block.ts";
import type { RowKernel } from "../source/row-kernel.ts";
import { type CellSink, createSink } from "./cell-sink.ts";
import { NO_FIELD } from "./cell-writer.ts";
import type { RowFilter } from "./expression-cell.ts";
import { encodeColumns, type KernelColumn } from "./kernel-columns.ts";
import { ROW_TOO_LONG, type RowRules } from "./map-rows.ts";
import type { RowCells } from "./row-cells.ts";
import { faultProblem } from "./row-fault.ts";
import {
  type MappedBlock,
  ROW_FILTERED,
  ROW_INVALID,
  ROW_MAPPED,
  type RowProblem,
} from "./row-program.ts";

/** What the kernel stopped for: see map.as.ts. */
const DONE = 0;
const CELL = 1;
const ROW = 2;
const FULL = 3;
const LONG_ROW = 4;

/** Maps blocks that lie in a kernel's memory: plain columns there, without a call a cell, the others by
 *  their writers, into the same output. Gives null for a block that is not the kernel's: `mapRows` does
 *  it then, from its first row on. */
export function kernelRows(
  rules: RowRules,
  cells: RowCells,
): (block: RowBlock, kernel: RowKernel) => MappedBlock | null {
  const columns = rules.columns.map((column) => column.inKernel);
  const width = columns.length;
  // Who belongs to a member is asked of every cell of a row; and a program of which the kernel could
  // do nothing gains nothing by it.
  const useful = rules.sides === null && columns.some((column) => column.rules !== null);
  const writeColumns = columnWriter(columns, cells.places);
  const problems = new Map<number, RowProblem>();
  const counts = newCellCounts(width);
  let sink: CellSink | null = null;
  return (block, kernel) => {
    const { rowCount } = block;
    const fits = rowCount < kernel.rowStart.length && rowCount * width <= kernel.fieldDigest.length;
    if (!useful || !fits || !writeColumns(block.file.header, kernel)) return null;
    if (sink?.bytes !== kernel.bytes) sink = createSink(kernel.bytes, { bare: true });
    problems.clear();
    counts.reset();
    const work = { rules, cells, block, kernel, sink, counts, problems };
    if (!mapAll(work)) return null;
    const { bytes, status, rowStart, keyDigest, rowDigest, fieldDigest } = kernel;
    const { cleared, literalNulls } = counts;
    const digests = { keyDigest, rowDigest, fieldDigest };
    return { rowCount, bytes, status, rowStart, ...digests, problems, cleared, literalNulls };
  };
}

/** Writes the table of columns into a kernel's memory, where another program's may have been; false when
 *  it has no room for them. It is made once for all blocks of a file. */
function columnWriter(
  columns: readonly KernelColumn[],
  places: Int32Array,
): (header: readonly string[], kernel: RowKernel) => boolean {
  let madeFor: { readonly header: readonly string[]; readonly at: number } | null = null;
  let encoded: Uint8Array | null = null;
  return (header, { table }) => {
    const at = table.byteOffset;
    if (madeFor?.header !== header || madeFor.at !== at) {
      madeFor = { header, at };
      encoded = encodeColumns(columns, places, { at, room: table.length });
    }
    if (encoded !== null) table.set(encoded);
    return encoded !== null;
  };
}

interface Work {
  readonly rules: RowRules;
  readonly cells: RowCells;
  readonly block: RowBlock;
  readonly kernel: RowKernel;
  readonly sink: CellSink;
  readonly counts: CellCounts;
  readonly problems: Map<number, RowProblem>;
}

/** Lets the kernel map, and does whatever it stops for; false when the output does not fit. */
function mapAll(work: Work): boolean {
  const { block, kernel, rules } = work;
  const { filter } = rules;
  let stop = kernel.kernel.startMap(
    block.rowCount,
    rules.columns.length,
    block.file.quote,
    filter === null ? 0 : 1,
  );
  while (stop !== DONE) {
    const row = kernel.place[0] ?? 0;
    if (stop === CELL) {
      stop = doCell(work, row);
      if (stop === FULL) return false;
    } else if (stop === ROW) {
      const verdict = judgeRow(block, row, filter);
      if (verdict === ROW_MAPPED) stop = kernel.kernel.openRow();
      else if (verdict === ROW_FILTERED) stop = kernel.kernel.dropRow(ROW_FILTERED);
      else stop = refuseRow(work, row, verdict);
    } else if (stop === LONG_ROW) {
      stop = refuseRow(work, row, { ...ROW_TOO_LONG, field: "" });
    } else {
      return false;
    }
  }
  return true;
}

/** Writes the cell for which the kernel stopped. */
function doCell(work: Work, row: number): number {
  const { cells, block, kernel, sink, counts } = work;
  const c = kernel.place[1] ?? 0;
  const column = cells.columns[c];
  const place = cells.places[c] ?? NO_FIELD;
  const field = place === NO_FIELD ? NO_FIELD : (block.fieldFirst[row] ?? 0) + place;
  sink.at = kernel.place[2] ?? 0;
  const problem = column?.write(block, row, field, sink) ?? null;
  // Beyond the memory's end the sink took a buffer of its own.
  if (sink.bytes !== kernel.bytes) return FULL;
  if (problem !== null) return refuseRow(work, row, { ...problem, field: column?.name ?? "" });
  counts.add(row, c, sink);
  if (column?.isKey)
    for (let i = 0; i < 4; i++) kernel.keyDigest[row * 4 + i] = sink.keyDigest[i] ?? 0;
  return kernel.kernel.takeCell(sink.at);
}

function refuseRow({ kernel, counts, problems }: Work, row: number, problem: RowProblem): number {
  counts.takeBack(row);
  problems.set(row, problem);
  return kernel.kernel.dropRow(ROW_INVALID);
}

function judgeRow(
  block: RowBlock,
  row: number,
  filter: RowFilter | null,
): typeof ROW_MAPPED | typeof ROW_FILTERED | RowProblem {
  const fault = block.rowFault[row] ?? ROW_OK;
  if (fault !== ROW_OK) return { ...faultProblem(fault, block, row), field: "" };
  if (filter === null) return ROW_MAPPED;
  const kept = filter(block, row);
  if (typeof kept !== "boolean") return { ...kept, field: "" };
  return kept ? ROW_MAPPED : ROW_FILTERED;
}

/** Counts of cells, of which those of a row can be taken back while it is in hand. */
interface CellCounts {
  readonly cleared: Uint32Array;
  literalNulls: number;
  reset(): void;
  add(row: number, column: number, sink: CellSink): void;
  takeBack(row: number): void;
}

function newCellCounts(width: number): CellCounts {
  const inRow: number[] = [];
  let row = -1;
  let literals = 0;
  return {
    cleared: new Uint32Array(width),
    literalNulls: 0,
    reset() {
      this.cleared.fill(0);
      this.literalNulls = 0;
      row = -1;
    },
    add(ofRow, column, sink) {
      if (!sink.cleared && !sink.literalNull) return;
      if (row !== ofRow) {
        row = ofRow;
        inRow.length = 0;
        literals = 0;
      }
      if (sink.literalNull) {
        this.literalNulls++;
        literals++;
      }
      if (sink.cleared) {
        this.cleared[column] = (this.cleared[column] ?? 0) + 1;
        inRow.push(column);
      }
    },
    takeBack(ofRow) {
      if (row !== ofRow) return;
      for (const column of inRow) this.cleared[column] = (this.cleared[column] ?? 0) - 1;
      this.literalNulls -= literals;
      row = -1;
    },
  };
}
