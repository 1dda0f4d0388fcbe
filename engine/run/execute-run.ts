import { asEngineError, type EngineError } from "../base/engine-error.ts";
import type { ChunkRow, NewChunk } from "../state/state-store.ts";
import { advanceChunk } from "./advance-chunk.ts";
import { type ChunkPool, newChunkPool } from "./chunk-pool.ts";
import { jobIsRefused } from "./join-results.ts";
import { recoverChunk } from "./recover-chunk.ts";
import { restoreChunk } from "./restore-chunk.ts";
import { stageRetryRound } from "./retry-round.ts";
import type { RunDeps } from "./run-deps.ts";
import type { StagedChunk } from "./stage-chunks.ts";
import { endingError, gravestFailure } from "./why-stopped.ts";

/** Stages the chunks of the plan whose index is wanted, in order. */
export type Stage = (wanted: (index: number) => boolean) => AsyncGenerator<StagedChunk>;

/** Drives a run to its end, or to where it can be resumed. New runs and resumed ones take the same
 *  way: chunks that are saved are recovered, chunks that are not staged yet are staged, rounds follow
 *  until no row has a passing error. Gives why it could not go to the end; null when it did. Never
 *  throws: what is unexpected is a failure too, and the run stays resumable. */
export async function executeRun(deps: RunDeps, stage: Stage): Promise<EngineError | null> {
  try {
    deps.folder.removeUnfinished();
    const before = await deps.store.listChunks(deps.runId);
    const failure =
      (await sendSaved(before, deps, stage)) ?? (await sendStaged(before, deps, stage));
    if (failure !== null) return failure;
    for (;;) {
      const chunks = await deps.store.listChunks(deps.runId);
      if (chunks.some(isRefused)) return endingError(chunks);
      const round = await stageRetryRound(chunks, deps);
      if (round.length === 0) return endingError(chunks);
      // Rows failed because too much happened at once, and a little later less does.
      await deps.clock.sleep(ROUND_PAUSE_MS * (round[0]?.round ?? 1), deps.signal);
      const failed = await sendChunks(round.map(freshChunk), deps, stage);
      if (failed !== null) return failed;
    }
  } catch (error) {
    return asEngineError(error);
  }
}

const ROUND_PAUSE_MS = 1_000;

/** Chunks that an earlier process saved. After a refused job no further one opens: what is still
 *  planned stays so. */
async function sendSaved(
  chunks: readonly ChunkRow[],
  deps: RunDeps,
  stage: Stage,
): Promise<EngineError | null> {
  const refused = chunks.some(isRefused);
  const open = chunks.filter(
    ({ phase }) => phase !== "settled" && !(refused && phase === "planned"),
  );
  return sendChunks(open, deps, stage);
}

/** Rows whose parent was missing go when all others have arrived: the parent may be among them. */
async function sendChunks(
  chunks: readonly ChunkRow[],
  deps: RunDeps,
  stage: Stage,
): Promise<EngineError | null> {
  const round = chunks.reduce((max, chunk) => Math.max(max, chunk.round), 0);
  // Each round has half the jobs of the one before side by side.
  const pool = newChunkPool(Math.max(1, Math.floor(deps.plan.parallelJobs / 2 ** round)));
  const others = chunks.filter(({ kind }) => kind !== "order");
  const orphans = chunks.filter(({ kind }) => kind === "order");
  const failure = await sendTogether(others, pool, deps, stage);
  return failure ?? sendTogether(orphans, pool, deps, stage);
}

async function sendTogether(
  chunks: readonly ChunkRow[],
  pool: ChunkPool,
  deps: RunDeps,
  stage: Stage,
): Promise<EngineError | null> {
  for (const chunk of chunks) {
    if (!(await pool.room())) break;
    pool.add(async () => {
      const recovered = await recoverChunk(chunk, deps);
      await driveChunk(recovered, false, pool, deps, stage);
    });
  }
  return gravestFailure(await pool.drain());
}

/** Chunks of the plan that no process has staged yet; each is sent while the next is staged. */
async function sendStaged(
  before: readonly ChunkRow[],
  deps: RunDeps,
  stage: Stage,
): Promise<EngineError | null> {
  const have = new Set(before.map((chunk) => chunk.index));
  const missing = deps.plan.plan.chunks.some((_, index) => !have.has(index));
  if (!missing || (await deps.store.listChunks(deps.runId)).some(isRefused)) return null;
  const pool = newChunkPool(deps.plan.parallelJobs);
  const failures: unknown[] = [];
  try {
    for await (const staged of stage((index) => !have.has(index))) {
      deps.onProgress({ kind: "staged", chunk: staged.index, rows: staged.rows });
      if (!(await pool.room())) break;
      const chunk: NewChunk = { runId: deps.runId, round: 0, kind: "first", ...staged };
      await deps.store.addChunks(deps.lease, [chunk]);
      pool.add(() => driveChunk(freshChunk(chunk), true, pool, deps, stage));
    }
  } catch (error) {
    failures.push(error);
  }
  return gravestFailure([...failures, ...(await pool.drain())]);
}

/** Takes a chunk through its phases. Between two of them the run may be stopped. `intact`: this process
 *  wrote the chunk's file; else the file is compared with its digest before it is sent. */
async function driveChunk(
  chunk: ChunkRow,
  intact: boolean,
  pool: ChunkPool,
  deps: RunDeps,
  stage: Stage,
): Promise<void> {
  let current = chunk;
  let whole = intact;
  while (current.phase !== "settled") {
    if (deps.signal.aborted) throw deps.signal.reason;
    if (current.phase === "planned") {
      if (pool.refused) return;
      if (!whole) await restoreChunk(current, deps, stage);
      whole = true;
    }
    current = await advanceChunk(current, deps);
  }
  if (isRefused(current)) pool.refuse();
}

function freshChunk(chunk: NewChunk): ChunkRow {
  return {
    ...chunk,
    phase: "planned",
    jobId: null,
    attempts: 0,
    job: null,
    counts: null,
    misses: null,
    problem: null,
  };
}

function isRefused(chunk: ChunkRow): boolean {
  return chunk.phase === "settled" && jobIsRefused(chunk);
}
