import type { Clock } from "../base/clock.ts";
import type { OrgSpec, Project } from "../config/sync-spec.ts";
import type { RunProgress } from "../run/run-deps.ts";
import type { ConnectedOrg } from "../salesforce/connect.ts";
import type { StateStore } from "../state/state-store.ts";
import type { StageThread } from "./stage-beside.ts";

/** What the flow is handed: only `cli/main.ts` and tests pick the implementations. */
export interface EngineDeps {
  readonly project: Project;
  readonly store: StateStore;
  readonly clock: Clock;
  /** Bytes that are free on the file system of a folder; null: it does not say. */
  readonly freeBytes: (folder: string) => number | null;
  /** Gives the org of that name, connected once a process. */
  readonly connect: (org: OrgSpec) => Promise<ConnectedOrg>;
  /** Stages chunks beside the network; null: the caller's thread does it. */
  readonly stageThread: StageThread | null;
  /** Ends the work at the next checkpoint. Its reason is an EngineError. */
  readonly signal: AbortSignal;
  readonly onProgress: (sync: string, progress: RunProgress) => void;
}
