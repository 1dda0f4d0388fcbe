import { hasErrors } from "../base/diagnostic.ts";
import { runData } from "../report/run-json.ts";
import { runText } from "../report/run-text.ts";
import type { RunReport } from "../sync/run-report.ts";
import { runSyncs } from "../sync.ts";
import type { Context } from "./context.ts";
import { withFlow } from "./open-flow.ts";
import { problemsError } from "./problems-error.ts";
import { type CommandResult, failure, gravest, ofSync } from "./result.ts";

export interface RunFlags {
  readonly full: boolean;
  readonly refresh: boolean;
  readonly approve: boolean;
  readonly override: readonly string[];
  readonly resendUnknown: boolean;
}

export function runCommand(
  names: readonly string[],
  flags: RunFlags,
  context: Context,
): Promise<CommandResult> {
  return withFlow(context, names, async ({ syncs, deps }) => {
    const options = { ...flags, command: "run", org: context.flags.org };
    const { reports, diagnostics } = await runSyncs(syncs, deps, options);
    if (hasErrors(diagnostics)) return failure(problemsError(diagnostics), { diagnostics });
    return { ...runResult(reports, context), diagnostics };
  });
}

/** How `run`, `apply`, `resume` and `retry` end. */
export function runResult(reports: readonly RunReport[], context: Context): CommandResult {
  const errors = reports.flatMap(({ error }) => (error === null ? [] : [error]));
  const error = gravest(errors);
  const text = runText(reports, context);
  return {
    data: runData(reports),
    text,
    warnings: reports.flatMap(({ sync, warnings }) => ofSync(sync, warnings)),
    diagnostics: [],
    error,
    exitCode: error?.exitCode ?? 0,
  };
}
