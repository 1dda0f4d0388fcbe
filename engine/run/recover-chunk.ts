import type { ChunkRow } from "../state/state-store.ts";
import { jobOf, save } from "./advance-chunk.ts";
import { discardJob } from "./discard-job.ts";
import type { RunDeps } from "./run-deps.ts";

/** What a restart finds, by the phase that was saved:
 *
 *  | saved            | what may have happened               | what is done                               |
 *  |------------------|--------------------------------------|--------------------------------------------|
 *  | planned          | an empty Open job nobody knows       | open another                               |
 *  | opened           | the PUT landed or not; never a PATCH | abort while Open, then open a new job;     |
 *  |                  |                                      | gone: open a new job; else watch           |
 *  | uploaded         | the PATCH landed or not              | never abort; `closeChunk` sends PATCH      |
 *  |                  |                                      | again while Open; else watch               |
 *  | closed, done     | rows may be applied                  | watch, settle; never send again            |
 *  | uploaded or      | the job, or its results, are gone    | `decideGoneJob`: only if it is older than  |
 *  | later            |                                      | 7 days                                     |
 *
 *  A chunk that is to be sent after a restart is compared with its digest first: `restoreChunk`.
 *
 *  Gives the chunk as `advanceChunk` can go on with it. */
export async function recoverChunk(chunk: ChunkRow, deps: RunDeps): Promise<ChunkRow> {
  switch (chunk.phase) {
    case "opened": {
      const jobId = jobOf(chunk);
      const fate = await discardJob(jobId, deps);
      const problem = `The process that opened job ${jobId} was gone.`;
      return fate === "processing"
        ? save(chunk, deps, { phase: "closed", problem })
        : save(chunk, deps, { phase: "planned", jobId: null, job: null, attempts: 0, problem });
    }
    case "planned":
      // A new process has its own tries.
      return chunk.attempts === 0 ? chunk : save(chunk, deps, { phase: "planned", attempts: 0 });
    case "uploaded":
    case "closed":
    case "done":
    case "settled":
      return chunk;
  }
}
