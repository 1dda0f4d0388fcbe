import { existsSync } from "node:fs";
import type { EngineError } from "../base/engine-error.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { RunCounts } from "../run/count-run.ts";
import type { FailReason } from "../run/failed-file.ts";
import type { RunEnd } from "../run/finish-run.ts";
import type { RunFolder } from "../run/run-folder.ts";
import type { ChunkRow, RunState } from "../state/state-store.ts";

/** What a run comes to: what `run`, `apply`, `resume` and `retry` show. */
export interface RunReport {
  /** Null when it was refused before it had a name. */
  readonly runId: string | null;
  readonly sync: string;
  readonly org: string;
  readonly state: RunState;
  readonly ended: boolean;
  readonly counts: RunCounts | null;
  readonly jobs: readonly JobReport[];
  readonly files: { readonly failed: string | null; readonly invalid: string | null };
  readonly apiCalls: number;
  readonly elapsedMs: number;
  readonly error: EngineError | null;
  readonly warnings: readonly string[];
  readonly reasons: readonly FailReason[];
  readonly plan: RunPlan | null;
}

export interface JobReport {
  readonly id: string;
  readonly state: string;
  readonly rows: number;
  readonly failed: number;
}

export function fromEnd(
  plan: RunPlan,
  runId: string,
  end: RunEnd,
  chunks: readonly ChunkRow[],
  facts: { readonly apiCalls: number; readonly elapsedMs: number },
  folder: RunFolder,
): RunReport {
  return {
    runId,
    sync: plan.plan.sync,
    org: plan.plan.org.name,
    state: end.state,
    ended: end.ended,
    counts: end.counts,
    jobs: jobReports(chunks),
    files: {
      failed: existsSync(folder.failedCsv) ? folder.failedCsv : null,
      invalid: plan.plan.invalidFile,
    },
    ...facts,
    error: end.error,
    warnings: end.warnings,
    reasons: end.reasons,
    plan,
  };
}

export function jobReports(chunks: readonly ChunkRow[]): JobReport[] {
  return chunks.flatMap((chunk) =>
    chunk.jobId === null
      ? []
      : [
          {
            id: chunk.jobId,
            state: chunk.job?.state ?? "Open",
            rows: chunk.rows,
            failed: chunk.counts?.failed ?? 0,
          },
        ],
  );
}

/** A sync that did nothing because of a lock, a refused login, or another trouble before its plan. */
export function blocked(sync: string, org: string, error: EngineError): RunReport {
  const state =
    error.exitCode === 6 || error.exitCode === 8
      ? "blocked"
      : error.exitCode === 7
        ? "inFlight"
        : "failed";
  return withoutRun(sync, org, state, error);
}

export function withoutRun(
  sync: string,
  org: string,
  state: RunState,
  error: EngineError | null,
): RunReport {
  return {
    runId: null,
    sync,
    org,
    state,
    ended: true,
    counts: null,
    jobs: [],
    files: { failed: null, invalid: null },
    apiCalls: 0,
    elapsedMs: 0,
    error,
    warnings: [],
    reasons: [],
    plan: null,
  };
}
