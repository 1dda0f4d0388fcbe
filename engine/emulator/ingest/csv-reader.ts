import { closeSync, openSync, readSync } from "node:fs";

export interface CsvRecord {
  /** Empty when the record was read with `decode: false`. */
  readonly cells: readonly string[];
  readonly width: number;
  /** File offsets: where the record starts, and where the next one does. */
  readonly start: number;
  readonly end: number;
  readonly ending: "LF" | "CRLF" | "EOF";
}

export interface CsvReader {
  /**
   * The next record that is not an empty line, or null at the end. Throws {@link CsvFormatError}.
   */
  next(decode: boolean): CsvRecord | null;
  close(): void;
}

/** The file can't be cut into records. Salesforce fails the whole job for it. */
export class CsvFormatError extends Error {}

/** The Bulk API guide allows 400,000 characters a record; more than this is no CSV. */
const RECORD_BYTES_MAX = 8 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const UNESCAPED_QUOTE =
  "InvalidBatch : Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote";

/**
 * Reads an uploaded CSV from any record boundary. Memory stays at one buffer, whatever the file's
 * size.
 */
export function openCsv(
  path: string,
  { delimiter, offset }: { readonly delimiter: string; readonly offset: number },
): CsvReader {
  const file = openSync(path, "r");
  const separator = delimiter.charCodeAt(0);
  let buffer: Buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let base = offset;
  let position = 0;
  let length = 0;
  let ended = false;

  /** Keeps the unfinished record, and reads more behind it. */
  const refill = (): void => {
    const rest = length - position;
    const roomy =
      rest + CHUNK_BYTES > buffer.length ? Buffer.allocUnsafe(rest * 2 + CHUNK_BYTES) : buffer;
    if (rest > RECORD_BYTES_MAX) throw new CsvFormatError("InvalidBatch : Record is too large");
    buffer.copy(roomy, 0, position, length);
    buffer = roomy;
    base += position;
    position = 0;
    const read = readSync(file, buffer, rest, buffer.length - rest, base + rest);
    length = rest + read;
    ended = read === 0;
  };

  const next = (decode: boolean): CsvRecord | null => {
    for (;;) {
      if (position >= length && !ended) refill();
      if (position >= length) return null;
      const record = readRecord({ buffer, position, length, ended, separator, decode });
      if (record === null) {
        refill();
        continue;
      }
      const start = base + position;
      position = record.next;
      const { cells, width, ending, empty } = record;
      if (!empty) return { cells, width, ending, start, end: base + position };
    }
  };

  return { next, close: () => closeSync(file) };
}

interface Window {
  readonly buffer: Buffer;
  readonly position: number;
  readonly length: number;
  /** Nothing follows the window: the file ends here. */
  readonly ended: boolean;
  readonly separator: number;
  readonly decode: boolean;
}

interface Found {
  readonly cells: string[];
  readonly width: number;
  readonly next: number;
  readonly ending: "LF" | "CRLF" | "EOF";
  readonly empty: boolean;
}

/** Reads one record at the window's position, or null when it may go on beyond the window. */
function readRecord(window: Window): Found | null {
  const { buffer, length, ended, separator, decode } = window;
  const cells: string[] = [];
  let width = 0;
  let at = window.position;
  for (;;) {
    width += 1;
    const quoted = at < length && buffer[at] === QUOTE;
    const end = quoted ? endOfQuoted(window, at) : endOfPlain(window, at);
    if (end === null) return null;
    const stop = end < length ? buffer[end] : undefined;
    if (stop === undefined && !ended) return null;
    // A CR before the LF belongs to the line ending; any other CR is content.
    const crlf = stop === LF && end > at && buffer[end - 1] === CR;
    const contentEnd = crlf ? end - 1 : end;
    if (decode) cells.push(decodeCell(buffer, at, contentEnd, quoted));
    if (stop === separator) {
      at = end + 1;
      continue;
    }
    const ending = stop === undefined ? "EOF" : crlf ? "CRLF" : "LF";
    const empty = width === 1 && contentEnd === at && !quoted;
    return { cells, width, ending, empty, next: stop === undefined ? end : end + 1 };
  }
}

function endOfPlain({ buffer, length, separator }: Window, start: number): number {
  let at = start;
  while (at < length) {
    const byte = buffer[at];
    if (byte === separator || byte === LF) return at;
    if (byte === QUOTE) throw new CsvFormatError(UNESCAPED_QUOTE);
    at += 1;
  }
  return at;
}

/**
 * The offset behind a quoted cell (of its delimiter or LF), or null when the closing quote is not
 * in sight.
 */
function endOfQuoted(window: Window, start: number): number | null {
  const { buffer, length, ended, separator } = window;
  let at = start + 1;
  for (;;) {
    const quote = buffer.indexOf(QUOTE, at);
    if (quote < 0 || quote >= length) {
      if (ended) throw new CsvFormatError(UNESCAPED_QUOTE);
      return null;
    }
    if (quote + 2 >= length && !ended) return null;
    if (quote + 1 < length && buffer[quote + 1] === QUOTE) {
      at = quote + 2;
      continue;
    }
    const after = quote + 1 < length ? buffer[quote + 1] : undefined;
    if (after === undefined || after === separator || after === LF) return quote + 1;
    if (after === CR && quote + 2 < length && buffer[quote + 2] === LF) return quote + 2;
    throw new CsvFormatError(UNESCAPED_QUOTE);
  }
}

function decodeCell(buffer: Buffer, start: number, end: number, quoted: boolean): string {
  if (!quoted) return buffer.toString("utf8", start, end);
  const inner = buffer.toString("utf8", start + 1, end - 1);
  return inner.includes('""') ? inner.replaceAll('""', '"') : inner;
}
