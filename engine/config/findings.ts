import type { Code } from "../base/codes.ts";
import { type Diagnostic, errorDiagnostic, warningDiagnostic } from "../base/diagnostic.ts";
import { keyPositionOf, positionOf, type SourceDocument } from "./source-document.ts";

/** One document under inspection, and what was found in it so far. */
export interface Findings {
  readonly document: SourceDocument;
  readonly diagnostics: Diagnostic[];
}

interface Complaint {
  readonly detail: string;
  readonly hint?: string | null;
  /** True where the key is at fault rather than its value. */
  readonly atKey?: boolean;
  readonly severity?: "error" | "warning";
}

/** Notes a problem with the value at a JSON pointer. */
export function complain(
  { document, diagnostics }: Findings,
  code: Code,
  pointer: string,
  { detail, hint = null, atKey = false, severity = "error" }: Complaint,
): void {
  const at = atKey ? keyPositionOf(document, pointer) : positionOf(document, pointer);
  const build = severity === "error" ? errorDiagnostic : warningDiagnostic;
  diagnostics.push(build(code, { detail, hint, at, path: pointer }));
}

/** What is left of a document's data once refused values are taken out: anything may be missing. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? (Draft<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T;
