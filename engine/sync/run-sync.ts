import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { isoNow } from "../base/clock.ts";
import { writeDurably } from "../base/durable-file.ts";
import { asEngineError, type EngineError } from "../base/engine-error.ts";
import { newRunId } from "../base/ids.ts";
import { countRun } from "../run/count-run.ts";
import { executeRun } from "../run/execute-run.ts";
import { finishRun, missedRows, rowsError } from "../run/finish-run.ts";
import { withLease } from "../run/keep-lease.ts";
import type { RunDeps } from "../run/run-deps.ts";
import { runFolder } from "../run/run-folder.ts";
import { stageChunks } from "../run/stage-chunks.ts";
import type { Lease } from "../state/state-store.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { judgePlan } from "./judge-plan.ts";
import { type PlannedSync, planSync } from "./plan-sync.ts";
import type { PreparedSync } from "./prepare-sync.ts";
import { resumeRun } from "./resume-run.ts";
import { blocked, fromEnd, type RunReport } from "./run-report.ts";

export interface RunOptions {
  readonly command: string;
  readonly full: boolean;
  readonly approve: boolean;
  /** Guards that are overridden once. */
  readonly override: readonly string[];
  readonly resendUnknown: boolean;
}

/** Plans one sync and applies the plan. First finishes a run of it that a dead process left; if that
 *  is still in flight, gives it back without planning. Never throws for what the org or the rows did:
 *  that is in the report. */
export async function runSync(
  prepared: PreparedSync,
  deps: EngineDeps,
  options: RunOptions,
): Promise<RunReport> {
  const begun = deps.clock.monotonic();
  const keyColumn = prepared.program.keyColumn;
  const stream = await deps.store.openStream({
    sync: prepared.spec.name,
    orgId: prepared.identity.orgId,
    object: prepared.shape.name,
    operation: prepared.spec.target.operation,
    keyField: keyColumn === null ? null : (prepared.program.columns[keyColumn] ?? null),
  });
  try {
    return await withLease(stream.id, deps, async (lease, signal) => {
      const unfinished = await deps.store.unfinishedRun(stream.id);
      if (unfinished !== null) {
        const resumed = await resumeRun(unfinished, prepared.org, lease, { ...deps, signal });
        if (!resumed.ended) return resumed;
      }
      return planAndExecute(prepared, lease, { ...deps, signal }, options, begun);
    });
  } catch (error) {
    return blocked(prepared.spec.name, prepared.orgSpec.name, asEngineError(error));
  }
}

async function planAndExecute(
  prepared: PreparedSync,
  lease: Lease,
  deps: EngineDeps,
  options: RunOptions,
  begun: number,
): Promise<RunReport> {
  const runId = newRunId(deps.clock);
  const folder = runFolder(path.join(deps.project.stateFolder, "runs", runId));
  const callsBefore = prepared.org.apiCalls;
  const planned = await planSync(prepared, deps, { ...options, invalidFile: folder.invalidCsv });
  const refusal = judgePlan(planned, options);
  mkdirSync(folder.folder, { recursive: true });
  writeDurably(folder.decisions, [planned.decisions]);
  await deps.store.createRun(lease, {
    id: runId,
    streamId: planned.stream.id,
    sync: prepared.spec.name,
    org: prepared.orgSpec.name,
    orgId: prepared.identity.orgId,
    command: options.command,
    folder: folder.folder,
    plan: planned.runPlan,
    startedAt: isoNow(deps.clock),
  });
  const elapsed = () => ({
    apiCalls: prepared.org.apiCalls - callsBefore,
    elapsedMs: Math.round(deps.clock.monotonic() - begun),
  });
  if (refusal !== null || planned.plan.counts.toSend === 0) {
    return endWithoutSending(planned, runId, lease, deps, refusal, elapsed());
  }
  const runDeps = runDepsOf(planned, runId, folder, lease, deps);
  const failure = await executeRun(runDeps, (wanted) =>
    stageChunks({
      plan: planned.runPlan,
      folder,
      program: prepared.program,
      decisions: planned.decisions,
      ids: planned.ids,
      wanted,
      signal: deps.signal,
    }),
  );
  const end = await finishRun(runDeps, failure, elapsed());
  return fromEnd(
    planned.runPlan,
    runId,
    end,
    await deps.store.listChunks(runId),
    elapsed(),
    folder,
  );
}

function runDepsOf(
  planned: PlannedSync,
  runId: string,
  folder: ReturnType<typeof runFolder>,
  lease: Lease,
  deps: EngineDeps,
): RunDeps {
  return {
    runId,
    plan: planned.runPlan,
    folder,
    store: deps.store,
    lease,
    ingest: planned.prepared.org.ingest,
    clock: deps.clock,
    signal: deps.signal,
    onProgress: (progress) => deps.onProgress(planned.plan.sync, progress),
  };
}

/** Nothing to send, or a guard said no: the run is over, and history knows why. */
async function endWithoutSending(
  planned: PlannedSync,
  runId: string,
  lease: Lease,
  deps: EngineDeps,
  refusal: EngineError | null,
  facts: { readonly apiCalls: number; readonly elapsedMs: number },
): Promise<RunReport> {
  const folder = runFolder(path.join(deps.project.stateFolder, "runs", runId));
  const counts = countRun(planned.runPlan, []);
  const error = refusal ?? rowsError(planned.runPlan, counts);
  const state = refusal === null ? "nothingToDo" : refusal.exitCode === 4 ? "failed" : "blocked";
  await deps.store.updateRun(lease, runId, {
    state,
    ended: true,
    counts,
    files: { failed: null, invalid: planned.plan.invalidFile },
    ...facts,
    endedAt: isoNow(deps.clock),
    error: error === null ? null : { code: error.code, message: error.message, hint: error.hint },
    warnings: planned.plan.warnings,
  });
  if (missedRows(counts, planned.runPlan.duplicates) === 0)
    rmSync(folder.decisions, { force: true });
  const end = { state, counts, error, ended: true, reasons: [] } as const;
  return fromEnd(planned.runPlan, runId, end, [], facts, folder);
}
