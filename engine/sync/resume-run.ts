import { readFileSync } from "node:fs";
import { EngineError } from "../base/engine-error.ts";
import { compileProgram } from "../mapping/compile-program.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import { executeRun } from "../run/execute-run.ts";
import { finishRun } from "../run/finish-run.ts";
import type { RunDeps } from "../run/run-deps.ts";
import { runFolder } from "../run/run-folder.ts";
import { type StagedChunk, stageChunks } from "../run/stage-chunks.ts";
import type { ConnectedOrg } from "../salesforce/connect.ts";
import type { Lease, RunRow } from "../state/state-store.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { fromEnd, type RunReport } from "./run-report.ts";

/** Finishes a run that another process left, from what was stored with it: its plan, its chunks, its
 *  decisions. Never reads the current spec. Throws ORG_CHANGED when the org is not the run's. */
export async function resumeRun(
  run: RunRow,
  org: ConnectedOrg,
  lease: Lease,
  deps: EngineDeps,
): Promise<RunReport> {
  const begun = deps.clock.monotonic();
  const callsBefore = org.apiCalls;
  const plan = run.plan as RunPlan;
  const identity = await org.identify();
  if (identity.orgId !== run.orgId) {
    throw new EngineError(
      "ORG_CHANGED",
      `Run ${run.id} belongs to org ${run.orgId}; "${run.org}" is now org ${identity.orgId}.`,
      { hint: "Point the org's name back to the org that the run began in, then resume." },
    );
  }
  const folder = runFolder(run.folder);
  const runDeps: RunDeps = {
    runId: run.id,
    plan,
    folder,
    store: deps.store,
    lease,
    ingest: org.ingest,
    clock: deps.clock,
    signal: deps.signal,
    onProgress: (progress) => deps.onProgress(run.sync, progress),
  };
  const failure = await executeRun(runDeps, (wanted) => restage(plan, runDeps, wanted));
  const facts = {
    apiCalls: run.apiCalls + org.apiCalls - callsBefore,
    elapsedMs: run.elapsedMs + Math.round(deps.clock.monotonic() - begun),
  };
  const end = await finishRun(runDeps, failure, facts);
  return fromEnd(plan, run.id, end, await deps.store.listChunks(run.id), facts, folder);
}

/** Stages what is missing with the stored mapping and decisions. */
async function* restage(
  plan: RunPlan,
  deps: RunDeps,
  wanted: (index: number) => boolean,
): AsyncGenerator<StagedChunk> {
  if (!deps.plan.joinBySidecar) {
    throw new EngineError(
      "RUN_SOURCE_CHANGED",
      "Ids were looked up for this run when it was planned; what was not staged then is left to the next run.",
    );
  }
  const { spec, shape, parents } = plan.mapping;
  yield* stageChunks({
    plan,
    folder: deps.folder,
    program: compileProgram({ spec, shape, parents: new Map(parents) }),
    decisions: new Uint8Array(readFileSync(deps.folder.decisions)),
    ids: null,
    wanted,
    signal: deps.signal,
  });
}
