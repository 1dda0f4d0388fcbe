import type { SourceFile } from "./row-block.ts";

/** Encodings that are read. Bytes become UTF-8 before anything else looks at them. */
export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "latin1", "windows-1252"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A file whose header was read: all that a pass over its rows needs, as plain data. */
export interface OpenedFile extends SourceFile {
  /** Size as stored: compressed and in its own encoding. */
  readonly sizeBytes: number;
  readonly gzip: boolean;
  readonly encoding: Encoding;
  /** Length of the byte order mark in front of the text, before decoding. */
  readonly markBytes: number;
  readonly comment: string | null;
  /** Where the first row may start: offset in the decoded file, and its line. */
  readonly rowsOffset: number;
  readonly rowsLine: number;
  /** Digest of the decoded bytes before `rowsOffset`: a pass refuses a file whose header moved. */
  readonly headDigest: string;
}
