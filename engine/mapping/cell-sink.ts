import { murmur128 } from "../base/murmur.ts";
import { digestKey, type KeyFolder } from "./key-digest.ts";

/** Where the rows of a block are written: one buffer that only grows and is used again for every
 *  block, and what the row loop wants to know of the cell written last. */
export interface CellSink {
  bytes: Uint8Array;
  /** A kernel takes the digests of what is written and puts it into quotes: values stay bare. */
  readonly bare: boolean;
  /** End of what is written. */
  at: number;
  /** Digest of the last cell's wire value, four words; all zero for an empty cell. */
  readonly digest: Uint32Array;
  /** The key's digest, four words, once the key's cell is written. */
  readonly keyDigest: Uint32Array;
  /** Whether the last cell holds anything. */
  filled: boolean;
  /** Whether the last cell erases its field. */
  cleared: boolean;
  /** Whether the last cell's source was #N/A. */
  literalNull: boolean;
}

export function createSink(
  bytes: Uint8Array = new Uint8Array(BYTES_START),
  { bare = false }: { readonly bare?: boolean } = {},
): CellSink {
  return {
    bytes,
    bare,
    at: 0,
    digest: new Uint32Array(4),
    keyDigest: new Uint32Array(4),
    filled: false,
    cleared: false,
    literalNull: false,
  };
}

const BYTES_START = 1 << 18;

/** Makes room for `count` more bytes. */
export function reserve(sink: CellSink, count: number): void {
  const needed = sink.at + count;
  if (needed <= sink.bytes.length) return;
  const grown = new Uint8Array(Math.max(needed, sink.bytes.length * 2));
  grown.set(sink.bytes.subarray(0, sink.at));
  sink.bytes = grown;
}

/** What a finished cell needs to know of its column. */
export interface CellColumn {
  /** Seeds the digest, so that equal values in two fields have different digests. */
  readonly seed: number;
  /** Set for the key column. */
  readonly keyFolder: KeyFolder | null;
  /** The only column: an empty cell is then written as "", since an empty line is no record. */
  readonly alone: boolean;
}

/** Closes a cell whose wire value lies bare from `start` to `sink.at`: takes its digest, then puts it
 *  into quotes where CSV needs them. `quotes` is the count of quotes in the value, `quoted` says that
 *  it holds a comma, a quote or a line end. */
export function closeCell(sink: CellSink, column: CellColumn, cell: BareCell): void {
  const { start, quotes, quoted } = cell;
  const end = sink.at;
  sink.filled = end > start;
  if (!sink.filled) {
    sink.digest.fill(0);
    if (column.alone) writeEmptyQuotes(sink);
    return;
  }
  if (column.keyFolder !== null)
    digestKey(sink.bytes, start, end, column.keyFolder, sink.keyDigest);
  if (sink.bare) return;
  murmur128(sink.bytes, start, end, column.seed, sink.digest, 0);
  if (quoted) quoteInPlace(sink, start, quotes);
}

export interface BareCell {
  readonly start: number;
  readonly quotes: number;
  readonly quoted: boolean;
}

function writeEmptyQuotes(sink: CellSink): void {
  reserve(sink, 2);
  sink.bytes[sink.at++] = QUOTE;
  sink.bytes[sink.at++] = QUOTE;
}

/** Moves the value one byte up, each quote doubled, from its end so that nothing is overwritten. */
function quoteInPlace(sink: CellSink, start: number, quotes: number): void {
  reserve(sink, quotes + 2);
  const { bytes } = sink;
  const end = sink.at;
  let to = end + quotes + 1;
  bytes[to] = QUOTE;
  for (let from = end - 1; from >= start; from--) {
    const byte = bytes[from] ?? 0;
    bytes[--to] = byte;
    if (byte === QUOTE) bytes[--to] = QUOTE;
  }
  bytes[start] = QUOTE;
  sink.at = end + quotes + 2;
}

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const LF = 0x0a;
export const CR = 0x0d;
