import { EngineError } from "../base/engine-error.ts";
import type { JobInfo, JobState } from "../salesforce/org.ts";
import type { ChunkRow } from "../state/state-store.ts";
import { jobOf } from "./advance-chunk.ts";
import type { RunDeps } from "./run-deps.ts";

/** Looks at the job until it has ended, less and less often. Polling never decides an outcome: after
 *  `pollTimeoutMs` it throws RUN_IN_FLIGHT and the chunk stays `closed`. Null: the org does not know
 *  the job. An Aborted job has ended only once its counters stood still for two
 *  looks: batches that had begun still finish. */
export async function pollJob(chunk: ChunkRow, deps: RunDeps): Promise<JobInfo | null> {
  const jobId = jobOf(chunk);
  const begun = deps.clock.monotonic();
  let interval = FIRST_INTERVAL_MS;
  // No org ends a job at once: a look right after closing it would only cost a call.
  if (chunk.job?.state === "UploadComplete") await deps.clock.sleep(interval, deps.signal);
  let before: JobInfo | null = null;
  for (;;) {
    const job = await deps.ingest.readJob(jobId, deps.signal);
    if (job === null) return null;
    deps.onProgress({
      kind: "processed",
      chunk: chunk.index,
      processed: job.numberRecordsProcessed ?? 0,
      failed: job.numberRecordsFailed ?? 0,
    });
    if (ENDED[job.state] && (job.state !== "Aborted" || stoodStill(before, job))) return job;
    if (deps.clock.monotonic() - begun >= deps.plan.pollTimeoutMs) throw late(chunk, jobId);
    before = job;
    await deps.clock.sleep(interval, deps.signal);
    interval = Math.min(interval * INTERVAL_GROWTH, INTERVAL_MS_MAX);
  }
}

const FIRST_INTERVAL_MS = 1_000;
const INTERVAL_GROWTH = 1.5;
/** Each look counts against the daily API calls; jsforce polls every second, the Salesforce CLI every
 *  five. */
const INTERVAL_MS_MAX = 30_000;

const ENDED: Readonly<Record<JobState, boolean>> = {
  Open: false,
  UploadComplete: false,
  InProgress: false,
  JobComplete: true,
  Failed: true,
  Aborted: true,
};

function stoodStill(before: JobInfo | null, now: JobInfo): boolean {
  return (
    before !== null &&
    before.state === "Aborted" &&
    before.numberRecordsProcessed === now.numberRecordsProcessed &&
    before.numberRecordsFailed === now.numberRecordsFailed
  );
}

function late(chunk: ChunkRow, jobId: string): EngineError {
  return new EngineError(
    "RUN_IN_FLIGHT",
    `Job ${jobId} (chunk ${chunk.index}) is still being processed; this run has waited long enough.`,
    { hint: "Salesforce goes on with it. To learn the outcome later:\n    sluice resume" },
  );
}
