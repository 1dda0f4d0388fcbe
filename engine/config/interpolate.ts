import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import {
  findReferenceProblem,
  hasReferences,
  type ReferenceOptions,
  resolveReferences,
} from "./references.ts";
import { pointerTo, positionOf, refuse, type SourceDocument } from "./source-document.ts";

interface InterpolateOptions extends ReferenceOptions {
  /** never: resolved later, when it is needed; here only how it is written counts. ifPossible: what
   *  refers to something missing stays as it is written, and is told when it is needed. */
  readonly when: (pointer: string) => "now" | "ifPossible" | "never";
}

/** Resolves the references in every text of a document, in place. A value whose reference cannot be
 *  resolved is taken out, so that no later rule complains about it again. */
export async function interpolate(
  document: SourceDocument,
  options: InterpolateOptions,
): Promise<Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];

  async function visit(value: unknown, pointer: string): Promise<unknown> {
    if (typeof value === "string" && hasReferences(value)) {
      const when = options.when(pointer);
      const { text, problem } =
        when === "never"
          ? { text: value, problem: findReferenceProblem(value) }
          : await resolveReferences(value, options);
      if (problem === null) return text;
      if (when === "ifPossible" && problem.code !== "CONFIG_REFERENCE") return value;
      const at = positionOf(document, pointer);
      const { code, detail, hint } = problem;
      diagnostics.push(errorDiagnostic(code, { detail, hint, at, path: pointer }));
      broken.push(pointer);
      return value;
    }
    if (typeof value === "object" && value !== null) {
      const holder = value as Record<string, unknown>;
      for (const key of Object.keys(holder)) {
        holder[key] = await visit(holder[key], pointerTo(pointer, key));
      }
    }
    return value;
  }

  const broken: string[] = [];
  document.data = await visit(document.data, "");
  // From the end, so that a list's places do not move.
  for (const pointer of broken.reverse()) refuse(document, pointer);
  return diagnostics;
}
