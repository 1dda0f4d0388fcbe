import path from "node:path";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { RunDeps } from "../run/run-deps.ts";
import { runFolder } from "../run/run-folder.ts";
import type { ConnectedOrg } from "../salesforce/connect.ts";
import type { Lease } from "../state/state-store.ts";
import type { EngineDeps } from "./engine-deps.ts";

/** Where the segment files of all syncs are. */
export function segmentFolder(stateFolder: string): string {
  return path.join(stateFolder, "fingerprints");
}

/** Where the folders of all runs are. */
export function runsFolder(stateFolder: string): string {
  return path.join(stateFolder, "runs");
}

/** What the run stage is handed, for a new run and for one that goes on. */
export function runDepsOf(
  run: {
    readonly id: string;
    readonly sync: string;
    readonly folder: string;
    readonly plan: RunPlan;
    readonly org: ConnectedOrg;
    readonly lease: Lease;
    readonly resendUnknown: boolean;
    /** Calls of earlier processes, less those of the org's connection before this run. */
    readonly callsOffset: number;
    readonly warnings: readonly string[];
  },
  deps: EngineDeps,
): RunDeps {
  const { org, lease } = run;
  return {
    runId: run.id,
    plan: run.plan,
    folder: runFolder(run.folder, lease.epoch),
    segmentFolder: segmentFolder(deps.project.stateFolder),
    store: deps.store,
    lease,
    ingest: org.ingest,
    queryToFile: (soql, file, signal) => org.queryToFile(soql, file, signal),
    clock: deps.clock,
    orgNow: () => org.answeredAt ?? deps.clock.now(),
    signal: deps.signal,
    resendUnknown: run.resendUnknown,
    apiCalls: () => org.apiCalls + run.callsOffset,
    warnings: [...new Set([...run.plan.plan.warnings, ...run.warnings])],
    onProgress: (progress) => deps.onProgress(run.sync, progress),
  };
}
