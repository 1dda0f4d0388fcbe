import { EngineError } from "../base/engine-error.ts";
import type { JobInfo } from "../salesforce/org.ts";
import type { ChunkRow, JobSnapshot } from "../state/state-store.ts";
import { closeChunk } from "./close-chunk.ts";
import { discardJob } from "./discard-job.ts";
import { decideGoneJob } from "./gone-job.ts";
import { isPassing, openJob } from "./open-job.ts";
import { pollJob } from "./poll-job.ts";
import { chunkProgress, type RunDeps } from "./run-deps.ts";
import { settleChunk } from "./settle-chunk.ts";

/** One chunk becomes one Bulk API 2.0 ingest job:
 *
 *    planned --POST--> opened --PUT--> uploaded --PATCH--> closed --poll--> done --results--> settled
 *       ^----- abort -----'                       (a job that is gone: gone-job.ts)
 *
 *  Salesforce touches no row until the job is closed. Two rules carry the promise that no row is sent
 *  twice: PATCH UploadComplete is sent only for a chunk saved as `uploaded`, abort only for a chunk
 *  saved as `opened`; so the two never race, whoever else acts on an old copy of the state.
 *  Takes a chunk as it is saved, does the one effect of its phase, saves, gives the chunk as saved.
 *  A chunk that comes from an earlier process goes through `recoverChunk` first. */
export async function advanceChunk(chunk: ChunkRow, deps: RunDeps): Promise<ChunkRow> {
  switch (chunk.phase) {
    case "planned": {
      const job = await openJob(deps);
      // Saved before the upload, so that a crash leaves a job we can name and abort.
      return save(chunk, deps, {
        phase: "opened",
        jobId: job.id,
        attempts: chunk.attempts + 1,
        job: snapshot(job),
      });
    }
    case "opened":
      return upload(chunk, deps);
    case "uploaded":
      await closeChunk(chunk, deps);
      return save(chunk, deps, {
        phase: "closed",
        job: chunk.job === null ? null : { ...chunk.job, state: "UploadComplete" },
      });
    case "closed": {
      const job = await pollJob(chunk, deps);
      if (job === null) return decideGoneJob(chunk, deps);
      return save(chunk, deps, { phase: "done", job: snapshot(job), problem: null });
    }
    case "done":
      return settle(chunk, deps);
    case "settled":
      return chunk;
  }
}

/** Results are kept for 7 days; after that a job that has ended is as good as gone. */
async function settle(chunk: ChunkRow, deps: RunDeps): Promise<ChunkRow> {
  try {
    return await settleChunk(chunk, deps);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "SF_NOT_FOUND") throw error;
    return decideGoneJob(chunk, deps);
  }
}

/** A PUT answered by anything but 201 is never repeated: the job is thrown away and the chunk opens
 *  another. */
async function upload(chunk: ChunkRow, deps: RunDeps): Promise<ChunkRow> {
  const jobId = jobOf(chunk);
  try {
    await deps.ingest.uploadRows(jobId, deps.folder.chunkCsv(chunk.index));
  } catch (error) {
    if (!(error instanceof EngineError) || deps.signal.aborted) throw error;
    const problem = `The upload to job ${jobId} failed: ${error.message}`;
    const fate = await discardJob(jobId, deps);
    if (fate === "processing") return save(chunk, deps, { phase: "closed", problem });
    const next = await save(chunk, deps, { phase: "planned", jobId: null, job: null, problem });
    // A file that can't be read now can't be read in another job either.
    if (next.attempts >= OPENINGS_MAX || error.code === "SF_FILE") throw refused(next, error);
    return next;
  }
  return save(chunk, deps, { phase: "uploaded" });
}

/** Jobs that one chunk may open before the run gives up: SEMANTICS "Jobs". */
const OPENINGS_MAX = 3;

function refused(chunk: ChunkRow, cause: EngineError): EngineError {
  // A reason of its own (permission, a limit, an outage) says more than "three times in vain".
  if (cause.exitCode === 5 || cause.exitCode === 7 || isPassing(cause)) return cause;
  return new EngineError(
    "RUN_OPEN_REFUSED",
    `Chunk ${chunk.index} could not be uploaded in ${OPENINGS_MAX} jobs. ${cause.message}`,
    { hint: "Nothing of it was processed.", cause },
  );
}

export async function save(
  chunk: ChunkRow,
  deps: RunDeps,
  change: Parameters<RunDeps["store"]["saveChunk"]>[2],
): Promise<ChunkRow> {
  const saved = await deps.store.saveChunk(deps.lease, chunk, change, deps.apiCalls());
  deps.onProgress(chunkProgress(saved));
  return saved;
}

export function snapshot(job: JobInfo): JobSnapshot {
  return {
    state: job.state,
    createdDate: job.createdDate,
    processed: job.numberRecordsProcessed,
    failed: job.numberRecordsFailed,
    errorMessage: job.errorMessage,
  };
}

export function jobOf(chunk: ChunkRow): string {
  if (chunk.jobId === null) {
    throw new Error(`Chunk ${chunk.index} is ${chunk.phase} and has no job. This is a bug`);
  }
  return chunk.jobId;
}
