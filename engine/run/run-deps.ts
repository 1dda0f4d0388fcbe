import type { Clock } from "../base/clock.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { IngestApi } from "../salesforce/org.ts";
import type { Lease, StateStore } from "../state/state-store.ts";
import type { RunFolder } from "./run-folder.ts";

/** What every step of a run is handed. */
export interface RunDeps {
  readonly runId: string;
  readonly plan: RunPlan;
  readonly folder: RunFolder;
  readonly store: StateStore;
  readonly lease: Lease;
  readonly ingest: IngestApi;
  readonly clock: Clock;
  /** Ends the run at the next checkpoint: Ctrl-C, SIGTERM, a lost lease. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
}

export type RunProgress =
  | { readonly kind: "reading"; readonly rows: number }
  | { readonly kind: "staged"; readonly chunk: number; readonly rows: number }
  | {
      readonly kind: "phase";
      readonly chunk: number;
      readonly phase: string;
      readonly jobId: string | null;
    }
  | {
      readonly kind: "processed";
      readonly chunk: number;
      readonly processed: number;
      readonly failed: number;
    };
