import { EngineError } from "../base/engine-error.ts";
import { DIGEST_BLOCK_BYTES, type DigestRecorder, type FileDigests } from "./block-digests.ts";
import { type BlockMemory, RECORD_BYTES_MAX, smallArrays, type Window } from "./block-memory.ts";
import type { ByteStream } from "./byte-stream.ts";
import { checkRows } from "./check-rows.ts";
import { openDecoded } from "./open-decoded.ts";
import type { OpenedFile } from "./opened-file.ts";
import { ROW_FAULT_LONG, ROW_FAULT_QUOTE_OPEN, type RowBlock } from "./row-block.ts";
import { type Dialect, makeDialect, type ScanResult } from "./scan-block.ts";
import type { Scanner } from "./scanner.ts";
import { borrowScanner, returnScanner } from "./scanner-pool.ts";
import { type LongRecord, skipRecord, startLongRecord } from "./skip-record.ts";

export interface ReadOptions {
  /** Bytes of rows that are given at a time, about: 1 MiB, which fits a processor's cache. */
  readonly blockBytes?: number | undefined;
  /** Bytes that one digest covers and that are read at a time. Tests use small ones. */
  readonly windowBytes?: number | undefined;
  /** Learns the digests and the number of rows of this pass. */
  readonly record?: DigestRecorder | undefined;
  /** What an earlier pass recorded. A block that differs ends this pass before its rows are given,
   *  with SOURCE_CHANGED. */
  readonly expect?: FileDigests | undefined;
  /** False: the scan is done by TypeScript even where WebAssembly could do it. */
  readonly kernel?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

const BLOCK_BYTES = 1024 * 1024;
const ROW_LENGTH_MAX = 2 ** 31 - 1;

/** Takes an opened file, gives its rows in order, block by block. Never reads a file whole, never
 *  goes on before the next block is asked for (one window is read ahead), and never gives a row
 *  of a block whose digest was not compared first. A block is valid until the next is asked for.
 *
 *  The file is read into two windows in turn. What a window holds of its last record is copied in
 *  front of the other one, so that every record is contiguous when it is scanned. */
export async function* readRows(
  file: OpenedFile,
  options: ReadOptions = {},
): AsyncGenerator<RowBlock, void, void> {
  const windowBytes = options.expect?.blockBytes ?? options.windowBytes ?? DIGEST_BLOCK_BYTES;
  const stream = await openForPass(file, options);
  const kernelWanted = options.kernel ?? true;
  const scanner = borrowScanner(windowBytes, kernelWanted);
  const pass = new Pass(file, options, scanner, stream);
  try {
    for (let window = await pass.nextWindow(); window !== null; window = await pass.nextWindow()) {
      for (let block = pass.nextBlock(); block !== null; block = pass.nextBlock()) yield block;
    }
  } finally {
    // A read that is under way writes into the memory: it must end before that is used again.
    await pass.reading.catch(() => 0);
    returnScanner(scanner, windowBytes, kernelWanted);
    await stream.close();
  }
}

async function openForPass(file: OpenedFile, { expect }: ReadOptions): Promise<ByteStream> {
  try {
    return await openDecoded(file);
  } catch (thrown) {
    if (expect === undefined || !(thrown instanceof EngineError)) throw thrown;
    throw changed(file, "can't be opened any more", thrown);
  }
}

/** One pass over a file: which window is current, and how far its rows were given. */
class Pass {
  /** The read of the window after the current one. */
  reading: Promise<number>;
  readonly #file: OpenedFile;
  readonly #options: ReadOptions;
  readonly #scanner: Scanner;
  readonly #memory: BlockMemory;
  readonly #stream: ByteStream;
  readonly #checked: Buffer;
  readonly #dialect: Dialect;
  readonly #result: ScanResult = { rowCount: 0, consumed: 0, line: 1 };
  readonly #blockBytes: number;
  /** Windows seen so far. */
  #count = 0;
  #ended = false;
  #headSeen = false;
  #digestsSeen = 0;
  /** From here to `#end` nothing was given yet. */
  #start = 0;
  #end = 0;
  /** Decoded offset of address 0. */
  #base = 0;
  #line: number;
  #long: LongRecord | null = null;

  constructor(file: OpenedFile, options: ReadOptions, scanner: Scanner, stream: ByteStream) {
    const { memory } = scanner;
    this.#scanner = scanner;
    this.#file = file;
    this.#options = options;
    this.#memory = memory;
    this.#stream = stream;
    this.#checked = Buffer.from(memory.bytes.buffer);
    this.#dialect = makeDialect({ ...file, columns: file.header.length });
    scanner.setDialect(this.#dialect);
    this.#blockBytes = options.blockBytes ?? BLOCK_BYTES;
    this.#line = file.rowsLine;
    const first = memory.windows[0];
    this.#start = first.at;
    this.#end = first.at;
    options.record?.startPass(first.bytes.length);
    this.reading = this.#read(first);
  }

  /** Makes the next window current; null when the file has ended. */
  async nextWindow(): Promise<Window | null> {
    this.#options.signal?.throwIfAborted();
    if (this.#ended) return null;
    const window = this.#memory.windows[this.#count % 2 === 0 ? 0 : 1];
    const length = await this.reading;
    this.#ended = length < window.bytes.length;
    this.#carry(window);
    this.#base = this.#count * window.bytes.length - window.at;
    this.#end = window.at + length;
    this.#count++;
    this.#compare(window, length);
    if (!this.#ended)
      this.reading = this.#read(this.#memory.windows[this.#count % 2 === 0 ? 0 : 1]);
    if (!this.#headSeen) this.#passHead();
    return window;
  }

  /** The next rows of the current window; null when it holds no more complete ones. */
  nextBlock(): RowBlock | null {
    this.#options.signal?.throwIfAborted();
    if (!this.#headSeen) return null;
    if (this.#long !== null) return this.#skipLong(this.#long);
    const { bytes } = this.#memory;
    const result = this.#result;
    for (let size = this.#blockBytes; this.#start < this.#end; ) {
      const start = this.#start;
      const end = Math.min(this.#end, start + size);
      const final = this.#ended && end === this.#end;
      const input = { start, end, final, line: this.#line, base: this.#base };
      this.#scanner.scan(input, result);
      this.#start = result.consumed;
      this.#line = result.line;
      if (result.rowCount > 0) return this.#give(start, result.rowCount);
      if (result.consumed > start) continue;
      // Not one complete record: it takes more bytes, of this window or of the next.
      if (end - start > RECORD_BYTES_MAX) {
        this.#long = startLongRecord(
          bytes,
          start,
          end,
          this.#line,
          this.#base + start,
          this.#dialect,
        );
        return this.#skipLong(this.#long);
      }
      if (end === this.#end) return null;
      size *= 2;
    }
    return null;
  }

  #read(window: Window): Promise<number> {
    const reading = this.#stream.fill(window.bytes);
    // Whoever awaits it sees the failure; until then it is not unhandled.
    reading.catch(() => 0);
    return reading;
  }

  /** Copies what is left of the window before in front of this one, and the byte before that. */
  #carry(window: Window): void {
    const { bytes } = this.#memory;
    const left = this.#end - this.#start;
    if (this.#count === 0) bytes[window.at - 1] = 10;
    else bytes.copyWithin(window.at - left - 1, this.#start - 1, this.#end);
    this.#start = window.at - left;
  }

  #compare(window: Window, length: number): void {
    const { record, expect } = this.#options;
    if (record === undefined && expect === undefined) return;
    if (length > 0) {
      const digest = this.#scanner.digest(window.at, window.at + length);
      record?.addBlock(digest, length);
      if (expect !== undefined && expect.blocks[this.#digestsSeen] !== digest) {
        throw changed(this.#file, "no longer holds what was read before");
      }
      this.#digestsSeen++;
    }
    if (this.#ended && expect !== undefined && expect.blocks.length !== this.#digestsSeen) {
      throw changed(this.#file, "is shorter than before");
    }
  }

  /** Passes over the header and what stands before it, which must be what was opened. */
  #passHead(): void {
    const { rowsOffset, headDigest } = this.#file;
    const decoded = this.#base + this.#end;
    if (decoded < rowsOffset && !this.#ended) return;
    const rowsAt = this.#start + rowsOffset;
    const digest = decoded < rowsOffset ? "" : this.#scanner.digest(this.#start, rowsAt);
    if (digest !== headDigest) throw changed(this.#file, "has another header than before");
    this.#start = rowsAt;
    this.#headSeen = true;
  }

  #give(start: number, rowCount: number): RowBlock {
    checkRows(this.#checked, start, this.#start, this.#memory.rows, rowCount);
    this.#options.record?.addRows(rowCount);
    return {
      ...this.#memory.rows,
      file: this.#file,
      bytes: this.#memory.bytes,
      rowCount,
      kernel: this.#scanner.rowKernel,
    };
  }

  /** Goes on over a record that is too long. It becomes a row, with its fault, when its end is known. */
  #skipLong(long: LongRecord): RowBlock | null {
    const { bytes } = this.#memory;
    const stop = skipRecord(long, bytes, this.#start, this.#end, this.#dialect);
    this.#start = stop < 0 ? this.#end : stop;
    if (stop < 0 && !this.#ended) return null;
    this.#long = null;
    this.#line = long.line;
    if (long.isComment) return this.nextBlock();
    this.#options.record?.addRows(1);
    return longRow(this.#file, long);
  }
}

/** A block of the one row that was skipped: its fault, where it stands, and its first bytes. */
function longRow(file: OpenedFile, long: LongRecord): RowBlock {
  const rows = smallArrays(1, 1);
  const open = long.place === "quoted";
  rows.rowLine[0] = open ? long.quoteLine : long.firstLine;
  rows.rowOffset[0] = long.offset;
  rows.rowLength[0] = Math.min(long.length, ROW_LENGTH_MAX);
  rows.rowFault[0] = open ? ROW_FAULT_QUOTE_OPEN : ROW_FAULT_LONG;
  return { ...rows, file, bytes: long.excerpt, rowCount: 1 };
}

function changed(file: OpenedFile, what: string, cause?: unknown): EngineError {
  return new EngineError("SOURCE_CHANGED", `The source file ${file.shown} ${what}.`, {
    hint: "Rows of the part that changed were not used. When the file is complete, run again.",
    cause,
  });
}
