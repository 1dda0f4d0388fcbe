import type { SourceSpec } from "../config/sync-spec.ts";
import type { StoredFile } from "./byte-stream.ts";
import { findHeader, type HeaderFound, refuse } from "./find-header.ts";
import { binaryKind } from "./guess-encoding.ts";
import { inspectStorage, openDecoded } from "./open-decoded.ts";
import type { SourceBytes } from "./source-bytes.ts";

/** The header, and what stands before it, must lie in so many bytes: no more is read to find it. */
const HEAD_BYTES_MAX = 4 * 1024 * 1024;
const HEAD_BYTES_FIRST = 64 * 1024;

/** Reads the beginning of one file: how it is stored, its encoding, delimiter and header. A byte
 *  order mark says more than the spec. */
export async function openFile(input: {
  readonly stored: StoredFile;
  readonly index: number;
  readonly source: SourceSpec;
  readonly bytes: SourceBytes;
  /** Column names where the spec gives them. */
  readonly columns: readonly string[] | null;
}): Promise<HeaderFound> {
  const { stored, source, bytes } = input;
  const storage = await inspectStorage(stored);
  const kind = binaryKind(storage.start);
  if (kind !== null)
    return refuse("SOURCE_NOT_TEXT", stored, null, `is ${kind}`, "Export it as CSV.");
  const file = {
    ...stored,
    index: input.index,
    sizeBytes: storage.sizeBytes,
    gzip: storage.gzip,
    encoding: storage.marked ?? bytes.encoding,
    markBytes: storage.markBytes,
    quote: bytes.quote,
    comment: source.comment === "" ? null : source.comment,
  };
  const { delimiter } = bytes;
  const { skipLines } = source;
  const { columns } = input;
  const stream = await openDecoded(file);
  try {
    // Nearly every header is found in the first piece; for a longer one the piece grows.
    let head = Buffer.alloc(HEAD_BYTES_FIRST);
    let length = await stream.fill(head);
    for (;;) {
      const final = length < head.length;
      const seen = head.subarray(0, length);
      const found = findHeader({ file, head: seen, final, delimiter, skipLines, columns });
      if (found !== null) return found;
      if (head.length >= HEAD_BYTES_MAX) {
        const what = "has no complete header in its first 4 MiB";
        return refuse("SOURCE_HEADER_BROKEN", stored, 1, what, "Is it a text file?");
      }
      const larger = Buffer.alloc(head.length * 4);
      head.copy(larger);
      length += await stream.fill(larger.subarray(length));
      head = larger;
    }
  } finally {
    await stream.close();
  }
}
