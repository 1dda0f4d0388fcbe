import { isUtf8 } from "node:buffer";
import type { Code } from "../base/codes.ts";
import { type Diagnostic, errorDiagnostic, warningDiagnostic } from "../base/diagnostic.ts";
import { digestOf } from "./block-digests.ts";
import { smallArrays } from "./block-memory.ts";
import { detectDelimiter } from "./detect-delimiter.ts";
import { doubtEncoding, firstBadLine } from "./guess-encoding.ts";
import type { OpenedFile } from "./opened-file.ts";
import { type HeaderCell, readHeader } from "./read-header.ts";
import {
  COLUMNS_MAX,
  fieldText,
  ROW_FAULT_QUOTE_OPEN,
  ROW_FAULT_QUOTE_STRAY,
  type RowBlock,
} from "./row-block.ts";
import { ANY_WIDTH, makeDialect, scanBlock } from "./scan-block.ts";

/** What is known of a file before its header is. */
export type TextFile = Omit<
  OpenedFile,
  "header" | "delimiter" | "rowsOffset" | "rowsLine" | "headDigest"
>;

export interface HeaderInput {
  readonly file: TextFile;
  /** The first bytes of the decoded file. */
  readonly head: Buffer;
  /** They are all there is. */
  readonly final: boolean;
  /** Null: detected. */
  readonly delimiter: number | null;
  readonly skipLines: number;
  /** Column names where the file has no header; null: its first record is one. */
  readonly columns: readonly string[] | null;
}

export interface HeaderFound {
  /** Null where no header could be found. */
  readonly file: OpenedFile | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds delimiter and header in the beginning of a file; null when more of the file is needed.
 *  Does no I/O. */
export function findHeader(input: HeaderInput): HeaderFound | null {
  const { file, head, final } = input;
  const doubt = doubtEncoding(head, file.encoding);
  if (doubt !== null) return refuse("SOURCE_ENCODING", file, 1, doubt.what, doubt.hint);
  const skippedTo = afterLines(head, 0, input.skipLines, final);
  if (skippedTo === null) return null;
  const start = startOf(input, skippedTo);
  if (start === null) return null;
  const delimiter = input.delimiter ?? start.delimiter ?? detect(input, start.at);
  const found =
    input.columns === null
      ? scanHeader(input, start, delimiter)
      : takeColumns(input, start, input.columns);
  if (found === null || found.header === null) {
    return found === null ? null : { file: null, diagnostics: found.diagnostics };
  }
  const { header, rowsOffset, rowsLine, diagnostics } = found;
  const headDigest = digestOf(head, 0, rowsOffset);
  return {
    file: { ...file, header, delimiter, rowsOffset, rowsLine, headDigest },
    diagnostics: [...diagnostics, ...badText(input)],
  };
}

/** A file that can't be used, with one error. */
export function refuse(
  code: Code,
  file: { readonly shown: string },
  line: number | null,
  what: string,
  hint: string,
): { readonly file: null; readonly header: null; readonly diagnostics: readonly Diagnostic[] } {
  const detail = `The source file ${file.shown} ${what}.`;
  const at = { file: file.shown, line, column: line === null ? null : 1 };
  return { file: null, header: null, diagnostics: [errorDiagnostic(code, { detail, hint, at })] };
}

interface ScannedHeader {
  readonly header: readonly string[] | null;
  readonly rowsOffset: number;
  readonly rowsLine: number;
  readonly diagnostics: readonly Diagnostic[];
}

function detect({ file, head, final, columns }: HeaderInput, start: number): number {
  const { quote, comment } = file;
  const end = head.length;
  return detectDelimiter({
    ...{ bytes: head, start, end, final, quote, comment },
    columns: columns?.length ?? null,
  });
}

function takeColumns(input: HeaderInput, start: Start, header: readonly string[]): ScannedHeader {
  const { shown } = input.file;
  const place = { rowsOffset: start.at, rowsLine: start.line };
  if (input.head.length > 0) return { header, ...place, diagnostics: [] };
  // Without a header line, no bytes are simply no rows; worth a word all the same.
  const at = { file: shown, line: null, column: null };
  const detail = `The source file ${shown} is empty.`;
  return {
    header,
    ...place,
    diagnostics: [warningDiagnostic("SOURCE_EMPTY_FILE", { detail, at })],
  };
}

function scanHeader(input: HeaderInput, from: Start, delimiter: number): ScannedHeader | null {
  const { file, head, final } = input;
  const nowhere = { rowsOffset: 0, rowsLine: 1 };
  const { at: start, line } = from;
  const rows = smallArrays(1, COLUMNS_MAX + 2);
  const result = { rowCount: 0, consumed: start, line };
  const dialect = makeDialect({ ...file, delimiter, columns: ANY_WIDTH });
  scanBlock(head, { start, end: head.length, final, line, base: 0 }, dialect, rows, result);
  if (result.rowCount === 0) {
    if (!final) return null;
    const what = head.length === 0 ? "is empty" : "has no header line";
    return { ...nowhere, ...refuse("SOURCE_EMPTY_FILE", file, null, what, HINT_EMPTY) };
  }
  const block: RowBlock = {
    ...rows,
    file: { ...file, delimiter, header: [] },
    bytes: head,
    rowCount: 1,
  };
  const broken = brokenHeader(block);
  if (broken !== null) return { ...nowhere, ...broken };
  const { header, diagnostics } = readHeader(headerCells(block), {
    file: file.shown,
    line: rows.rowLine[0] ?? line,
    column: 1,
  });
  return { header, rowsOffset: result.consumed, rowsLine: result.line, diagnostics };
}

const HINT_EMPTY = "Did the export fail? A file without rows still needs its header line.";
const HINT_QUOTE = "Look for a quote too much, or set source.quote.";
const HINT_ENCODING =
  "Declare how it is stored in the spec, under source:\n    encoding: windows-1252";

function brokenHeader(block: RowBlock): ReturnType<typeof refuse> | null {
  const { file, bytes } = block;
  const line = block.rowLine[0] ?? 1;
  const start = block.rowStart[0] ?? 0;
  switch (block.rowFault[0]) {
    case ROW_FAULT_QUOTE_OPEN:
      return refuse(
        "SOURCE_HEADER_BROKEN",
        file,
        line,
        "has a quote in its header that is never closed",
        HINT_QUOTE,
      );
    case ROW_FAULT_QUOTE_STRAY:
      return refuse(
        "SOURCE_HEADER_BROKEN",
        file,
        line,
        "has a quote inside a column name, or text after a quoted one",
        HINT_QUOTE,
      );
  }
  const record = bytes.subarray(start, start + (block.rowLength[0] ?? 0));
  // A program or an archive is no text in any encoding.
  if (record.includes(0)) {
    return refuse(
      "SOURCE_NOT_TEXT",
      file,
      line,
      "has a NUL byte in its header",
      "Export it as CSV.",
    );
  }
  if (!isUtf8(record)) {
    return refuse(
      "SOURCE_ENCODING",
      file,
      line,
      "has a header that is no valid text in its encoding",
      HINT_ENCODING,
    );
  }
  return null;
}

/** Cells with the column of their first character; a quoted one may start on a later line, and
 *  then counts from the record's start all the same. */
function headerCells(block: RowBlock): HeaderCell[] {
  const count = (block.fieldFirst[1] ?? 0) - (block.fieldFirst[0] ?? 0);
  const record = block.rowStart[0] ?? 0;
  const decoder = new TextDecoder();
  return Array.from({ length: count }, (_, i) => {
    const before = block.bytes.subarray(record, block.fieldStart[i]);
    const column = decoder.decode(before).length + 1;
    const at = { file: block.file.shown, line: block.rowLine[0] ?? 1, column };
    return { text: fieldText(block, 0, i), at };
  });
}

/** Bad bytes near the file's start mean that the whole file is in another encoding: worth saying
 *  once, before every row says it. */
function badText({ file, head, final }: HeaderInput): Diagnostic[] {
  const line = firstBadLine(head, final);
  if (line === null) return [];
  return [
    warningDiagnostic("SOURCE_ENCODING", {
      detail: `Line ${line} of ${file.shown} holds bytes that are no ${file.encoding} text. Rows with such bytes are invalid.`,
      hint: HINT_ENCODING,
      at: { file: file.shown, line, column: null },
    }),
  ];
}

/** Where the header, or the first row, may start. */
interface Start {
  readonly at: number;
  readonly line: number;
  /** What a line in front of it names as the delimiter. */
  readonly delimiter: number | null;
}

/** Excel writes a first line such as `sep=;`, which is no header: it names the delimiter. Null when
 *  more of the file is needed. */
function startOf({ head, final, skipLines }: HeaderInput, at: number): Start | null {
  const line = skipLines + 1;
  const found = /^"?sep=([^\r\n])"?[\r\n]/.exec(head.toString("latin1", at, at + 9));
  const delimiter = found?.[1]?.charCodeAt(0) ?? NaN;
  if (!(delimiter < 0x80)) return { at, line, delimiter: null };
  const after = afterLines(head, at, 1, final);
  return after === null ? null : { at: after, line: line + 1, delimiter };
}

/** Where the text goes on after some lines, whatever they hold; null when the end is not seen. */
function afterLines(bytes: Uint8Array, from: number, lines: number, final: boolean): number | null {
  let at = from;
  for (let line = 0; line < lines; line++) {
    while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++;
    // A CR that is the last byte seen may be followed by its LF.
    if (!final && at + 1 >= bytes.length) return null;
    at += bytes[at] === 13 && bytes[at + 1] === 10 ? 2 : 1;
  }
  return Math.min(at, bytes.length);
}
