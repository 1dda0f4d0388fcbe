import path from "node:path";
import {
  copyFingerprint,
  emptyFingerprints,
  type Fingerprints,
  FLAG_DOUBT,
  FLAG_GONE,
} from "../delta/fingerprints.ts";
import { writeSegment } from "../delta/segment-file.ts";

import type { ChunkRow, NewSegment } from "../state/state-store.ts";
import { readPrints } from "./chunk-prints.ts";
import { isRetryable } from "./error-classes.ts";
import { joinResults, type Outcome } from "./join-results.ts";
import { type Miss, writeMisses } from "./misses-file.ts";
import type { RunDeps } from "./run-deps.ts";
import { segmentPath } from "./segment-names.ts";
import { isMirrorPlan } from "./stage-mirror.ts";

/** Learns what became of each row of a chunk whose job has ended, and saves it in one transaction:
 *  counts, fingerprints of acknowledged rows, doubt for rows nobody can tell. May be repeated after a
 *  crash: it only reads the org, and files without a record in the state mean nothing. */
export async function settleChunk(chunk: ChunkRow, deps: RunDeps): Promise<ChunkRow> {
  let outcome = await joinResults(chunk, deps);
  // Nobody promises that results are complete at once: a shortfall is asked for once more.
  if (outcome.misses.some(({ kind }) => kind === "unknown")) {
    await deps.clock.sleep(SHORTFALL_PAUSE_MS, deps.signal);
    outcome = await joinResults(chunk, deps);
  }
  return saveOutcome(chunk, outcome, deps);
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
    segment: segmentOf(chunk, outcome, deps),
    mappingDigest: deps.plan.mappingDigest,
    columns: deps.plan.fingerprints.columns,
  });
  deps.onProgress({ kind: "phase", chunk: saved.index, phase: "settled", jobId: saved.jobId });
  return saved;
}

/** A row that can't be told from others can't be sent again. */
function mayGoOn({ class: kind, row }: Miss): boolean {
  return isRetryable(kind) && row >= 0;
}

/** The fingerprints that this chunk adds: acknowledged rows as they are, unknown rows marked so that
 *  no later run believes what it knew of them. Failed rows add nothing: the old fingerprint holds. */
function segmentOf(chunk: ChunkRow, outcome: Outcome, deps: RunDeps): NewSegment | null {
  const { plan, folder } = deps;
  if (!plan.fingerprints.keyed) return null;
  const prints = readPrints(folder.chunkPrints(chunk.index), chunk.rows, plan.fingerprints.columns);
  // The key of a record that mirror dealt with is known no more: that happens once, and the key is new
  // when it comes back to the source.
  if (isMirrorPlan(plan)) prints.flags.fill(FLAG_GONE);
  const kept = outcome.misses.length === 0 ? prints : withoutMisses(prints, outcome);
  if (kept.count === 0) return null;
  const file = segmentPath(deps.segmentFolder, deps.lease);
  writeSegment(file, kept);
  return { file, rows: kept.count };
}

function withoutMisses(prints: Fingerprints, outcome: Outcome): Fingerprints {
  const missed = new Set<number>();
  for (const miss of outcome.misses) {
    if (miss.kind === "unknown")
      prints.flags[miss.row] = (prints.flags[miss.row] ?? 0) | FLAG_DOUBT;
    else missed.add(miss.row);
  }
  const kept = emptyFingerprints(prints.count - missed.size, prints.columns);
  let to = 0;
  for (let row = 0; row < prints.count; row++) {
    if (!missed.has(row)) copyFingerprint(prints, row, kept, to++);
  }
  return kept;
}
