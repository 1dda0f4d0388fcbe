import path from "node:path";
import { hasErrors } from "../base/diagnostic.ts";
import { applySyncs } from "../sync.ts";
import type { Context } from "./context.ts";
import { withFlow } from "./open-flow.ts";
import { readPlanFile } from "./read-plan-file.ts";
import { type CommandResult, failure } from "./result.ts";
import { runResult } from "./run-command.ts";

/** Applies a saved plan, exactly: reads the source again, and refuses with what has moved when the
 *  plan made from it now is not the saved one. A saved plan is the approval that a protected org asks
 *  for. */
export async function applyCommand(
  file: string,
  flags: { readonly override: readonly string[] },
  context: Context,
): Promise<CommandResult> {
  const saved = readPlanFile(path.resolve(context.cwd, file), file);
  const names = saved.syncs.map(({ sync }) => sync);
  return withFlow(context, names, async ({ syncs, deps }) => {
    const { full, resendUnknown } = saved;
    const { reports, diagnostics, stale } = await applySyncs(syncs, deps, {
      ...{ command: "apply", full, resendUnknown, approve: true, override: flags.override },
      org: context.flags.org ?? saved.org,
      refresh: true,
      saved: new Map(saved.syncs.map((plan) => [plan.sync, plan])),
    });
    if (stale !== null) return failure(stale, { diagnostics: [...diagnostics] });
    const warnings = diagnostics.filter(({ severity }) => severity === "warning");
    if (hasErrors(diagnostics)) throw new Error("A stale plan has no reason. This is a bug");
    return { ...runResult(reports, context), diagnostics: warnings };
  });
}
