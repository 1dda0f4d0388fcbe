import { CODES, type Code } from "./codes.ts";

export type Severity = "error" | "warning";

/** A place in a user's file. Lines and columns count from 1; null where the whole file is meant. */
export interface Position {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** A problem in a user's files, as a value: a stage returns all it found, never only the first. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** Fixed words from the table of codes. */
  readonly summary: string;
  /** What is wrong, with the names, then why that is a problem. Full sentences. */
  readonly detail: string;
  /** What to do. A command stands alone on its own line, indented by four spaces. */
  readonly hint: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** Where in the document, as a JSON pointer such as /mapping/Email; null where that says nothing. */
  readonly path: string | null;
}

interface DiagnosticOptions {
  readonly detail: string;
  readonly hint?: string | null | undefined;
  readonly at?: Position | null | undefined;
  readonly path?: string | null | undefined;
}

export function errorDiagnostic(code: Code, options: DiagnosticOptions): Diagnostic {
  return build(code, "error", options);
}

export function warningDiagnostic(code: Code, options: DiagnosticOptions): Diagnostic {
  return build(code, "warning", options);
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

function build(code: Code, severity: Severity, options: DiagnosticOptions): Diagnostic {
  return {
    code,
    severity,
    summary: CODES[code].summary,
    detail: options.detail,
    hint: options.hint ?? null,
    file: options.at?.file ?? null,
    line: options.at?.line ?? null,
    column: options.at?.column ?? null,
    path: options.path ?? null,
  };
}
