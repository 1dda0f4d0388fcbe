import type { RowBlock } from "../../engine/source/row-block.ts";
import { newScanner, type Scanner } from "../../engine/source/scanner.ts";

let shared: Scanner | null = null;

/** The same block in the memory of a kernel, where a scan would have put it: valid until the next call.
 *  One memory serves all calls, so that what an earlier block left is there, as with a real file. */
export function inKernel(block: RowBlock): RowBlock {
  shared ??= newScanner(WINDOW_BYTES, true);
  const { memory, rowKernel } = shared;
  if (rowKernel === null) throw new Error("This platform runs no kernel.");
  const { rows } = memory;
  const [{ at, bytes }] = memory.windows;
  bytes.set(block.bytes);
  const moved = (places: Int32Array) => places.map((place) => place + at);
  rows.fieldFirst.set(block.fieldFirst);
  rows.fieldStart.set(moved(block.fieldStart));
  rows.fieldEnd.set(moved(block.fieldEnd));
  rows.fieldFlags.set(block.fieldFlags);
  rows.rowStart.set(moved(block.rowStart));
  rows.rowLength.set(block.rowLength);
  rows.rowLine.set(block.rowLine);
  rows.rowOffset.set(block.rowOffset);
  rows.rowFault.set(block.rowFault);
  const { file, rowCount } = block;
  return { ...rows, file, rowCount, bytes: memory.bytes, kernel: rowKernel };
}

const WINDOW_BYTES = 4 << 20;
