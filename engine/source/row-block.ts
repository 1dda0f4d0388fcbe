import type { RowKernel } from "./row-kernel.ts";

/** One source file as rows see it. */
export interface SourceFile {
  /** Absolute path. */
  readonly path: string;
  /** As messages show it: relative to the project's folder. */
  readonly shown: string;
  /** Its place in the stable order of all files of the spec. */
  readonly index: number;
  /** Column names, in the file's order. */
  readonly header: readonly string[];
  /** One byte. */
  readonly delimiter: number;
  /** One byte, or NO_QUOTE when quotes mean nothing. In a FIELD_ESCAPED field two stand for one. */
  readonly quote: number;
}

/** Stands for "no such byte" where a byte is asked for. */
export const NO_QUOTE = 256;

/** Rows as bytes: one buffer and where records and fields lie in it. Everything is owned by the
 *  reader and valid only until the next block is asked for, so that the plain path makes no garbage.
 *  Row r has fields `fieldFirst[r]` up to (not including) `fieldFirst[r + 1]`. */
export interface RowBlock {
  readonly file: SourceFile;
  /** Decoded source, UTF-8. */
  readonly bytes: Uint8Array;
  readonly rowCount: number;
  readonly fieldFirst: Int32Array;
  /** Content of a field, without its quotes: from fieldStart, up to (not including) fieldEnd. */
  readonly fieldStart: Int32Array;
  readonly fieldEnd: Int32Array;
  /** FIELD_* bits. */
  readonly fieldFlags: Uint8Array;
  /** Place of the row's first byte in `bytes`. */
  readonly rowStart: Int32Array;
  /** Line of the row's first byte, counted from 1; for ROW_FAULT_QUOTE_OPEN the line of the quote
   *  that is never closed. */
  readonly rowLine: Float64Array;
  /** Offset of the row in the decoded file (UTF-8, without a byte order mark), in bytes. */
  readonly rowOffset: Float64Array;
  /** Bytes of the row, without its line end. A row with ROW_FAULT_LONG or ROW_FAULT_QUOTE_OPEN may
   *  be longer than what `bytes` holds of it. */
  readonly rowLength: Int32Array;
  /** ROW_FAULT_* of each row. A row with a fault has fewer or more fields than the header, or
   *  none: only those from `fieldFirst` are there, and for ROW_FAULT_WIDTH at most the header's. */
  readonly rowFault: Uint8Array;
  /** Set where all this lies in the memory of a kernel that can map it there. */
  readonly kernel?: RowKernel | null;
}

/** The field stood in quotes. */
export const FIELD_QUOTED = 1;
/** The content holds doubled quotes, which stand for one. */
export const FIELD_ESCAPED = 2;

export const ROW_OK = 0;
/** More or fewer fields than the header: never padded. */
export const ROW_FAULT_WIDTH = 1;
/** A quote that is never closed swallows the rest of the file. */
export const ROW_FAULT_QUOTE_OPEN = 2;
/** A quote inside an unquoted field, or text after a closing quote. */
export const ROW_FAULT_QUOTE_STRAY = 3;
/** Bytes that are no UTF-8. */
export const ROW_FAULT_ENCODING = 4;
/** A NUL byte: the sign of a binary or badly decoded file. */
export const ROW_FAULT_NUL = 5;
/** Longer than a record may be (400,000 characters: Bulk API 2.0 guide, "Bulk API limits"). */
export const ROW_FAULT_LONG = 6;

/** Limit of a record in characters: Bulk API 2.0 guide, "Bulk API and Bulk API 2.0 Limits". */
export const RECORD_CHARACTERS_MAX = 400_000;
/** Limit of the fields of a record: same place. */
export const COLUMNS_MAX = 5_000;

/** A text field's content as a string: for expressions, messages and tests, not for the plain path. */
export function fieldText(block: RowBlock, row: number, column: number): string {
  const field = (block.fieldFirst[row] ?? 0) + column;
  if (field >= (block.fieldFirst[row + 1] ?? 0)) return "";
  const start = block.fieldStart[field] ?? 0;
  const text = decoder.decode(block.bytes.subarray(start, block.fieldEnd[field]));
  if (((block.fieldFlags[field] ?? 0) & FIELD_ESCAPED) === 0) return text;
  const quote = String.fromCharCode(block.file.quote);
  return text.replaceAll(quote + quote, quote);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
