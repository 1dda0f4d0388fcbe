import { FIELD_ESCAPED } from "../source/row-block.ts";
import { type CellColumn, type CellSink, reserve } from "./cell-sink.ts";
import type { CellValue } from "./cell-value.ts";
import { type CellWriter, NO_FIELD } from "./cell-writer.ts";
import { fieldString } from "./field-string.ts";
import { writeCell } from "./text-cell.ts";
import type { ValueProblem } from "./value-problem.ts";

/** A cell by way of a string, with a memory of the texts seen lately: dates, picklists and tables
 *  repeat themselves, and what a text becomes depends on nothing but the text. Texts are looked up by
 *  their bytes, so that a text that is known never becomes a string. */
export function cachedCellWriter(
  compute: (text: string, missing: boolean) => CellValue | ValueProblem,
  column: CellColumn,
): CellWriter {
  const slots: (Entry | undefined)[] = new Array(SLOTS);
  let tries = 0;
  let hits = 0;
  return (block, _row, field, sink) => {
    if (field === NO_FIELD) return writeCell(compute("", true), column, sink);
    const start = block.fieldStart[field] ?? 0;
    const length = (block.fieldEnd[field] ?? 0) - start;
    const fits = length <= TEXT_BYTES_MAX && ((block.fieldFlags[field] ?? 0) & FIELD_ESCAPED) === 0;
    if (!fits) return writeCell(compute(fieldString(block, field), false), column, sink);
    const slot = slotOf(block.bytes, start, length);
    const known = slots[slot];
    tries++;
    if (
      known !== undefined &&
      known.bare === sink.bare &&
      isSame(known.text, block.bytes, start, length)
    ) {
      hits++;
      return replay(known, column, sink);
    }
    const value = compute(fieldString(block, field), false);
    const from = sink.at;
    const problem = writeCell(value, column, sink);
    // A column of ever new texts gains nothing and would pay for every entry.
    if (tries < TRIES_MIN || hits * HITS_WORTH > tries) {
      slots[slot] = remember(block.bytes.slice(start, start + length), { problem, from, sink });
    }
    return problem;
  };
}

const SLOTS = 4096;
const TEXT_BYTES_MAX = 64;
/** Texts looked up before a cache can be given up. */
const TRIES_MIN = 20_000;
/** One hit in this many pays for the entries. */
const HITS_WORTH = 8;

interface Entry {
  readonly text: Uint8Array;
  readonly problem: ValueProblem | null;
  /** Whether the cell was written for a kernel. */
  readonly bare: boolean;
  /** The cell as it was written: if it is not bare, with its quotes. */
  readonly cell: Uint8Array;
  readonly digest: Uint32Array;
  readonly keyDigest: Uint32Array;
  readonly filled: boolean;
  readonly cleared: boolean;
  readonly literalNull: boolean;
}

interface Written {
  readonly problem: ValueProblem | null;
  readonly from: number;
  readonly sink: CellSink;
}

function remember(text: Uint8Array, { problem, from, sink }: Written): Entry {
  return {
    text,
    problem,
    bare: sink.bare,
    cell: sink.bytes.slice(from, sink.at),
    digest: sink.digest.slice(),
    keyDigest: sink.keyDigest.slice(),
    filled: sink.filled,
    cleared: sink.cleared,
    literalNull: sink.literalNull,
  };
}

function replay(entry: Entry, column: CellColumn, sink: CellSink): ValueProblem | null {
  if (entry.problem !== null) return entry.problem;
  const { cell } = entry;
  reserve(sink, cell.length);
  const { bytes } = sink;
  let { at } = sink;
  for (let i = 0; i < cell.length; i++) bytes[at++] = cell[i] ?? 0;
  sink.at = at;
  for (let i = 0; i < 4; i++) sink.digest[i] = entry.digest[i] ?? 0;
  // The row's key belongs to the key column alone.
  if (column.keyFolder !== null) sink.keyDigest.set(entry.keyDigest);
  sink.filled = entry.filled;
  sink.cleared = entry.cleared;
  sink.literalNull = entry.literalNull;
  return null;
}

function slotOf(bytes: Uint8Array, start: number, length: number): number {
  let hash = length;
  for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return ((hash >>> 15) ^ hash) & (SLOTS - 1);
}

function isSame(text: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text[i] !== bytes[start + i]) return false;
  return true;
}
