import path from "node:path";
import type { ChunkRow } from "../state/state-store.ts";
import { addSegment } from "./chunk-segment.ts";
import { isRetryable } from "./error-classes.ts";
import { joinResults, type Outcome } from "./join-results.ts";
import { mergePile } from "./merge-pile.ts";
import { type Miss, writeMisses } from "./misses-file.ts";
import { isCutOff } from "./result-rows.ts";
import { chunkProgress, type RunDeps } from "./run-deps.ts";

/** Learns what became of each row of a chunk whose job has ended, and saves it in one transaction:
 *  counts, fingerprints of acknowledged rows, doubt for rows nobody can tell. May be repeated after a
 *  crash: it only reads the org, and files without a record in the state mean nothing. */
export async function settleChunk(chunk: ChunkRow, deps: RunDeps): Promise<ChunkRow> {
  let outcome = await joinWhole(chunk, deps);
  // Nobody promises that results are complete at once: a shortfall is asked for once more.
  if (outcome === null || outcome.misses.some(({ kind }) => kind === "unknown")) {
    await deps.clock.sleep(SHORTFALL_PAUSE_MS, deps.signal);
    outcome = await joinResults(chunk, deps);
  }
  return saveOutcome(chunk, outcome, deps);
}

/** Null when a result set is cut off. */
async function joinWhole(chunk: ChunkRow, deps: RunDeps): Promise<Outcome | null> {
  try {
    return await joinResults(chunk, deps);
  } catch (error) {
    if (isCutOff(error)) return null;
    throw error;
  }
}

const SHORTFALL_PAUSE_MS = 2_000;

/** Saves what became of each row, as `settleChunk` says. */
export async function saveOutcome(
  chunk: ChunkRow,
  outcome: Outcome,
  deps: RunDeps,
): Promise<ChunkRow> {
  const { misses } = outcome;
  const count = (wanted: (miss: Miss) => boolean) => misses.filter(wanted).length;
  const missesName = misses.length === 0 ? null : deps.folder.missesName(chunk.index);
  if (missesName !== null) writeMisses(path.join(deps.folder.folder, missesName), misses);
  const counts = {
    succeeded: outcome.succeeded,
    created: outcome.created,
    updated: outcome.updated,
    deleted: outcome.deleted,
    failed: count((miss) => miss.kind === "failed"),
    unprocessed: count((miss) => miss.kind === "unprocessed"),
    unknown: count((miss) => miss.kind === "unknown"),
    retryable: {
      failed: count((miss) => miss.kind === "failed" && mayGoOn(miss)),
      unprocessed: count((miss) => miss.kind === "unprocessed" && mayGoOn(miss)),
    },
  };
  const sum = counts.succeeded + counts.failed + counts.unprocessed + counts.unknown;
  if (sum !== chunk.rows) {
    throw new Error(
      `Chunk ${chunk.index} has ${chunk.rows} rows and ${sum} outcomes. This is a bug`,
    );
  }
  const saved = await deps.store.settleChunk(deps.lease, chunk, {
    counts,
    misses: missesName,
    segment: addSegment(chunk, misses, deps),
    mappingDigest: deps.plan.mappingDigest,
    columns: deps.plan.fingerprints.columns,
  });
  deps.onProgress(chunkProgress(saved));
  await mergePile(deps);
  return saved;
}

/** A row that can't be told from others can't be sent again. */
function mayGoOn({ class: kind, row }: Miss): boolean {
  return isRetryable(kind) && row >= 0;
}
