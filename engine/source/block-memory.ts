import { COLUMNS_MAX, RECORD_CHARACTERS_MAX } from "./row-block.ts";

/** The arrays a scan fills. `fieldFirst` has one entry more than there are rows. */
export interface RowArrays {
  readonly rowsMax: number;
  readonly fieldsMax: number;
  readonly fieldFirst: Int32Array;
  readonly fieldStart: Int32Array;
  readonly fieldEnd: Int32Array;
  readonly fieldFlags: Uint8Array;
  readonly rowStart: Int32Array;
  readonly rowLength: Int32Array;
  readonly rowLine: Float64Array;
  readonly rowOffset: Float64Array;
  readonly rowFault: Uint8Array;
}

/** One of the two places that file contents are read into. The tail of a record that the other
 *  place could not finish is copied in front of `at`, so that a record is always contiguous. */
export interface Window {
  /** Address of the first byte read from the file. */
  readonly at: number;
  /** Where the file is read into. */
  readonly bytes: Uint8Array;
}

/** Everything a reader touches lies in one buffer, at fixed addresses: a kernel that works in
 *  linear memory sees the same numbers, and nothing is allocated while rows flow. */
export interface BlockMemory {
  /** All of it: places in this view are addresses. */
  readonly bytes: Uint8Array;
  readonly windows: readonly [Window, Window];
  readonly rows: RowArrays;
  /** Room for a few bytes that a kernel is handed or hands back. */
  readonly scratch: Uint8Array;
}

/** A record of four-byte characters at the limit. What is longer is skipped, never kept. */
export const RECORD_BYTES_MAX = RECORD_CHARACTERS_MAX * 4;

const ROWS_MAX = 65_536;
const FIELDS_MAX = 262_144;
/** A kernel may read and write this far beyond an array's end. */
const PADDING_BYTES = 64;
const SCRATCH_BYTES = 1024;

/** The kernel keeps constants in the first bytes of the memory: see lanes.as.ts. */
const CONSTANT_BYTES = 1024;

/** One byte more than a record: the byte before it tells whether a line feed ends a CR LF. */
const CARRY_BYTES = round(RECORD_BYTES_MAX + 1);

/** Bytes that `layOutMemory` needs for windows of a size. */
export function memoryBytes(windowBytes: number): number {
  const windows = CONSTANT_BYTES + 2 * (CARRY_BYTES + spaced(windowBytes));
  return windows + spaced(SCRATCH_BYTES) + arraysBytes(ROWS_MAX, FIELDS_MAX);
}

/** Lays windows and arrays out in a buffer of at least `memoryBytes`, behind the kernel's constants. */
export function layOutMemory(buffer: ArrayBuffer, windowBytes: number): BlockMemory {
  const first = CONSTANT_BYTES + CARRY_BYTES;
  const second = first + spaced(windowBytes) + CARRY_BYTES;
  const scratch = second + spaced(windowBytes);
  const window = (at: number): Window => ({ at, bytes: new Uint8Array(buffer, at, windowBytes) });
  return {
    bytes: new Uint8Array(buffer),
    windows: [window(first), window(second)],
    rows: arraysIn(buffer, scratch + spaced(SCRATCH_BYTES), ROWS_MAX, FIELDS_MAX),
    scratch: new Uint8Array(buffer, scratch, SCRATCH_BYTES),
  };
}

/** Arrays for a few rows, outside any reader: for headers and tests. */
export function smallArrays(rowsMax: number, fieldsMax = rowsMax + 3 * COLUMNS_MAX): RowArrays {
  return arraysIn(new ArrayBuffer(arraysBytes(rowsMax, fieldsMax)), 0, rowsMax, fieldsMax);
}

function arraysBytes(rowsMax: number, fieldsMax: number): number {
  const rows = 2 * spaced(rowsMax * 8) + 3 * spaced((rowsMax + 1) * 4) + spaced(rowsMax);
  return rows + 2 * spaced(fieldsMax * 4) + spaced(fieldsMax);
}

function arraysIn(buffer: ArrayBuffer, at: number, rowsMax: number, fieldsMax: number): RowArrays {
  let next = at;
  const take = (bytes: number): number => {
    const here = next;
    next += spaced(bytes);
    return here;
  };
  const int32 = (length: number) => new Int32Array(buffer, take(length * 4), length);
  return {
    rowsMax,
    fieldsMax,
    rowLine: new Float64Array(buffer, take(rowsMax * 8), rowsMax),
    rowOffset: new Float64Array(buffer, take(rowsMax * 8), rowsMax),
    fieldFirst: int32(rowsMax + 1),
    rowStart: int32(rowsMax + 1),
    rowLength: int32(rowsMax + 1),
    rowFault: new Uint8Array(buffer, take(rowsMax), rowsMax),
    fieldStart: int32(fieldsMax),
    fieldEnd: int32(fieldsMax),
    fieldFlags: new Uint8Array(buffer, take(fieldsMax), fieldsMax),
  };
}

function round(bytes: number): number {
  return (bytes + 15) & ~15;
}

function spaced(bytes: number): number {
  return round(bytes + PADDING_BYTES);
}
