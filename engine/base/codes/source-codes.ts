import type { CodeEntry } from "./code-entry.ts";

/** Codes of expressions and of source files. */
export const SOURCE_CODES = {
  MAPPING_EXPRESSION: {
    remedy: "fix",
    exit: 3,
    summary: "Expression not usable",
    explain:
      'Expressions are CEL over the row\'s texts: row.column or row["any name"]. They have no clock, no randomness and a bounded cost.',
  },
  SOURCE_NO_FILES: {
    remedy: "fix",
    exit: 3,
    summary: "No source file",
    explain:
      "A pattern under source.files matches no file. Patterns are relative to the folder of the spec; `**` crosses folders, and names that start with a dot are left out.",
  },
  SOURCE_EMPTY_FILE: {
    remedy: "fix",
    exit: 3,
    summary: "Source file without a header",
    explain:
      "The file holds no line that could be its header. An export that found nothing should still write its header; a file of zero bytes usually means that the export failed.",
  },
  SOURCE_HEADER_DUPLICATE: {
    remedy: "fix",
    exit: 3,
    summary: "Column name used twice",
    explain:
      "Two columns of a file have one name, so a mapping could not say which is meant. Rename one in the export, or name all columns under source.columns and skip the header line with source.skipLines.",
  },
  SOURCE_HEADER_SIMILAR: {
    remedy: "fix",
    exit: 3,
    summary: "Column names that look alike",
    explain:
      "Two columns differ only in letter case, spaces or invisible characters, or a name holds a character that cannot be seen (a no-break or zero-width space). A mapping must repeat the name exactly.",
  },
  SOURCE_HEADER_EMPTY: {
    remedy: "fix",
    exit: 3,
    summary: "Column without a name",
    explain:
      "A cell of the header is blank, often because every line ends with a delimiter. The column can't be mapped; the others can.",
  },
  SOURCE_HEADER_WIDE: {
    remedy: "fix",
    exit: 3,
    summary: "Too many columns",
    explain:
      "Salesforce takes at most 5,000 fields in a record, so a file may have that many columns.",
  },
  SOURCE_HEADER_BROKEN: {
    remedy: "fix",
    exit: 3,
    summary: "Header not readable",
    explain:
      "The header line breaks the rules of quoting, or is longer than a record may be: a quote is never closed, stands inside an unquoted name, or is followed by text.",
  },
  SOURCE_DELIMITER: {
    remedy: "fix",
    exit: 3,
    summary: "Delimiter or quote not usable",
    explain:
      "Delimiter and quote must each be a single ASCII character, differ from each other and be no line end. The sign of a comment has at most 200 characters.",
  },
  SOURCE_ENCODING: {
    remedy: "fix",
    exit: 3,
    summary: "Source file in another encoding",
    explain:
      "The bytes of the file are no text in the declared encoding (UTF-8 when none is declared). Name the right one under source.encoding: utf-8, utf-16le, utf-16be, latin1 or windows-1252.",
  },
  SOURCE_NOT_TEXT: {
    remedy: "fix",
    exit: 3,
    summary: "Source file is no text",
    explain:
      "The file is a workbook, an archive or another binary file. Export it as CSV; of compressed files only gzip is read.",
  },
  SOURCE_UNREADABLE: {
    remedy: "fix",
    exit: 3,
    summary: "Source file not readable",
    explain:
      "The system refused to open or read a source file: it is gone, a folder, or protected.",
  },
  SOURCE_GZIP: {
    remedy: "fix",
    exit: 3,
    summary: "Compressed source file damaged",
    explain:
      "A gzip file ends too early or its checksum does not fit its content. It was probably copied while it was being written.",
  },
  SOURCE_CHANGED: {
    remedy: "retry",
    exit: 7,
    summary: "Source file changed while it was used",
    explain:
      "A file no longer holds what was read before, so what was decided about its rows no longer holds. Nothing of the changed part was used. Run again when the file is complete.",
  },
} as const satisfies Record<string, CodeEntry>;
