import { asEngineError, EngineError } from "../base/engine-error.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { ChunkRow } from "../state/state-store.ts";
import { jobIsRefused } from "./join-results.ts";

/** Reasons after which nothing is left to resume; the next run's delta picks up the rest. */
const ENDING_CODES: ReadonlySet<string> = new Set([
  "RUN_JOB_FAILED",
  "RUN_JOB_ABORTED",
  "RUN_SOURCE_CHANGED",
  "SOURCE_CHANGED",
]);

/** What the org says when it will not have a job: the same tomorrow, until somebody mends the org or the
 *  spec. A run that waited for it could never be planned anew. */
const REFUSALS: ReadonlySet<string> = new Set(["SF_REFUSED", "SF_FORBIDDEN", "RUN_OPEN_REFUSED"]);

export function isRefusal(failure: EngineError | null): failure is EngineError {
  return failure !== null && REFUSALS.has(failure.code);
}

/** Has the run come to its end? Not while a job holds rows of it or is to be thrown away. A refusal ends it
 *  where the next run knows what this one sent, or where this one sent nothing. */
export function hasEnded(
  failure: EngineError | null,
  chunks: readonly ChunkRow[],
  plan: RunPlan,
): boolean {
  const isPlanned = ({ phase }: ChunkRow) => phase === "planned";
  const mayEnd = plan.fingerprints.keyed || chunks.every(isPlanned);
  const ends = failure === null || ENDING_CODES.has(failure.code) || (isRefusal(failure) && mayEnd);
  return ends && chunks.every((chunk) => chunk.phase === "settled" || isPlanned(chunk));
}

/** Of several failures the one to tell: a lost lease before all, then what leaves the run unfinished. */
export function gravestFailure(thrown: readonly unknown[]): EngineError | null {
  const failures = thrown.map(asEngineError);
  return (
    failures.find(({ code }) => code === "LEASE_LOST") ??
    failures.find(({ code }) => !ENDING_CODES.has(code)) ??
    failures[0] ??
    null
  );
}

/** What a run that went to its end still has to say: the org refused a whole file, or somebody aborted
 *  a job. */
export function endingError(chunks: readonly ChunkRow[]): EngineError | null {
  const settled = chunks.filter(({ phase }) => phase === "settled");
  const refused = settled.find(jobIsRefused);
  if (refused !== undefined) {
    return new EngineError(
      "RUN_JOB_FAILED",
      `Salesforce refused job ${refused.jobId}: ${refused.job?.errorMessage ?? "no reason given"}.`,
      {
        hint: "No row of it was applied. Check field names and field-level security of the connected user:\n    sluice describe <object>",
      },
    );
  }
  const aborted = settled.find(({ job }) => job?.state === "Aborted");
  if (aborted === undefined) return null;
  return new EngineError("RUN_JOB_ABORTED", `Job ${aborted.jobId} was aborted in the org.`, {
    hint: "Rows that it had processed stay; the others were not sent again. To send them:\n    sluice run",
  });
}
