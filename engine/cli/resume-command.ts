import { asEngineError, EngineError } from "../base/engine-error.ts";
import { withLease } from "../run/keep-lease.ts";
import type { RunRow, StateStore } from "../state/state-store.ts";
import type { EngineDeps } from "../sync/engine-deps.ts";
import { orgOf } from "../sync/org-of.ts";
import { resumeRun } from "../sync/resume-run.ts";
import { blocked, type RunReport } from "../sync/run-report.ts";
import type { Context } from "./context.ts";
import { depsOf } from "./deps-of.ts";
import { openEngine } from "./open-engine.ts";
import { newProgress } from "./progress.ts";
import type { CommandResult } from "./result.ts";
import { runResult } from "./run-command.ts";

/** Finishes what a dead or interrupted run left: the named run, or every unfinished one. Uses what is
 *  stored with the run; the config is read for the way to the org only. */
export async function resumeCommand(
  runId: string | null,
  flags: { readonly resendUnknown: boolean },
  context: Context,
): Promise<CommandResult> {
  const engine = await openEngine(context);
  const progress = newProgress(context);
  try {
    const deps = await depsOf(engine, context, progress.show);
    const reports: RunReport[] = [];
    for (const run of await unfinishedRuns(deps.store, runId)) {
      // What was finished before the interruption is still told.
      if (context.signal.aborted) break;
      reports.push(await resumeOne(run, deps, flags));
    }
    return runResult(reports, context);
  } finally {
    progress.end();
    await engine.close();
  }
}

async function resumeOne(
  run: RunRow,
  deps: EngineDeps,
  flags: { readonly resendUnknown: boolean },
): Promise<RunReport> {
  try {
    const org = await deps.connect(orgOf(deps.project, null, run.org));
    return await withLease(run.streamId, deps, async (lease, signal) => {
      // Between the look and the lease somebody may have finished it.
      const now = (await deps.store.readRun(run.id)) ?? run;
      return resumeRun(now, org, lease, { ...deps, signal }, flags);
    });
  } catch (error) {
    return { ...blocked(run.sync, run.org, asEngineError(error)), runId: run.id };
  }
}

async function unfinishedRuns(store: StateStore, runId: string | null): Promise<RunRow[]> {
  if (runId === null) {
    const runs = new Map<string, RunRow>();
    for (const stream of await store.listStreams()) {
      const run = await store.unfinishedRun(stream.id);
      if (run !== null) runs.set(run.id, run);
    }
    return [...runs.values()];
  }
  const run = await store.readRun(runId);
  if (run === null) throw unknownRun(runId);
  return run.ended ? [] : [run];
}

export function unknownRun(runId: string): EngineError {
  return new EngineError("RUN_UNKNOWN", `The state knows no run "${runId}".`, {
    hint: "To see those it knows:\n    sluice runs",
  });
}
