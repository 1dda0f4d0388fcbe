import type { BlockMemory } from "./block-memory.ts";
import type { Kernel } from "./kernel/new-kernel.ts";

/** A kernel that maps rows in the memory they were scanned in, and the places it works with. */
export interface RowKernel {
  readonly kernel: Kernel;
  /** All of the memory: places in this view are addresses. The output lies at its end, so that who
   *  writes beyond the memory's end has left the output too. */
  readonly bytes: Uint8Array;
  /** Room for the table of columns and what it points to. */
  readonly table: Uint8Array;
  /** Row, column and end of the output at which the kernel stopped. */
  readonly place: Int32Array;
  /** One entry a row, or four, or two; `rowStart` has one more. */
  readonly status: Uint8Array;
  readonly rowStart: Int32Array;
  readonly keyDigest: Uint32Array;
  readonly rowDigest: Uint32Array;
  /** One a row and column: blocks with more cells than this are not the kernel's. */
  readonly fieldDigest: Uint16Array;
}

const ROWS_MAX = 65_536;
const CELLS_MAX = 524_288;
const TABLE_BYTES = 65_536;
/** A block of 1 MiB with room to grow; what does not fit is mapped without the kernel. */
const OUT_BYTES = 4 * 1024 * 1024;
/** The kernel may write this far beyond what it says. */
const PADDING_BYTES = 64;

/** Bytes that `newRowKernel` needs. */
export function mapMemoryBytes(): number {
  return TABLE_BYTES + PADDING_BYTES + 16 * (ROWS_MAX + 1) * 2 + CELLS_MAX * 2 + OUT_BYTES;
}

/** Lays out the memory from `start` on, and tells the kernel. */
export function newRowKernel(
  kernel: Kernel,
  { bytes, rows }: BlockMemory,
  start: number,
): RowKernel {
  const { buffer } = bytes;
  let next = start;
  const take = (size: number): number => {
    const here = next;
    next += (size + 15) & ~15;
    return here;
  };
  const table = new Uint8Array(buffer, take(TABLE_BYTES), TABLE_BYTES);
  const place = new Int32Array(buffer, take(12), 3);
  const status = new Uint8Array(buffer, take(ROWS_MAX), ROWS_MAX);
  const rowStart = new Int32Array(buffer, take((ROWS_MAX + 1) * 4), ROWS_MAX + 1);
  const keyDigest = new Uint32Array(buffer, take(ROWS_MAX * 16), ROWS_MAX * 4);
  const rowDigest = new Uint32Array(buffer, take(ROWS_MAX * 8), ROWS_MAX * 2);
  const fieldDigest = new Uint16Array(buffer, take(CELLS_MAX * 2), CELLS_MAX);
  kernel.setMapInput(
    rows.fieldFirst.byteOffset,
    rows.fieldStart.byteOffset,
    rows.fieldEnd.byteOffset,
    rows.fieldFlags.byteOffset,
    rows.rowFault.byteOffset,
  );
  kernel.setMapOutput(
    table.byteOffset,
    status.byteOffset,
    rowStart.byteOffset,
    keyDigest.byteOffset,
    rowDigest.byteOffset,
    fieldDigest.byteOffset,
    place.byteOffset,
    next,
    buffer.byteLength - PADDING_BYTES,
  );
  return { kernel, bytes, table, place, status, rowStart, keyDigest, rowDigest, fieldDigest };
}
