import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { EngineError } from "../base/engine-error.ts";

/** A file that appears under its name only when it is complete and on the disk. */
export class ResultFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #bytes = 0;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** @throws EngineError SF_FILE when the file can't be made. */
  static async create(path: string): Promise<ResultFile> {
    return new ResultFile(path, await onDisk(path, () => open(partOf(path), "w")));
  }

  /** Appends a body as bytes, after its first line when `skipFirstLine`. Called again after a body that
   *  was cut off, it starts anew where that one started.
   *  @throws EngineError SF_FILE when the disk refuses; whatever the body throws. */
  async append(body: Readable, skipFirstLine = false): Promise<void> {
    let position = this.#bytes;
    let skipping = skipFirstLine;
    await onDisk(this.#path, () => this.#handle.truncate(position));
    for await (const piece of body as AsyncIterable<Buffer>) {
      let bytes = piece;
      if (skipping) {
        const end = bytes.indexOf(LF);
        if (end < 0) continue;
        skipping = false;
        bytes = bytes.subarray(end + 1);
      }
      position += await this.#write(bytes, position);
    }
    this.#bytes = position;
  }

  /** Fsync, rename, fsync of the folder. */
  async finish(): Promise<void> {
    await onDisk(this.#path, async () => {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(partOf(this.#path), this.#path);
      const folder = await open(dirname(this.#path), "r");
      await folder.sync().finally(() => folder.close());
    });
  }

  /** Lets go of a file that was not finished; what was written stays aside and is overwritten later. */
  async abandon(): Promise<void> {
    await this.#handle.close();
  }

  /** A write may take less than it was given. */
  async #write(bytes: Buffer, position: number): Promise<number> {
    let written = 0;
    while (written < bytes.length) {
      const answer = await onDisk(this.#path, () =>
        this.#handle.write(bytes, written, bytes.length - written, position + written),
      );
      written += answer.bytesWritten;
    }
    return written;
  }
}

const LF = 0x0a;

function partOf(path: string): string {
  return `${path}.part`;
}

/** Does something with a file. The disk's failures must not pass for the network's, which are tried
 *  again.
 *  @throws EngineError SF_FILE. */
export async function onDisk<T>(path: string, effect: () => Promise<T>): Promise<T> {
  try {
    return await effect();
  } catch (cause) {
    throw fileError(path, cause);
  }
}

function fileError(path: string, cause: unknown): EngineError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EngineError("SF_FILE", `${path}: ${reason}`, {
    hint: "Check the disk's free space and the folder's permissions, then resume.",
    cause,
  });
}
