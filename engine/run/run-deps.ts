import type { Clock } from "../base/clock.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { IngestApi } from "../salesforce/org.ts";
import type { ChunkRow, Lease, StateStore } from "../state/state-store.ts";
import type { RunFolder } from "./run-folder.ts";

/** What every step of a run is handed. */
export interface RunDeps {
  readonly runId: string;
  readonly plan: RunPlan;
  readonly folder: RunFolder;
  /** Where segment files go. */
  readonly segmentFolder: string;
  readonly store: StateStore;
  readonly lease: Lease;
  readonly ingest: IngestApi;
  /** A SOQL query into one CSV file: asks for the keys of an insert whose job is gone. */
  readonly queryToFile: (soql: string, file: string, signal?: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  /** The org's own time, in milliseconds since the epoch: how old a job is, is no question for ours. */
  readonly orgNow: () => number;
  /** Ends the run at the next checkpoint: Ctrl-C, SIGTERM, a lost lease. */
  readonly signal: AbortSignal;
  /** Inserts of unknown fate are sent again although the org may have them already. */
  readonly resendUnknown: boolean;
  /** Calls that this run has made, those of earlier processes included. */
  readonly apiCalls: () => number;
  /** Things worth knowing that happened in this run: see `noteWarning`. */
  readonly warnings: string[];
  readonly onProgress: (progress: RunProgress) => void;
}

/** Notes a warning for the report, once and durably: the process may die before it reports. */
export async function noteWarning(text: string, deps: RunDeps): Promise<void> {
  if (deps.warnings.includes(text)) return;
  deps.warnings.push(text);
  await deps.store.updateRun(deps.lease, deps.runId, { warnings: deps.warnings });
}

export type RunProgress =
  | { readonly kind: "reading"; readonly rows: number }
  | { readonly kind: "staged"; readonly chunk: number; readonly rows: number }
  | {
      readonly kind: "phase";
      readonly chunk: number;
      readonly phase: string;
      readonly jobId: string | null;
      /** 0, or which sending of rows that failed for a passing reason this is. */
      readonly round: number;
      readonly rows: number;
      /** Rows that did not arrive; 0 until it is settled. */
      readonly missed: number;
    }
  | {
      readonly kind: "processed";
      readonly chunk: number;
      readonly processed: number;
      readonly failed: number;
    };

/** Where a chunk is now. */
export function chunkProgress(chunk: ChunkRow): RunProgress {
  const { index, phase, jobId, round, rows, counts } = chunk;
  const missed = counts === null ? 0 : rows - counts.succeeded;
  return { kind: "phase", chunk: index, phase, jobId, round, rows, missed };
}
