import { EngineError } from "../base/engine-error.ts";
import type { JobInfo } from "../salesforce/org.ts";
import { isPassing } from "./open-job.ts";
import type { RunDeps } from "./run-deps.ts";

/** Makes sure that an opened job will never process anything: asks, aborts it while it is Open, and
 *  asks until it says Aborted. `discarded`: it holds no work of ours. `processing`: somebody closed
 *  it, so it may only be watched. Only ever called for a chunk saved as `opened`.
 *  Throws when the org can't be asked: then the chunk stays `opened`. */
export async function discardJob(
  jobId: string,
  deps: RunDeps,
): Promise<"discarded" | "processing"> {
  for (let look = 1; look <= LOOKS_MAX; look++) {
    const job = await deps.ingest.readJob(jobId, deps.signal);
    const fate = fateOf(job);
    if (fate !== "abort") return fate;
    await abortQuietly(jobId, deps);
    if (look > 1) await deps.clock.sleep(PAUSE_MS, deps.signal);
  }
  throw new EngineError("RUN_IN_FLIGHT", `Job ${jobId} is still Open after ${LOOKS_MAX} aborts.`, {
    hint: "It holds no processed row. Go on with\n    sluice resume",
  });
}

/** What the state of a job says about a chunk saved as `opened`: nothing of ours was ever closed. */
export function fateOf(
  job: Pick<JobInfo, "state" | "numberRecordsProcessed"> | null,
): "discarded" | "abort" | "processing" {
  if (job === null) return "discarded";
  if (job.state === "Open") return "abort";
  const untouched = job.state === "Aborted" && (job.numberRecordsProcessed ?? 0) === 0;
  return untouched ? "discarded" : "processing";
}

/** The next look decides, so an abort that was refused or not answered is no failure by itself. */
async function abortQuietly(jobId: string, deps: RunDeps): Promise<void> {
  try {
    await deps.ingest.abortJob(jobId);
  } catch (error) {
    const decidedByNextLook =
      isPassing(error) || (error instanceof EngineError && error.code === "SF_REFUSED");
    if (!decidedByNextLook) throw error;
  }
}

const LOOKS_MAX = 10;
const PAUSE_MS = 1_000;
