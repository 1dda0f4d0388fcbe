import { EngineError } from "../base/engine-error.ts";
import type { ChunkRow } from "../state/state-store.ts";
import { jobOf } from "./advance-chunk.ts";
import { isPassing, pauseAfter } from "./open-job.ts";
import type { RunDeps } from "./run-deps.ts";

/** Closes the job of an uploaded chunk. A lost answer is harmless: the job has one content, so PATCH
 *  may be sent again while it is Open, and any other state means that it took. Never aborts. A job
 *  that is gone is the poll's business. Throws what the org threw when it can't be asked. */
export async function closeChunk(chunk: ChunkRow, deps: RunDeps): Promise<void> {
  const jobId = jobOf(chunk);
  for (let attempt = 1; ; attempt++) {
    try {
      await deps.ingest.closeJob(jobId);
      return;
    } catch (error) {
      if (!mayHaveTaken(error) || deps.signal.aborted) throw error;
      const job = await deps.ingest.readJob(jobId, deps.signal);
      if (job === null || job.state !== "Open") return;
      const pause = pauseAfter(error, PAUSE_MS, attempt);
      if (attempt >= CLOSES_MAX || pause === null) throw error;
      await deps.clock.sleep(pause, deps.signal);
    }
  }
}

/** No answer, a passing trouble, or a 400 (closed already): GET tells. */
function mayHaveTaken(error: unknown): boolean {
  return (
    isPassing(error) ||
    (error instanceof EngineError && (error.code === "SF_REFUSED" || error.code === "SF_NOT_FOUND"))
  );
}

const CLOSES_MAX = 5;
const PAUSE_MS = 500;
