import { EngineError } from "../base/engine-error.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { RunCounts } from "../run/count-run.ts";
import type { RunDeps } from "../run/run-deps.ts";
import type { StagedChunk } from "../run/stage-chunks.ts";
import { isMirrorPlan, stageMirror } from "../run/stage-mirror.ts";
import { isRetryPlan, stageRetried } from "../run/stage-retried.ts";
import type { ConnectedOrg } from "../salesforce/connect.ts";
import type { Lease, RunRow } from "../state/state-store.ts";
import { carryOut } from "./carry-out.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { runDepsOf } from "./run-deps-of.ts";
import { jobReports, type RunReport } from "./run-report.ts";
import type { StageThread } from "./stage-beside.ts";
import { stagePlanned } from "./stage-planned.ts";

/** Finishes a run that another process left, from what was stored with it: its plan, its chunks, its
 *  decisions. Never reads the current spec. Throws ORG_CHANGED when the org is not the run's. A run
 *  that somebody else finished meanwhile is only reported. */
export async function resumeRun(
  run: RunRow,
  org: ConnectedOrg,
  lease: Lease,
  deps: EngineDeps,
  options: { readonly resendUnknown: boolean },
): Promise<RunReport> {
  const begun = deps.clock.monotonic();
  const plan = run.plan as RunPlan;
  if (run.ended) return asItEnded(run, plan, deps);
  const callsOffset = run.apiCalls - org.apiCalls;
  await requireSameOrg(run, org);
  const { resendUnknown } = options;
  const runDeps = runDepsOf({ ...run, plan, org, lease, callsOffset, resendUnknown }, deps);
  const facts = () => ({
    apiCalls: runDeps.apiCalls(),
    elapsedMs: run.elapsedMs + Math.round(deps.clock.monotonic() - begun),
  });
  const stage = (wanted: (index: number) => boolean) => restage(runDeps, wanted, deps.stageThread);
  return (await carryOut(runDeps, stage, facts)).report;
}

/** A job's 404 says nothing in another org, and rows would arrive a second time somewhere else. */
export async function requireSameOrg(run: RunRow, org: ConnectedOrg): Promise<void> {
  const { orgId } = await org.identify();
  if (orgId === run.orgId) return;
  throw new EngineError(
    "ORG_CHANGED",
    `Run ${run.id} belongs to org ${run.orgId}; "${run.org}" is now org ${orgId}.`,
    { hint: "Point the org's name back to the org that the run began in, then resume." },
  );
}

async function asItEnded(run: RunRow, plan: RunPlan, deps: EngineDeps): Promise<RunReport> {
  return {
    runId: run.id,
    sync: run.sync,
    org: run.org,
    state: run.state,
    ended: true,
    counts: run.counts as RunCounts | null,
    jobs: jobReports(await deps.store.listChunks(run.id)),
    files: run.files,
    apiCalls: run.apiCalls,
    elapsedMs: run.elapsedMs,
    error: null,
    warnings: run.warnings,
    reasons: [],
    plan,
  };
}

/** Stages what is missing with the stored mapping and decisions. */
async function* restage(
  deps: RunDeps,
  wanted: (index: number) => boolean,
  thread: StageThread | null,
): AsyncGenerator<StagedChunk> {
  const { plan, folder } = deps;
  if (isRetryPlan(plan)) {
    yield* stageRetried(plan, folder, wanted, deps.store);
    return;
  }
  if (isMirrorPlan(plan)) {
    yield* stageMirror(plan, folder, wanted);
    return;
  }
  yield* stagePlanned(
    { plan, folder, epoch: deps.lease.epoch, wanted, signal: deps.signal },
    thread,
  );
}
