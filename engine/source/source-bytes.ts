import { type Diagnostic, errorDiagnostic, type Position } from "../base/diagnostic.ts";
import type { SourceSpec } from "../config/sync-spec.ts";
import { ENCODINGS, type Encoding } from "./opened-file.ts";
import { NO_QUOTE } from "./row-block.ts";

/** A spec's settings as bytes. */
export interface SourceBytes {
  /** Null: to be detected in each file. */
  readonly delimiter: number | null;
  readonly quote: number;
  readonly encoding: Encoding;
}

/** So that it fits the memory that the scan works in. */
const COMMENT_CHARACTERS_MAX = 200;

/** Turns delimiter, quote and encoding of a spec into bytes and checks that they can be told apart. */
export function sourceBytes(
  source: SourceSpec,
  at: Position,
): { readonly bytes: SourceBytes | null; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const single = (name: string, text: string): number => {
    const code = text.charCodeAt(0);
    if (text.length === 1 && code > 0 && code < 0x80 && code !== 10 && code !== 13) return code;
    diagnostics.push(
      errorDiagnostic("SOURCE_DELIMITER", {
        detail: `The ${name} ${JSON.stringify(text)} is not a single ASCII character.`,
        hint: name === "delimiter" ? 'For a tab write "\\t".' : null,
        at,
        path: `/source/${name}`,
      }),
    );
    return 0;
  };
  const delimiter = source.delimiter === null ? null : single("delimiter", tab(source.delimiter));
  const quote = source.quote === "" ? NO_QUOTE : single("quote", source.quote);
  const encoding = encodingNamed(source.encoding);
  if (encoding === null) {
    diagnostics.push(
      errorDiagnostic("SOURCE_ENCODING", {
        detail: `The encoding "${source.encoding}" is not known.`,
        hint: `Known are ${ENCODINGS.join(", ")}.`,
        at,
        path: "/source/encoding",
      }),
    );
  }
  if ((source.comment?.length ?? 0) > COMMENT_CHARACTERS_MAX) {
    diagnostics.push(
      errorDiagnostic("SOURCE_DELIMITER", {
        detail: `The sign of a comment has more than ${COMMENT_CHARACTERS_MAX} characters.`,
        at,
        path: "/source/comment",
      }),
    );
  }
  if (diagnostics.length === 0 && delimiter === quote) {
    diagnostics.push(
      errorDiagnostic("SOURCE_DELIMITER", {
        detail: `Delimiter and quote are both ${JSON.stringify(source.quote)}.`,
        at,
        path: "/source/delimiter",
      }),
    );
  }
  if (encoding === null || diagnostics.length > 0) return { bytes: null, diagnostics };
  return { bytes: { delimiter, quote, encoding }, diagnostics };
}

/** The names that people write for a tab. */
function tab(delimiter: string): string {
  return delimiter === "\\t" || delimiter.toLowerCase() === "tab" ? "\t" : delimiter;
}

function encodingNamed(name: string): Encoding | null {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return NAMES[plain] ?? null;
}

const NAMES: Readonly<Record<string, Encoding>> = {
  utf8: "utf-8",
  ascii: "utf-8",
  utf16le: "utf-16le",
  utf16be: "utf-16be",
  latin1: "latin1",
  iso88591: "latin1",
  windows1252: "windows-1252",
  cp1252: "windows-1252",
};
