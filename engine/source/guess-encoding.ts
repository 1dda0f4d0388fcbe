import { isUtf8 } from "node:buffer";
import type { Encoding } from "./opened-file.ts";

/** What a file that is no CSV is, by its first bytes; null: it may be text. */
export function binaryKind(start: Uint8Array): string | null {
  const found = SIGNATURES.find(({ bytes }) => bytes.every((byte, i) => byte === start[i]));
  return found?.kind ?? null;
}

const SIGNATURES: readonly { readonly bytes: readonly number[]; readonly kind: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], kind: "an Excel workbook or a zip archive" },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], kind: "an old Excel workbook" },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], kind: "compressed with zstd" },
  { bytes: [0x42, 0x5a, 0x68, 0x39], kind: "compressed with bzip2" },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], kind: "compressed with xz" },
  { bytes: [0x50, 0x41, 0x52, 0x31], kind: "a Parquet file" },
  { bytes: [0x25, 0x50, 0x44, 0x46], kind: "a PDF" },
];

export interface EncodingDoubt {
  /** Goes on after the file's name. */
  readonly what: string;
  readonly hint: string;
}

/** Whether the beginning of a file, read as an encoding, looks like text in it. UTF-16 without a
 *  byte order mark shows as NULs in every second place. Null: nothing speaks against it. */
export function doubtEncoding(head: Buffer, encoding: Encoding): EncodingDoubt | null {
  const nul = head.indexOf(0);
  if (nul < 0) return null;
  const seen = Math.min(head.length, 1024) & ~1;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < seen; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  const half = seen / 4;
  if (encoding !== "utf-16le" && odd > half && even === 0) return utf16("utf-16le");
  if (encoding !== "utf-16be" && even > half && odd === 0) return utf16("utf-16be");
  return null;
}

function utf16(encoding: Encoding): EncodingDoubt {
  return {
    what: `looks like ${encoding} without a byte order mark`,
    hint: `Declare it in the spec, under source:\n    encoding: ${encoding}`,
  };
}

/** The line, counted from the head's first, of the first bytes that are no UTF-8; null: there are
 *  none. A character that the head's end cuts is none. */
export function firstBadLine(head: Buffer, final: boolean): number | null {
  let end = head.length;
  // Lines are whole characters in UTF-8, so a check up to a line's end never cuts one.
  if (!final) end = Math.max(head.lastIndexOf(10), head.lastIndexOf(13)) + 1;
  if (isUtf8(head.subarray(0, end))) return null;
  let line = 1;
  for (let from = 0; from < end; line++) {
    const found = head.subarray(from, end).findIndex((byte) => byte === 10 || byte === 13);
    const stop = found < 0 ? end : from + found;
    if (!isUtf8(head.subarray(from, stop))) return line;
    from = stop + (head[stop] === 13 && head[stop + 1] === 10 ? 2 : 1);
  }
  return null;
}
