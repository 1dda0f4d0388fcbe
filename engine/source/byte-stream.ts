import { type FileHandle, open } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { EngineError } from "../base/engine-error.ts";

/** Bytes of one file in order, pulled: nothing is read before it is asked for. */
export interface ByteStream {
  /** Fills `into`; less than its length only where the file ends. One call at a time. */
  fill(into: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** What was found when a file was opened, and what messages call it. */
export interface StoredFile {
  readonly path: string;
  readonly shown: string;
}

const GUNZIP_CHUNK_BYTES = 256 * 1024;

/** Opens a file for reading; what the system refuses becomes an EngineError that names the file. */
export async function openHandle(file: StoredFile): Promise<FileHandle> {
  const handle = await open(file.path, "r").catch((thrown: unknown) => {
    throw unreadable(file, thrown);
  });
  return handle;
}

/** The file's bytes as stored, from an offset. */
export function plainStream(handle: FileHandle, file: StoredFile, from: number): ByteStream {
  let position = from;
  return {
    async fill(into) {
      let filled = 0;
      while (filled < into.length) {
        const { bytesRead } = await handle
          .read(into, filled, into.length - filled, position)
          .catch((thrown: unknown) => {
            throw unreadable(file, thrown);
          });
        if (bytesRead === 0) break;
        filled += bytesRead;
        position += bytesRead;
      }
      return filled;
    },
    close: () => handle.close(),
  };
}

/** The decompressed bytes; several gzip members in one file follow each other. */
export function gunzipStream(handle: FileHandle, file: StoredFile): ByteStream {
  const stored = handle.createReadStream({
    start: 0,
    autoClose: false,
    highWaterMark: GUNZIP_CHUNK_BYTES,
  });
  const gunzip = createGunzip({ chunkSize: GUNZIP_CHUNK_BYTES });
  // The iterator below reports the error; the callback only keeps it from being unhandled.
  pipeline(stored, gunzip, () => {});
  const chunks = copied(gunzip, (thrown) => ungzippable(file, thrown));
  return {
    fill: chunks,
    async close() {
      gunzip.destroy();
      stored.destroy();
      await handle.close();
    },
  };
}

/** Copies what a stream gives into buffers of the caller's size. */
function copied(stream: Readable, wrap: (thrown: unknown) => EngineError): ByteStream["fill"] {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = Buffer.alloc(0);
  return async (into) => {
    let filled = 0;
    while (filled < into.length) {
      if (rest.length === 0) {
        const next = await chunks.next().catch((thrown: unknown) => {
          throw wrap(thrown);
        });
        if (next.done === true) break;
        rest = next.value;
      }
      const taken = rest.subarray(0, into.length - filled);
      into.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
    }
    return filled;
  };
}

function unreadable(file: StoredFile, thrown: unknown): EngineError {
  const code = systemCode(thrown);
  const [why, hint] = REASONS[code] ?? [
    `could not be read (${code})`,
    "Check the disk or the share that the file lies on, then run again.",
  ];
  return new EngineError("SOURCE_UNREADABLE", `The source file ${file.shown} ${why}.`, {
    hint,
    cause: thrown,
  });
}

const REASONS: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  ENOENT: [
    "is not there any more",
    "It was listed a moment ago. If another process replaces it, let that finish, then run again.",
  ],
  EACCES: ["may not be read by this user", "Give the user that runs Sluice read permission."],
  EPERM: ["may not be read by this user", "Give the user that runs Sluice read permission."],
  EISDIR: ["is a folder", "Name the files in it: folder/*.csv"],
  EMFILE: ["could not be opened: too many files are open", "Raise `ulimit -n`, then run again."],
};

function ungzippable(file: StoredFile, thrown: unknown): EngineError {
  const code = systemCode(thrown);
  if (!code.startsWith("Z_")) return unreadable(file, thrown);
  const what =
    code === "Z_BUF_ERROR"
      ? "ends in the middle of its compressed data: it is not complete"
      : `is no intact gzip file (${thrown instanceof Error ? thrown.message : code})`;
  return new EngineError("SOURCE_GZIP", `The source file ${file.shown} ${what}.`, {
    hint: "Copy or export the file again, and compare its size with the original.",
    cause: thrown,
  });
}

/** The system's own code of a failure (ENOENT, Z_DATA_ERROR), or UNKNOWN. */
export function systemCode(thrown: unknown): string {
  const code = thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined;
  return typeof code === "string" ? code : "UNKNOWN";
}
