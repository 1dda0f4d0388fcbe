import { RECORD_CHARACTERS_MAX, ROW_OK, type RowBlock } from "../source/row-block.ts";
import { type CellSink, createSink, LF, reserve } from "./cell-sink.ts";
import type { RowFilter } from "./expression-cell.ts";
import { kernelRows } from "./kernel-rows.ts";
import { type MemberSides, memberProblem } from "./member-sides.ts";
import {
  createRowCells,
  placeColumns,
  type RowCells,
  type RowColumn,
  writeCells,
} from "./row-cells.ts";
import { faultProblem } from "./row-fault.ts";
import {
  type MappedBlock,
  ROW_FILTERED,
  ROW_INVALID,
  ROW_MAPPED,
  type RowProblem,
} from "./row-program.ts";
import type { ValueProblem } from "./value-problem.ts";

export interface RowRules {
  readonly columns: readonly RowColumn[];
  readonly filter: RowFilter | null;
  readonly sides: MemberSides | null;
}

/** The loop over the rows of a block, where it lies in a kernel's memory: the kernel's own. All its
 *  buffers are kept from block to block and only grow. */
export function mapRows(rules: RowRules): (block: RowBlock) => MappedBlock {
  const sink = createSink();
  const cells = createRowCells(rules.columns);
  const inHand = { cells, sink };
  const out = createOutput(rules.columns.length);
  const byKernel = kernelRows(rules, cells);
  let header: readonly string[] | null = null;
  return (block) => {
    if (header !== block.file.header) {
      header = block.file.header;
      placeColumns(cells, header);
    }
    const kernel = block.kernel ?? null;
    const mapped = kernel === null ? null : byKernel(block, kernel);
    if (mapped !== null) return mapped;
    resetOutput(out, block.rowCount);
    sink.at = 0;
    for (let row = 0; row < block.rowCount; row++) {
      const start = sink.at;
      out.rowStart[row] = start;
      const verdict = mapRow(rules, block, row, inHand);
      if (verdict === ROW_MAPPED) {
        keepRow(out, row, inHand);
        continue;
      }
      sink.at = start;
      out.status[row] = verdict === ROW_FILTERED ? ROW_FILTERED : ROW_INVALID;
      if (verdict !== ROW_FILTERED) out.problems.set(row, verdict);
    }
    out.rowStart[block.rowCount] = sink.at;
    return { ...out, rowCount: block.rowCount, bytes: sink.bytes };
  };
}

interface RowInHand {
  readonly cells: RowCells;
  readonly sink: CellSink;
}

/** Writes one row into the sink and says what became of it. */
function mapRow(
  { filter, sides }: RowRules,
  block: RowBlock,
  row: number,
  { cells, sink }: RowInHand,
): typeof ROW_MAPPED | typeof ROW_FILTERED | RowProblem {
  const fault = block.rowFault[row] ?? ROW_OK;
  if (fault !== ROW_OK) return { ...faultProblem(fault, block, row), field: "" };
  if (filter !== null) {
    const kept = filter(block, row);
    if (typeof kept !== "boolean") return { ...kept, field: "" };
    if (!kept) return ROW_FILTERED;
  }
  const start = sink.at;
  const problem = writeCells(cells, block, row, sink);
  if (problem !== null)
    return { ...problem, field: cells.columns[cells.refusedColumn]?.name ?? "" };
  const member = sides === null ? null : memberProblem(sides, cells.filled);
  if (member !== null) return { ...member, field: "" };
  return isTooLong(sink, start) ? { ...ROW_TOO_LONG, field: "" } : ROW_MAPPED;
}

/** Ends the row's line and notes its digests and counts. */
function keepRow(out: Output, row: number, { cells, sink }: RowInHand): void {
  reserve(sink, 1);
  sink.bytes[sink.at++] = LF;
  out.status[row] = ROW_MAPPED;
  const width = out.cleared.length;
  for (let word = 0; word < 4; word++) out.keyDigest[row * 4 + word] = sink.keyDigest[word] ?? 0;
  // One sum of 64 bits.
  out.rowDigest[row * 2] = cells.digestLow;
  out.rowDigest[row * 2 + 1] = cells.digestHigh + Math.floor(cells.digestLow / 0x1_0000_0000);
  for (let c = 0; c < width; c++) {
    out.fieldDigest[row * width + c] = cells.fieldDigest[c] ?? 0;
    if (cells.cleared[c] === 1) out.cleared[c] = (out.cleared[c] ?? 0) + 1;
  }
  out.literalNulls += cells.literalNulls;
}

interface Output {
  status: Uint8Array;
  rowStart: Int32Array;
  keyDigest: Uint32Array;
  rowDigest: Uint32Array;
  fieldDigest: Uint16Array;
  readonly problems: Map<number, RowProblem>;
  readonly cleared: Uint32Array;
  literalNulls: number;
}

function createOutput(columnCount: number): Output {
  return {
    status: new Uint8Array(0),
    rowStart: new Int32Array(1),
    keyDigest: new Uint32Array(0),
    rowDigest: new Uint32Array(0),
    fieldDigest: new Uint16Array(0),
    problems: new Map(),
    cleared: new Uint32Array(columnCount),
    literalNulls: 0,
  };
}

function resetOutput(out: Output, rowCount: number): void {
  out.problems.clear();
  out.cleared.fill(0);
  out.literalNulls = 0;
  if (rowCount <= out.status.length) return;
  out.status = new Uint8Array(rowCount);
  out.rowStart = new Int32Array(rowCount + 1);
  out.keyDigest = new Uint32Array(rowCount * 4);
  out.rowDigest = new Uint32Array(rowCount * 2);
  out.fieldDigest = new Uint16Array(rowCount * out.cleared.length);
}

/** Characters are counted only where the bytes alone leave a doubt. */
function isTooLong({ bytes, at }: CellSink, start: number): boolean {
  if (at - start <= RECORD_CHARACTERS_MAX) return false;
  let count = 0;
  for (let i = start; i < at; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) count++;
  return count > RECORD_CHARACTERS_MAX;
}

export const ROW_TOO_LONG: ValueProblem = {
  code: "ROW_TOO_LONG",
  reason:
    "The mapped row has more than 400,000 characters, the most that Bulk API 2.0 takes in a record.",
};
