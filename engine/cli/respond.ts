import { readFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../base/diagnostic.ts";
import type { Context } from "./context.ts";
import { type CommandResult, warningTexts } from "./result.ts";

/** Prints how a command ended: with --json one document on stdout, on every way out; else its text on
 *  stdout and what went wrong on stderr. Gives the exit code. */
export async function respond(
  command: string,
  result: CommandResult,
  context: Context,
  options: { readonly interrupted: 130 | 143 | null },
): Promise<number> {
  const exitCode = options.interrupted ?? result.exitCode;
  if (context.flags.json) {
    context.out(`${JSON.stringify(envelope(command, result, exitCode))}\n`);
    return exitCode;
  }
  if (result.text !== "") context.out(result.text);
  if (result.diagnostics.length > 0) {
    context.err(await diagnosticsText(result.diagnostics, context));
  }
  const { error } = result;
  // A text tells its errors and warnings itself.
  if (error !== null && result.diagnostics.length === 0 && result.text === "") {
    const { errorText } = await import("../report/render-diagnostics.ts");
    const { color, columns: width } = context.errScreen;
    context.err(errorText(error, { color, width }));
  }
  return exitCode;
}

/** Diagnostics name files from the project's folder; a person wants them from where they stand. */
async function diagnosticsText(
  diagnostics: readonly Diagnostic[],
  context: Context,
): Promise<string> {
  const { renderDiagnostics } = await import("../report/render-diagnostics.ts");
  const { findConfig } = await import("../config/find-config.ts");
  const { file } = await findConfig({ cwd: context.cwd, configPath: context.flags.config });
  const folder = file === null ? context.cwd : path.dirname(file);
  const here = (name: string) => path.relative(context.cwd, path.resolve(folder, name));
  return renderDiagnostics(
    diagnostics.map((each) => (each.file === null ? each : { ...each, file: here(each.file) })),
    {
      ...{ color: context.errScreen.color, width: context.errScreen.columns },
      readSource: (name) => readText(path.resolve(context.cwd, name)),
    },
  );
}

export function envelope(command: string, result: CommandResult, exitCode: number): unknown {
  const { error } = result;
  const ok = exitCode === 0 || exitCode === 2;
  return {
    schemaVersion: 1,
    command,
    ok,
    exitCode,
    data: result.data,
    warnings: [...result.warnings, ...warningTexts(result.diagnostics)],
    error: ok
      ? null
      : {
          code: error?.code ?? "RUN_INTERRUPTED",
          message: error?.message ?? "The command was interrupted.",
          hint: error?.hint ?? null,
          diagnostics: result.diagnostics.map(plainDiagnostic),
        },
  };
}

function plainDiagnostic(diagnostic: Diagnostic): unknown {
  const { code, severity, summary, detail, hint, file, line, column } = diagnostic;
  return { code, severity, summary, detail, hint, file, line, column };
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
