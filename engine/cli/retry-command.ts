import { EngineError } from "../base/engine-error.ts";
import { orgOf } from "../sync/org-of.ts";
import { retryRun } from "../sync/retry-run.ts";
import type { Context } from "./context.ts";
import { depsOf } from "./deps-of.ts";
import { openEngine } from "./open-engine.ts";
import { newProgress } from "./progress.ts";
import type { CommandResult } from "./result.ts";
import { unknownRun } from "./resume-command.ts";
import { runResult } from "./run-command.ts";

/** Sends the failed rows of a run again, as they were sent. Reads the config for the way to the org
 *  only; neither the source nor the spec of today plays a part. */
export async function retryCommand(
  runId: string,
  flags: { readonly approve: boolean },
  context: Context,
): Promise<CommandResult> {
  const engine = await openEngine(context);
  const progress = newProgress(context);
  try {
    const deps = await depsOf(engine, context, progress.show);
    const run = await deps.store.readRun(runId);
    if (run === null) throw unknownRun(runId);
    if (!run.ended) {
      throw new EngineError("RUN_IN_FLIGHT", `Run ${runId} is not finished.`, {
        hint: `Which of its rows failed is known when it is:\n    sluice resume ${runId}`,
      });
    }
    const org = orgOf(engine.project, null, run.org);
    if (org.protected && !flags.approve) {
      throw new EngineError("RUN_PROTECTED", `The org "${org.name}" is protected.`, {
        hint: `Nothing was sent. To approve it:\n    sluice retry ${runId} --approve`,
      });
    }
    const report = await retryRun(run, await deps.connect(org), deps);
    return runResult([report], context);
  } finally {
    progress.end();
    await engine.close();
  }
}
