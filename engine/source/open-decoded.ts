import type { StoredFile } from "./byte-stream.ts";
import { type ByteStream, gunzipStream, openHandle, plainStream } from "./byte-stream.ts";
import type { Encoding } from "./opened-file.ts";
import { transcodedStream, transcoderOf } from "./transcode.ts";

/** How a file is stored: what must be known to read it as UTF-8. */
export interface Storage {
  readonly sizeBytes: number;
  readonly gzip: boolean;
  /** The encoding that its byte order mark names; null: it has none. */
  readonly marked: Encoding | null;
  readonly markBytes: number;
  /** The first bytes after decompression, mark included. */
  readonly start: Uint8Array;
}

/** Opens a file's text as UTF-8 without byte order mark, whatever it is stored as. */
export async function openDecoded(
  file: StoredFile & {
    readonly gzip: boolean;
    readonly encoding: Encoding;
    readonly markBytes: number;
  },
): Promise<ByteStream> {
  const handle = await openHandle(file);
  let stored: ByteStream;
  if (file.gzip) {
    stored = gunzipStream(handle, file);
    await stored.fill(new Uint8Array(file.markBytes));
  } else {
    stored = plainStream(handle, file, file.markBytes);
  }
  const transcoder = transcoderOf(file.encoding);
  return transcoder === null ? stored : transcodedStream(stored, transcoder);
}

/** Looks at a file's size and first bytes. The content decides, not the name: a `.gz` that some
 *  tool has already unpacked is read as it is. */
export async function inspectStorage(file: StoredFile): Promise<Storage> {
  const handle = await openHandle(file);
  const plain = plainStream(handle, file, 0);
  let stream = plain;
  try {
    const start = new Uint8Array(START_BYTES);
    let length = await plain.fill(start);
    const sizeBytes = (await handle.stat()).size;
    const gzip = length >= 2 && start[0] === 0x1f && start[1] === 0x8b;
    if (gzip) {
      stream = gunzipStream(handle, file);
      length = await stream.fill(start);
    }
    const mark = MARKS.find(({ bytes }) =>
      bytes.every((byte, i) => i < length && byte === start[i]),
    );
    return {
      sizeBytes,
      gzip,
      marked: mark?.encoding ?? null,
      markBytes: mark?.bytes.length ?? 0,
      start: start.subarray(0, length),
    };
  } finally {
    await stream.close();
  }
}

const START_BYTES = 64;

const MARKS: readonly { readonly encoding: Encoding; readonly bytes: readonly number[] }[] = [
  { encoding: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { encoding: "utf-16le", bytes: [0xff, 0xfe] },
  { encoding: "utf-16be", bytes: [0xfe, 0xff] },
];
