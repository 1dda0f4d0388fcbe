import { closeSync, openSync, readSync } from "node:fs";
import type { ChunkRow, NewChunk } from "../state/state-store.ts";
import { readPrints } from "./chunk-prints.ts";
import { type ChunkWriter, newChunkWriter } from "./chunk-writer.ts";
import { isRetryable } from "./error-classes.ts";
import { readMisses } from "./misses-file.ts";
import { readOrigins } from "./row-origins.ts";
import type { RunDeps } from "./run-deps.ts";

/** Stages the next round: the rows of the last round that failed for a passing reason, copied from
 *  their chunks. Rows whose parent was missing come last. Gives the chunks it saved as `planned`;
 *  none when there is nothing to send again. The same files come out if it is repeated after a crash. */
export async function stageRetryRound(
  chunks: readonly ChunkRow[],
  deps: RunDeps,
): Promise<NewChunk[]> {
  const lastRound = chunks.reduce((round, chunk) => Math.max(round, chunk.round), 0);
  const last = chunks.filter((chunk) => chunk.round === lastRound);
  if (lastRound >= deps.plan.roundsMax || deps.plan.join === null) return [];
  if (!last.some((chunk) => retryableRows(chunk) > 0)) return [];

  const staged: NewChunk[] = [];
  const firstIndex = chunks.reduce((index, chunk) => Math.max(index, chunk.index), -1) + 1;
  for (const kind of ["transient", "order"] as const) {
    const index = firstIndex + staged.length;
    let writer: ChunkWriter | null = null;
    for (const chunk of last) {
      const rows = await rowsOfClass(chunk, kind, deps);
      if (rows.length === 0) continue;
      writer ??= newChunkWriter({
        folder: deps.folder,
        index,
        header: headerOf(deps),
        width: deps.plan.fingerprints.columns.length,
      });
      copyRows(chunk, rows, writer, deps);
    }
    if (writer !== null) {
      staged.push({ runId: deps.runId, index, round: lastRound + 1, ...writer.finish() });
    }
  }
  await deps.store.addChunks(deps.lease, staged);
  return staged;
}

/** The header line of every chunk, with its LF. API names never need quotes. */
export function headerOf(deps: Pick<RunDeps, "plan">): Uint8Array {
  return new TextEncoder().encode(`${deps.plan.columns.join(",")}\n`);
}

/** Rows of a settled chunk that another round may mend. */
function retryableRows(chunk: ChunkRow): number {
  const retryable = chunk.counts?.retryable;
  return (retryable?.failed ?? 0) + (retryable?.unprocessed ?? 0);
}

async function rowsOfClass(
  chunk: ChunkRow,
  kind: "transient" | "order",
  deps: RunDeps,
): Promise<number[]> {
  const rows: number[] = [];
  if (retryableRows(chunk) === 0) return rows;
  for await (const miss of readMisses(deps.folder.chunkMisses(chunk.index))) {
    if (isRetryable(miss.class) && miss.class === kind && miss.row >= 0) rows.push(miss.row);
  }
  return rows.sort((a, b) => a - b);
}

function copyRows(
  chunk: ChunkRow,
  rows: readonly number[],
  writer: ChunkWriter,
  deps: RunDeps,
): void {
  const { folder, plan } = deps;
  const width = plan.fingerprints.columns.length;
  const origins = readOrigins(folder.chunkOrigins(chunk.index), headerOf(deps).length);
  const prints = readPrints(folder.chunkPrints(chunk.index), chunk.rows, plan.fingerprints.columns);
  const csv = openSync(folder.chunkCsv(chunk.index), "r");
  try {
    for (const row of rows) {
      const origin = origins.at(row);
      const bytes = new Uint8Array(origin.csvLength);
      readSync(csv, bytes, 0, bytes.length, origin.csvStart);
      writer.addStaged(bytes, origins.raw(row), {
        key: prints.keys.subarray(row * 4, row * 4 + 4),
        row: prints.rows.subarray(row * 2, row * 2 + 2),
        fields: prints.fields.subarray(row * width, (row + 1) * width),
      });
    }
  } finally {
    closeSync(csv);
  }
}
