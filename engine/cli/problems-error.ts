import { type Diagnostic, hasErrors } from "../base/diagnostic.ts";
import { EngineError } from "../base/engine-error.ts";

/** One error for all problems of the user's files: it has the first one's code and carries them all. */
export function problemsError(diagnostics: readonly Diagnostic[]): EngineError {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const first = errors[0];
  if (first === undefined) throw new Error("There is no problem to report. This is a bug");
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new EngineError(first.code, `${first.detail}${more}`, {
    hint: first.hint ?? "Mend the listed places, then:\n    sluice validate",
    diagnostics,
  });
}

/** Throws when there is an error among the diagnostics. */
export function requireSound(diagnostics: readonly Diagnostic[]): void {
  if (hasErrors(diagnostics)) throw problemsError(diagnostics);
}
