import type { ChunkKind, ChunkRow, NewChunk } from "../state/state-store.ts";
import { canonicalCells } from "./canonical-row.ts";
import { type ChunkWriter, newChunkWriter } from "./chunk-writer.ts";
import { readMisses } from "./misses-file.ts";
import { parentColumns } from "./parent-columns.ts";
import type { RunDeps } from "./run-deps.ts";
import { headerOf, openStagedRows, type StagedRows } from "./staged-rows.ts";

/** Stages the next round: the rows of the last one that failed for a passing reason, copied from their
 *  chunks. They are sorted by parent, because siblings in parallel jobs lock each other out of the
 *  same parent; rows whose parent was missing get chunks of their own, which go last. Gives the chunks
 *  it saved as `planned`; none when there is nothing to send again. Repeated after a crash it makes
 *  the same files. */
export async function stageRetryRound(
  chunks: readonly ChunkRow[],
  deps: RunDeps,
): Promise<NewChunk[]> {
  const lastRound = chunks.reduce((round, chunk) => Math.max(round, chunk.round), 0);
  const wanted = await writeRound(chunks, lastRound + 1, deps);
  await deps.store.addChunks(deps.lease, wanted);
  return wanted;
}

/** Writes the chunks of a round, without saving them: also to write again what was damaged. */
export async function writeRound(
  chunks: readonly ChunkRow[],
  round: number,
  deps: RunDeps,
): Promise<NewChunk[]> {
  const before = chunks.filter((chunk) => chunk.round === round - 1);
  const rows = await rowsToSendAgain(before, deps);
  // All of them or none: what a round leaves behind, no later one takes up.
  if (rows.every(({ kind }) => kind === "order") && !mayHaveArrived(before)) return [];
  // Rows of a job that is gone were not refused by anybody: they have their round in any case.
  const allowed = round <= deps.plan.roundsMax || rows.some(({ gone }) => gone);
  if (!allowed || rows.length === 0) return [];
  const staged: NewChunk[] = [];
  const earlier = chunks.filter((chunk) => chunk.round < round);
  const first = earlier.reduce((index, chunk) => Math.max(index, chunk.index), -1) + 1;
  const source = openStagedRows(deps.folder, deps.plan);
  try {
    for (const kind of ["transient", "order"] as const) {
      const own = rows.filter((row) => row.kind === kind);
      const index = first + staged.length;
      staged.push(
        ...(await writeChunks(
          sortedByParent(own, source, deps),
          source,
          { kind, round, index },
          deps,
        )),
      );
    }
  } finally {
    source.close();
  }
  return staged;
}

/** A missing parent can have come only with a row that succeeded, or comes with one that goes again:
 *  otherwise the answer is the same. */
function mayHaveArrived(before: readonly ChunkRow[]): boolean {
  return before.some((chunk) => (chunk.counts?.succeeded ?? 0) > 0);
}

interface RowAgain {
  readonly chunk: ChunkRow;
  readonly row: number;
  readonly kind: Exclude<ChunkKind, "first">;
  readonly gone: boolean;
}

async function rowsToSendAgain(chunks: readonly ChunkRow[], deps: RunDeps): Promise<RowAgain[]> {
  const rows: RowAgain[] = [];
  for (const chunk of chunks) {
    const { failed = 0, unprocessed = 0 } = chunk.counts?.retryable ?? {};
    if (failed + unprocessed === 0) continue;
    for await (const miss of readMisses(deps.folder.missesOf(chunk))) {
      const { class: kind, row, code } = miss;
      if (row < 0 || (kind !== "transient" && kind !== "order")) continue;
      rows.push({ chunk, row, kind, gone: code === "JOB_GONE" });
    }
  }
  return rows.sort((a, b) => a.chunk.index - b.chunk.index || a.row - b.row);
}

/** Stable, so that rows of one parent, and rows without, keep their order. */
function sortedByParent(
  rows: readonly RowAgain[],
  source: StagedRows,
  { plan }: RunDeps,
): readonly RowAgain[] {
  const places = parentColumns(plan);
  if (places.length === 0) return rows;
  const decoder = new TextDecoder();
  const keyed = rows.map((row) => {
    const cells = canonicalCells(decoder.decode(source.bytes(row.chunk, row.row)));
    return { row, parent: places.map((place) => cells[place] ?? "").join("\u0000") };
  });
  keyed.sort((a, b) => (a.parent < b.parent ? -1 : a.parent > b.parent ? 1 : 0));
  return keyed.map(({ row }) => row);
}

async function writeChunks(
  rows: readonly RowAgain[],
  source: StagedRows,
  place: { readonly kind: ChunkKind; readonly round: number; readonly index: number },
  deps: RunDeps,
): Promise<NewChunk[]> {
  const { folder, plan, runId } = deps;
  const { kind, round } = place;
  const staged: NewChunk[] = [];
  let writer: ChunkWriter | null = null;
  const end = async () => {
    if (writer === null) return;
    const facts = await writer.finish();
    staged.push({ runId, index: place.index + staged.length, round, kind, ...facts });
    writer = null;
  };
  for (const { chunk, row } of rows) {
    const size = source.bytes(chunk, row).length;
    const full = (open: ChunkWriter) =>
      open.rows >= plan.chunkMax.rows || open.bytes + size > plan.chunkMax.bytes;
    if (writer !== null && full(writer)) await end();
    writer ??= newChunkWriter({
      folder,
      index: place.index + staged.length,
      header: headerOf(plan),
      columns: plan.fingerprints.columns,
    });
    source.copy(chunk, row, writer);
  }
  await end();
  return staged;
}
