import { readFileSync } from "node:fs";
import { EngineError } from "../base/engine-error.ts";
import type { MappedBlock } from "../mapping/row-program.ts";
import type { RowBlock } from "../source/row-block.ts";

/** Where a staged row came from, and its size in the chunk. */
export interface RowOrigin {
  readonly file: number;
  /** Line of the row's first byte, from 1. */
  readonly line: number;
  /** Bytes, in the decoded file. */
  readonly offset: number;
  readonly length: number;
  /** Place of the row's CSV in the chunk, in bytes. */
  readonly csvStart: number;
  readonly csvLength: number;
}

/** The sidecar of a chunk: six words a row: file, line, offset (low, high), length, CSV length. */
export const ORIGIN_WORDS = 6;

/** Collects where a chunk's rows came from. `write` is handed the words of many rows at a time, which are
 *  used again when it returns. */
export function newOriginList(write: (bytes: Uint8Array) => void) {
  const words = new Uint32Array(ROWS_HELD * ORIGIN_WORDS);
  let used = 0;
  const flush = () => {
    write(new Uint8Array(words.buffer, 0, used * 4));
    used = 0;
  };
  return {
    /** Adds the rows of a block from `from` up to, not including, `to`. */
    add(block: RowBlock, { rowStart }: MappedBlock, from: number, to: number) {
      const { rowLine, rowOffset, rowLength } = block;
      const file = block.file.index;
      for (let row = from; row < to; row++) {
        if (used === words.length) flush();
        const offset = rowOffset[row] as number;
        words[used++] = file;
        words[used++] = rowLine[row] as number;
        words[used++] = offset % TWO_32;
        words[used++] = Math.floor(offset / TWO_32);
        words[used++] = rowLength[row] as number;
        words[used++] = (rowStart[row + 1] as number) - (rowStart[row] as number);
      }
    },
    addRaw(origin: Uint32Array) {
      if (used === words.length) flush();
      words.set(origin, used);
      used += ORIGIN_WORDS;
    },
    flush,
  };
}

const ROWS_HELD = 8192;

export interface OriginTable {
  readonly count: number;
  at(row: number): RowOrigin;
  raw(row: number): Uint32Array;
}

/** Reads a chunk's sidecar; `headerBytes` is where its first row starts in the CSV. Throws
 *  STATE_CORRUPT when it is not of the chunk's size. */
export function readOrigins(file: string, headerBytes: number, rows: number): OriginTable {
  const bytes = readFileSync(file);
  const size = rows * ORIGIN_WORDS * 4;
  if (bytes.length !== size) throw damagedSidecar(file, bytes.length, size);
  const words = new Uint32Array(ownBuffer(bytes));
  const count = words.length / ORIGIN_WORDS;
  const starts = new Float64Array(count + 1);
  let start = headerBytes;
  for (let row = 0; row < count; row++) {
    starts[row] = start;
    start += words[row * ORIGIN_WORDS + 5] ?? 0;
  }
  return {
    count,
    raw: (row) => words.subarray(row * ORIGIN_WORDS, (row + 1) * ORIGIN_WORDS),
    at(row) {
      const i = row * ORIGIN_WORDS;
      return {
        file: words[i] ?? 0,
        line: words[i + 1] ?? 0,
        offset: (words[i + 2] ?? 0) + (words[i + 3] ?? 0) * TWO_32,
        length: words[i + 4] ?? 0,
        csvStart: starts[row] ?? 0,
        csvLength: words[i + 5] ?? 0,
      };
    },
  };
}

const TWO_32 = 2 ** 32;

/** The bytes as a buffer that begins with them: copied only where they share one with others. */
function ownBuffer({ buffer, byteOffset, length }: Buffer<ArrayBuffer>): ArrayBuffer {
  const alone = byteOffset === 0 && length === buffer.byteLength;
  return alone ? buffer : buffer.slice(byteOffset, byteOffset + length);
}

export function damagedSidecar(file: string, bytes: number, wanted: number): EngineError {
  return new EngineError(
    "STATE_CORRUPT",
    `${file} is damaged: it has ${bytes} bytes where ${wanted} were written.`,
    { hint: "Restore the state folder from a backup." },
  );
}
