import { readFileSync } from "node:fs";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { ChunkRow, StateStore } from "../state/state-store.ts";
import { newChunkWriter } from "./chunk-writer.ts";
import { type RunFolder, runFolder } from "./run-folder.ts";
import type { StagedChunk } from "./stage-chunks.ts";
import { headerOf, openStagedRows } from "./staged-rows.ts";

/** The plan of a retry: that of the run whose failed rows are sent again, cut anew. */
export interface RetryPlan extends RunPlan {
  readonly retryOf: { readonly runId: string };
}

export function isRetryPlan(plan: RunPlan): plan is RetryPlan {
  return "retryOf" in plan;
}

/** A row of the earlier run: its chunk's index and its place there. */
export interface RetriedRow {
  readonly chunk: number;
  readonly row: number;
}

/** Two words a row. */
export function retriedRowsBytes(rows: readonly RetriedRow[]): Uint8Array {
  const words = new Uint32Array(rows.flatMap(({ chunk, row }) => [chunk, row]));
  return new Uint8Array(words.buffer);
}

function readRetriedRows(file: string): RetriedRow[] {
  const bytes = readFileSync(file);
  const words = new Uint32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  return Array.from({ length: words.length / 2 }, (_, i) => ({
    chunk: words[i * 2] ?? 0,
    row: words[i * 2 + 1] ?? 0,
  }));
}

/** Stages the chunks of a retry: copies the bytes that the earlier run sent. The source, the spec and
 *  the mapping of today play no part. Repeated after a crash it makes the same files. */
export async function* stageRetried(
  plan: RetryPlan,
  folder: RunFolder,
  wanted: (index: number) => boolean,
  store: StateStore,
): AsyncGenerator<StagedChunk> {
  const chunks = new Map<number, ChunkRow>();
  for (const chunk of await store.listChunks(plan.retryOf.runId)) chunks.set(chunk.index, chunk);
  const rows = readRetriedRows(folder.retriedRows);
  // Asked anew: the state's folder may have been moved since the retry began.
  const earlier = await store.readRun(plan.retryOf.runId);
  if (earlier === null) throw new Error(`Run ${plan.retryOf.runId} is not there. This is a bug`);
  const source = openStagedRows(runFolder(earlier.folder), plan);
  const { columns } = plan.fingerprints;
  try {
    let next = 0;
    for (const [index, cut] of plan.plan.chunks.entries()) {
      const own = rows.slice(next, next + cut.rows);
      next += cut.rows;
      if (!wanted(index)) continue;
      const writer = newChunkWriter({ folder, index, header: headerOf(plan), columns });
      for (const { chunk, row } of own) {
        const from = chunks.get(chunk);
        if (from === undefined) throw new Error(`Chunk ${chunk} is not there. This is a bug`);
        source.copy(from, row, writer);
      }
      yield { index, ...(await writer.finish()) };
    }
  } finally {
    source.close();
  }
}
