import { EngineError } from "../base/engine-error.ts";
import type { ChunkRow, NewChunk } from "../state/state-store.ts";
import { advanceChunk } from "./advance-chunk.ts";
import { newChunkPool } from "./chunk-pool.ts";
import { jobIsRefused } from "./join-results.ts";
import { chunkIsWhole, recoverChunk } from "./recover-chunk.ts";
import { stageRetryRound } from "./retry-round.ts";
import type { RunDeps } from "./run-deps.ts";
import type { StagedChunk } from "./stage-chunks.ts";

/** Drives a run to its end, or to where it can be resumed. New runs and resumed ones take the same
 *  way: chunks that are saved are recovered, chunks that are not staged yet are staged, rounds follow
 *  until no row has a passing error. Gives why it could not go to the end; null when it did. */
export async function executeRun(
  deps: RunDeps,
  stage: (wanted: (index: number) => boolean) => AsyncGenerator<StagedChunk>,
): Promise<EngineError | null> {
  const before = await deps.store.listChunks(deps.runId);
  const failure = (await sendSaved(before, deps, stage)) ?? (await sendStaged(before, deps, stage));
  if (failure !== null) return failure;
  for (;;) {
    const chunks = await deps.store.listChunks(deps.runId);
    const stopper = jobThatStops(chunks);
    if (stopper !== null) return stopper;
    const round = await stageRetryRound(chunks, deps);
    if (round.length === 0) return null;
    const failed = await sendRound(round, deps);
    if (failed !== null) return failed;
  }
}

/** Chunks that an earlier process saved. */
async function sendSaved(
  chunks: readonly ChunkRow[],
  deps: RunDeps,
  stage: (wanted: (index: number) => boolean) => AsyncGenerator<StagedChunk>,
): Promise<EngineError | null> {
  const open = chunks.filter((chunk) => chunk.phase !== "settled");
  if (open.length === 0) return null;
  const pool = newChunkPool(deps.plan.parallelJobs);
  for (const chunk of open) {
    if (!(await pool.room())) break;
    pool.add(async () => {
      const recovered = await recoverChunk(chunk, deps);
      if (recovered.phase === "planned") await restoreChunk(recovered, deps, stage);
      await driveChunk(recovered, deps);
    });
  }
  return asFailure(await pool.drain());
}

/** Chunks of the plan that no process has staged yet; each is sent while the next is staged. */
async function sendStaged(
  before: readonly ChunkRow[],
  deps: RunDeps,
  stage: (wanted: (index: number) => boolean) => AsyncGenerator<StagedChunk>,
): Promise<EngineError | null> {
  const have = new Set(before.map((chunk) => chunk.index));
  const missing = deps.plan.plan.chunks.some((_, index) => !have.has(index));
  if (!missing || jobThatStops(before) !== null) return null;
  const pool = newChunkPool(deps.plan.parallelJobs);
  let failure: unknown = null;
  try {
    for await (const staged of stage((index) => !have.has(index))) {
      deps.onProgress({ kind: "staged", chunk: staged.index, rows: staged.rows });
      if (!(await pool.room())) break;
      const chunk: NewChunk = { runId: deps.runId, round: 0, ...staged };
      await deps.store.addChunks(deps.lease, [chunk]);
      pool.add(async () => {
        const settled = await driveChunk(freshChunk(chunk), deps);
        if (jobIsRefused(settled)) pool.stop();
      });
    }
  } catch (error) {
    failure = error;
  }
  return asFailure((await pool.drain()) ?? failure);
}

/** A further round goes with half the jobs: rows failed because too much happened at once. */
async function sendRound(round: readonly NewChunk[], deps: RunDeps): Promise<EngineError | null> {
  const first = round[0]?.round ?? 1;
  const pool = newChunkPool(Math.max(1, Math.floor(deps.plan.parallelJobs / 2 ** first)));
  for (const chunk of round) {
    if (!(await pool.room())) break;
    pool.add(async () => {
      await driveChunk(freshChunk(chunk), deps);
    });
  }
  return asFailure(await pool.drain());
}

/** Takes a chunk through its phases. Between two of them the run may be stopped. */
async function driveChunk(chunk: ChunkRow, deps: RunDeps): Promise<ChunkRow> {
  let current = chunk;
  while (current.phase !== "settled") {
    if (deps.signal.aborted) throw deps.signal.reason;
    current = await advanceChunk(current, deps);
  }
  return current;
}

/** After a restart a chunk that may still be sent must be what was staged; if not, it is staged anew. */
async function restoreChunk(
  chunk: ChunkRow,
  deps: RunDeps,
  stage: (wanted: (index: number) => boolean) => AsyncGenerator<StagedChunk>,
): Promise<void> {
  if (chunkIsWhole(chunk, deps)) return;
  if (chunk.round > 0) {
    throw new EngineError(
      "STATE_CORRUPT",
      `Chunk ${chunk.index} of run ${deps.runId} is damaged, and it can't be staged again.`,
      { hint: "Start a new run; its delta picks up the rows:\n    sluice run" },
    );
  }
  for await (const staged of stage((index) => index === chunk.index)) {
    if (staged.digest === chunk.digest) return;
  }
  throw new EngineError(
    "RUN_SOURCE_CHANGED",
    `Chunk ${chunk.index} can't be staged as it was planned.`,
    {
      hint: "Chunks that were complete are finished. The next run picks up the rest.",
    },
  );
}

function freshChunk(chunk: NewChunk): ChunkRow {
  return {
    ...chunk,
    phase: "planned",
    jobId: null,
    attempts: 0,
    job: null,
    counts: null,
    problem: null,
  };
}

/** Why nothing more is opened: the org refused a whole file, or somebody aborted a job. */
function jobThatStops(chunks: readonly ChunkRow[]): EngineError | null {
  const refused = chunks.find((chunk) => chunk.phase === "settled" && jobIsRefused(chunk));
  if (refused !== undefined) {
    return new EngineError(
      "RUN_JOB_FAILED",
      `Salesforce refused job ${refused.jobId}: ${refused.job?.errorMessage ?? "no reason given"}.`,
      {
        hint: "No row of it was applied. Check field names and field-level security of the connected user:\n    sluice describe <object>",
      },
    );
  }
  const aborted = chunks.find(
    (chunk) => chunk.phase === "settled" && chunk.job?.state === "Aborted",
  );
  if (aborted === undefined) return null;
  return new EngineError("RUN_JOB_ABORTED", `Job ${aborted.jobId} was aborted in the org.`, {
    hint: "Rows that it had processed stay. To send the others:\n    sluice run",
  });
}

function asFailure(thrown: unknown): EngineError | null {
  if (thrown === null) return null;
  if (thrown instanceof EngineError) return thrown;
  throw thrown;
}
