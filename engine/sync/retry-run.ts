import path from "node:path";
import { isoNow } from "../base/clock.ts";
import { makeFolder, writeDurably } from "../base/durable-file.ts";
import { asEngineError, EngineError } from "../base/engine-error.ts";
import { newRunId } from "../base/ids.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import { countRun } from "../run/count-run.ts";
import { findRowsToRetry, type RowsToRetry, writeLeftOut } from "../run/find-rows-to-retry.ts";
import { withLease } from "../run/keep-lease.ts";
import { type RunFolder, runFolder } from "../run/run-folder.ts";
import { isMirrorPlan } from "../run/stage-mirror.ts";
import { type RetryPlan, retriedRowsBytes, stageRetried } from "../run/stage-retried.ts";
import type { ConnectedOrg } from "../salesforce/connect.ts";
import type { Lease, RunRow } from "../state/state-store.ts";
import { carryOut } from "./carry-out.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { requireSameOrg } from "./resume-run.ts";
import { runDepsOf, runsFolder } from "./run-deps-of.ts";
import { blocked, fromEnd, type RunReport } from "./run-report.ts";

/** Sends the failed rows of an ended run again, byte for byte as that run sent them; keys that a later
 *  run sent are left out and listed, because their newer content must not be undone. The retry is a run
 *  of its own, with its own id, and is resumed as any other. */
export async function retryRun(
  run: RunRow,
  org: ConnectedOrg,
  deps: EngineDeps,
): Promise<RunReport> {
  try {
    await requireSameOrg(run, org);
    return await withLease(run.streamId, deps, async (lease, signal) => {
      const unfinished = await deps.store.unfinishedRun(run.streamId);
      if (unfinished !== null) throw resumeFirst(unfinished);
      return sendAgain(run, org, lease, { ...deps, signal });
    });
  } catch (error) {
    return blocked(run.sync, run.org, asEngineError(error));
  }
}

/** What left the source then may be back by now: only a run that reads it knows. */
function notAgain(run: RunRow): EngineError {
  return new EngineError(
    "USAGE",
    `Run ${run.id} deleted what had left the source; that is never retried.`,
    {
      hint: `The next run plans the deletion anew:\n    sluice run ${run.sync}`,
    },
  );
}

function resumeFirst(run: RunRow): EngineError {
  return new EngineError("RUN_IN_FLIGHT", `Run ${run.id} of ${run.sync} is not finished.`, {
    hint: `Which of its rows failed is known when it is:\n    sluice resume ${run.id}`,
  });
}

async function sendAgain(
  run: RunRow,
  org: ConnectedOrg,
  lease: Lease,
  deps: EngineDeps,
): Promise<RunReport> {
  const begun = deps.clock.monotonic();
  const callsOffset = -org.apiCalls;
  const id = newRunId(deps.clock);
  const folder = runFolder(path.join(runsFolder(deps.project.stateFolder), id), lease.epoch);
  const old = run.plan as RunPlan;
  if (isMirrorPlan(old)) throw notAgain(run);
  const rows = await findRowsToRetry(run, old, deps.store);
  const plan = retryPlan(run, old, rows, folder);
  await createRun(run, id, plan, rows, folder, lease, deps);
  const { sync } = run;
  const own = { id, sync, folder: folder.folder, plan, org, lease, callsOffset };
  const runDeps = runDepsOf({ ...own, resendUnknown: false, warnings: [] }, deps);
  const facts = () => ({
    apiCalls: runDeps.apiCalls(),
    elapsedMs: Math.round(deps.clock.monotonic() - begun),
  });
  if (rows.toSend.length === 0) {
    const counts = countRun(plan, []);
    const { warnings } = plan.plan;
    const end = { state: "nothingToDo", counts, error: null, ended: true, reasons: [] } as const;
    await deps.store.updateRun(lease, id, {
      ...{ state: end.state, ended: true, counts, warnings, ...facts() },
      endedAt: isoNow(deps.clock),
    });
    folder.removeForResume();
    return fromEnd(plan, id, { ...end, warnings }, [], facts(), folder);
  }
  const stage = (wanted: (index: number) => boolean) =>
    stageRetried(plan, folder, wanted, deps.store);
  return (await carryOut(runDeps, stage, facts)).report;
}

/** source = the rows that are sent again; all else of the earlier run's counts is not this run's. */
function retryPlan(run: RunRow, old: RunPlan, rows: RowsToRetry, folder: RunFolder): RetryPlan {
  const count = rows.toSend.length;
  const none = { filtered: 0, invalid: 0, duplicate: 0, unchanged: 0, new: 0 };
  const warnings = [];
  if (rows.leftOut.length > 0) {
    warnings.push(
      `${rows.leftOut.length} failed rows were left out: a later run has decided about them. They are listed in ${folder.leftOutCsv}`,
    );
  }
  if (rows.unknown > 0) {
    warnings.push(
      `${rows.unknown} rows of unknown fate were left out: a retry could apply them twice. For them:\n    sluice run ${run.sync} --resend-unknown`,
    );
  }
  return {
    ...old,
    plan: {
      ...old.plan,
      counts: { ...none, source: count, changed: count, toSend: count },
      chunks: rows.cuts,
      bytes: rows.cuts.reduce((sum, cut) => sum + cut.bytes, 0),
      invalid: [],
      invalidFile: null,
      warnings,
    },
    unknownBefore: 0,
    retryOf: { runId: run.id },
  };
}

async function createRun(
  run: RunRow,
  id: string,
  plan: RetryPlan,
  rows: RowsToRetry,
  folder: RunFolder,
  lease: Lease,
  deps: EngineDeps,
): Promise<void> {
  makeFolder(folder.folder);
  writeDurably(folder.retriedRows, [retriedRowsBytes(rows.toSend)]);
  writeLeftOut(run, plan, rows, folder);
  await deps.store.createRun(lease, {
    id,
    streamId: run.streamId,
    sync: run.sync,
    org: run.org,
    orgId: run.orgId,
    command: "retry",
    folder: folder.folder,
    plan,
    startedAt: isoNow(deps.clock),
  });
}
