import { RECORD_CHARACTERS_MAX, ROW_OK, type RowBlock } from "../source/row-block.ts";
import { type CellSink, COMMA, createSink, LF, reserve } from "./cell-sink.ts";
import { type CellWriter, NO_FIELD } from "./cell-writer.ts";
import type { RowFilter } from "./expression-cell.ts";
import { type MemberSides, memberProblem } from "./member-sides.ts";
import { faultProblem } from "./row-fault.ts";
import {
  type MappedBlock,
  ROW_FILTERED,
  ROW_INVALID,
  ROW_MAPPED,
  type RowProblem,
} from "./row-program.ts";
import type { ValueProblem } from "./value-problem.ts";

/** One output column, ready for rows. */
export interface RowColumn {
  readonly name: string;
  /** The source column; null for constants and expressions. */
  readonly from: string | null;
  readonly write: CellWriter;
}

export interface RowRules {
  readonly columns: readonly RowColumn[];
  readonly filter: RowFilter | null;
  readonly sides: MemberSides | null;
}

/** The loop over the rows of a block. All its buffers are kept from block to block and only grow. */
export function mapRows(rules: RowRules): (block: RowBlock) => MappedBlock {
  const { columns } = rules;
  const sink = createSink();
  const row = rowWriter(rules, sink);
  const out = createOutput(columns.length);
  return (block) => {
    resetOutput(out, block.rowCount);
    sink.at = 0;
    row.begin(block);
    for (let r = 0; r < block.rowCount; r++) {
      const start = sink.at;
      out.rowStart[r] = start;
      const status = row.write(block, r, out);
      out.status[r] = status;
      if (status !== ROW_MAPPED) sink.at = start;
    }
    out.rowStart[block.rowCount] = sink.at;
    return { ...out, rowCount: block.rowCount, bytes: sink.bytes };
  };
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

/** Writes single rows. What is learned of a row goes to the output only once the row is whole: an
 *  invalid row leaves no trace but its problem. */
function rowWriter({ columns, filter, sides }: RowRules, sink: CellSink) {
  const count = columns.length;
  const writers = columns.map((column) => column.write);
  const places = new Int32Array(count);
  const filled = new Uint8Array(count);
  const clearedCells = new Uint8Array(count);
  const fieldDigests = new Uint16Array(count);
  let header: readonly string[] | null = null;

  function begin(block: RowBlock): void {
    if (header === block.file.header) return;
    header = block.file.header;
    columns.forEach((column, c) => {
      places[c] = column.from === null ? NO_FIELD : block.file.header.indexOf(column.from);
    });
  }

  function refuse(out: Output, r: number, field: string, problem: ValueProblem): number {
    out.problems.set(r, { code: problem.code, field, reason: problem.reason });
    return ROW_INVALID;
  }

  function write(block: RowBlock, r: number, out: Output): number {
    const fault = block.rowFault[r] ?? ROW_OK;
    if (fault !== ROW_OK) return refuse(out, r, "", faultProblem(fault, block, r));
    if (filter !== null) {
      const kept = filter(block, r);
      if (typeof kept !== "boolean") return refuse(out, r, "", kept);
      if (!kept) return ROW_FILTERED;
    }
    const first = block.fieldFirst[r] ?? 0;
    let sum0 = 0;
    let sum1 = 0;
    let literalNulls = 0;
    for (let c = 0; c < count; c++) {
      if (c > 0) {
        reserve(sink, 1);
        sink.bytes[sink.at++] = COMMA;
      }
      const place = places[c] ?? NO_FIELD;
      const problem = (writers[c] as CellWriter)(
        block,
        r,
        place < 0 ? NO_FIELD : first + place,
        sink,
      );
      if (problem !== null) return refuse(out, r, columns[c]?.name ?? "", problem);
      filled[c] = sink.filled ? 1 : 0;
      clearedCells[c] = sink.cleared ? 1 : 0;
      if (sink.literalNull) literalNulls++;
      // A sum does not depend on the order of the columns, and the field's name is in each digest.
      sum0 += sink.digest[0] ?? 0;
      sum1 += sink.digest[1] ?? 0;
      fieldDigests[c] = sink.digest[2] ?? 0;
    }
    const member = sides === null ? null : memberProblem(sides, filled);
    if (member !== null) return refuse(out, r, "", member);
    const start = out.rowStart[r] ?? 0;
    if (isTooLong(sink, start)) return refuse(out, r, "", TOO_LONG);
    reserve(sink, 1);
    sink.bytes[sink.at++] = LF;
    out.keyDigest.set(sink.keyDigest, r * 4);
    out.rowDigest[r * 2] = sum0;
    out.rowDigest[r * 2 + 1] = sum1;
    out.fieldDigest.set(fieldDigests, r * count);
    for (let c = 0; c < count; c++)
      if (clearedCells[c] === 1) out.cleared[c] = (out.cleared[c] ?? 0) + 1;
    out.literalNulls += literalNulls;
    return ROW_MAPPED;
  }

  return { begin, write };
}

/** Characters are counted only where the bytes alone leave a doubt. */
function isTooLong({ bytes, at }: CellSink, start: number): boolean {
  if (at - start <= RECORD_CHARACTERS_MAX) return false;
  let count = 0;
  for (let i = start; i < at; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) count++;
  return count > RECORD_CHARACTERS_MAX;
}

const TOO_LONG: ValueProblem = {
  code: "ROW_TOO_LONG",
  reason:
    "The mapped row has more than 400,000 characters, the most that Bulk API 2.0 takes in a record.",
};
