import { asEngineError, EngineError } from "../base/engine-error.ts";
import { executeRun, type Stage } from "../run/execute-run.ts";
import { finishRun, type RunEnd } from "../run/finish-run.ts";
import type { RunDeps } from "../run/run-deps.ts";
import { fromEnd, type RunReport } from "./run-report.ts";

/** Executes a run that is saved, or goes on with it, and sums it up. `went`: it came to its end and nothing
 *  kept it from that. Throws what keeps the sum from being saved; the run can be resumed then too. */
export async function carryOut(
  deps: RunDeps,
  stage: Stage,
  facts: () => { readonly apiCalls: number; readonly elapsedMs: number },
): Promise<{ readonly report: RunReport; readonly end: RunEnd; readonly went: boolean }> {
  const { plan, runId, store, folder } = deps;
  try {
    const failure = await executeRun(deps, stage);
    const told = failure === null ? null : leftToResume(failure, runId);
    const end = await finishRun(deps, told, facts());
    const report = fromEnd(plan, runId, end, await store.listChunks(runId), facts(), folder);
    return { report, end, went: end.ended && failure === null };
  } catch (error) {
    throw leftToResume(asEngineError(error), runId);
  }
}

/** The disk gave way in the middle of a run: the hint says how that one goes on. Another state folder, as
 *  the hint is before a run, would not know it. */
function leftToResume(error: EngineError, runId: string): EngineError {
  if (!OF_THE_DISK.has(error.code)) return error;
  return new EngineError(error.code, error.message, {
    hint: `Make room on the disk, or make the folder writable. What was sent is saved. Then go on with\n    sluice resume ${runId}`,
    cause: error,
  });
}

const OF_THE_DISK: ReadonlySet<string> = new Set(["DISK", "STATE_UNUSABLE", "SF_FILE"]);
