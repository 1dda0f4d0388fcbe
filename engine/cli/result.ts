import type { Diagnostic } from "../base/diagnostic.ts";
import type { EngineError } from "../base/engine-error.ts";

/** How a command ended. Printing it is `respond`'s business. */
export interface CommandResult {
  /** `data` of the --json document; null where nothing is known. */
  readonly data: unknown;
  /** What goes to stdout without --json. */
  readonly text: string;
  readonly warnings: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly error: EngineError | null;
  readonly exitCode: number;
}

export function success(
  data: unknown,
  text: string,
  warnings: readonly string[] = [],
): CommandResult {
  return { data, text, warnings, diagnostics: [], error: null, exitCode: 0 };
}

export function failure(
  error: EngineError,
  rest: {
    readonly data?: unknown;
    readonly text?: string;
    readonly diagnostics?: readonly Diagnostic[];
  } = {},
): CommandResult {
  return {
    data: rest.data ?? null,
    text: rest.text ?? "",
    warnings: [],
    diagnostics: rest.diagnostics ?? error.diagnostics,
    error,
    exitCode: error.exitCode,
  };
}

/** Of several errors, the one that decides the exit code: SEMANTICS "Guards, states, exits". */
export function gravest(errors: readonly EngineError[]): EngineError | null {
  for (const exit of EXIT_ORDER) {
    const error = errors.find(({ exitCode }) => exitCode === exit);
    if (error !== undefined) return error;
  }
  return null;
}

const EXIT_ORDER = [1, 5, 3, 8, 6, 7, 4] as const;

/** A document without an error has no place for diagnostics: warnings are told as texts. */
export function warningTexts(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics
    .filter(({ severity }) => severity === "warning")
    .map(
      ({ code, detail, file, line }) =>
        `${code}${file === null ? "" : ` ${file}:${line}`}: ${detail}`,
    );
}

/** Warnings of one sync among those of a command. */
export function ofSync(sync: string, warnings: readonly string[]): string[] {
  return warnings.map((text) => `${sync}: ${text}`);
}
