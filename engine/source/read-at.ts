import { EngineError } from "../base/engine-error.ts";
import { DIGEST_BLOCK_BYTES, digestOf, type FileDigests } from "./block-digests.ts";
import { RECORD_BYTES_MAX } from "./block-memory.ts";
import { type ByteStream, openHandle, plainStream } from "./byte-stream.ts";
import { openDecoded } from "./open-decoded.ts";
import type { OpenedFile } from "./opened-file.ts";

/** Where a row lies in the decoded file: `rowOffset` and `rowLength` of its block. */
export interface RowPlace {
  readonly offset: number;
  readonly length: number;
}

export interface ReadAtOptions {
  /** What the pass that gave the places recorded. Without it nothing is compared. */
  readonly digests?: FileDigests | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Takes places of rows in rising order, gives the bytes of each row, as UTF-8 and without line
 *  end; null where the block around it no longer has its digest or the file is gone. What is given
 *  is valid until the next is asked for. Reads only the blocks that hold a row where a file can be
 *  sought in, and goes forward once where it must be decompressed or transcoded. */
export async function* readAt(
  file: OpenedFile,
  places: Iterable<RowPlace>,
  options: ReadAtOptions = {},
): AsyncGenerator<Uint8Array | null, void, void> {
  const blocks = await openBlocks(file, options.digests);
  const record = Buffer.alloc(RECORD_BYTES_MAX);
  try {
    for (const { offset, length } of places) {
      options.signal?.throwIfAborted();
      const wanted = Math.min(length, RECORD_BYTES_MAX);
      const intact = blocks !== null && (await blocks.copy(offset, record.subarray(0, wanted)));
      yield intact ? record.subarray(0, wanted) : null;
    }
  } finally {
    await blocks?.close();
  }
}

interface Blocks {
  /** Fills `into` from an offset; false where a block is not what it was. */
  copy(offset: number, into: Buffer): Promise<boolean>;
  close(): Promise<void>;
}

async function openBlocks(
  file: OpenedFile,
  digests: FileDigests | undefined,
): Promise<Blocks | null> {
  const blockBytes = digests?.blockBytes ?? DIGEST_BLOCK_BYTES;
  const reader = await openReader(file, blockBytes).catch((thrown: unknown) => {
    // Whoever brings digests is prepared for a source that went away.
    if (digests !== undefined && thrown instanceof EngineError) return null;
    throw thrown;
  });
  if (reader === null) return null;
  const block = new Uint8Array(blockBytes);
  let current = -1;
  let length = 0;
  let intact = false;
  const load = async (index: number): Promise<boolean> => {
    if (index === current) return intact;
    length = await reader.read(index, block);
    current = index;
    intact = digests === undefined || digestOf(block, 0, length) === digests.blocks[index];
    return intact;
  };
  return {
    async copy(offset, into) {
      for (let copied = 0; copied < into.length; ) {
        const index = Math.floor((offset + copied) / blockBytes);
        if (!(await load(index))) return false;
        const from = offset + copied - index * blockBytes;
        const part = block.subarray(from, Math.min(length, from + into.length - copied));
        if (part.length === 0) return false;
        into.set(part, copied);
        copied += part.length;
      }
      return true;
    },
    close: () => reader.close(),
  };
}

interface BlockReader {
  /** Reads a block; streams can't go back. Less than a block only at the file's end. */
  read(index: number, into: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

async function openReader(file: OpenedFile, blockBytes: number): Promise<BlockReader> {
  if (!file.gzip && file.encoding === "utf-8") {
    const handle = await openHandle(file);
    return {
      read: (index, into) =>
        plainStream(handle, file, file.markBytes + index * blockBytes).fill(into),
      close: () => handle.close(),
    };
  }
  return forwardReader(await openDecoded(file));
}

function forwardReader(stream: ByteStream): BlockReader {
  let next = 0;
  return {
    async read(index, into) {
      if (index < next) throw new Error("Places of rows must rise. This is a bug.");
      let length = 0;
      while (next <= index) {
        length = await stream.fill(into);
        next++;
      }
      return length;
    },
    close: () => stream.close(),
  };
}
