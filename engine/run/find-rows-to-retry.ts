import { writeDurably } from "../base/durable-file.ts";
import { EngineError } from "../base/engine-error.ts";
import { KEY_WORDS, newKeyList } from "../delta/key-list.ts";
import type { ChunkCut, RunPlan } from "../plan/sync-plan.ts";
import type { ChunkRow, RunRow, StateStore } from "../state/state-store.ts";
import { readPrints } from "./chunk-prints.ts";
import { readMisses, wentOn } from "./misses-file.ts";
import { decidedAnew } from "./read-the-source.ts";
import { filesAreGone, type RunFolder, runFolder } from "./run-folder.ts";
import { isRetryPlan, type RetriedRow } from "./stage-retried.ts";
import { headerOf, openStagedRows, type StagedRows } from "./staged-rows.ts";

export interface RowsToRetry {
  readonly toSend: readonly RetriedRow[];
  readonly cuts: readonly ChunkCut[];
  /** Failed rows whose key a later run sent. */
  readonly leftOut: readonly FailedRow[];
  /** Rows that may have been applied: never sent again by a retry. */
  readonly unknown: number;
}

interface FailedRow extends RetriedRow {
  readonly from: ChunkRow;
}

/** The failed and the unprocessed rows of an ended run, but for those that a later run sent. Of rows that
 *  were sent without a key there are only those of jobs of which nothing was processed. */
export async function findRowsToRetry(
  run: RunRow,
  plan: RunPlan,
  store: StateStore,
): Promise<RowsToRetry> {
  const folder = runFolder(run.folder);
  const chunks = await store.listChunks(run.id);
  if (chunks.length > 0 && filesAreGone(run)) throw rowsAreGone(run);
  const { failed, unknown } = await failedRows(chunks, folder);
  const source = openStagedRows(folder, plan);
  try {
    const sentLater = plan.fingerprints.keyed
      ? await keysSentLater(run, failed, source, store)
      : await placesSentLater(run, failed, store);
    const toSend = failed.filter((_, i) => !sentLater.has(i));
    const leftOut = failed.filter((_, i) => sentLater.has(i));
    return { toSend, cuts: cutRows(toSend, source, plan), leftOut, unknown };
  } finally {
    source.close();
  }
}

/** Lists the rows left out, as they were sent. */
export function writeLeftOut(
  run: RunRow,
  plan: RunPlan,
  { leftOut }: RowsToRetry,
  folder: RunFolder,
): void {
  if (leftOut.length === 0) return;
  const source = openStagedRows(runFolder(run.folder), plan);
  try {
    const rows = leftOut.map(({ from, row }) => source.bytes(from, row));
    writeDurably(folder.leftOutCsv, [headerOf(plan), ...rows]);
  } finally {
    source.close();
  }
}

function rowsAreGone(run: RunRow): EngineError {
  return new EngineError(
    "RUN_FILES_GONE",
    `The files of run ${run.id} were removed: ${run.folder}`,
    {
      hint: `Rows that failed are still in the source:\n    sluice run ${run.sync}`,
    },
  );
}

async function failedRows(
  chunks: readonly ChunkRow[],
  folder: RunFolder,
): Promise<{ failed: FailedRow[]; unknown: number }> {
  const rounds = chunks.reduce((round, chunk) => Math.max(round, chunk.round), 0);
  const failed: FailedRow[] = [];
  let unknown = 0;
  for (const from of chunks) {
    for await (const miss of readMisses(folder.missesOf(from))) {
      if (wentOn(miss, from.round, rounds)) continue;
      if (miss.kind === "unknown") unknown++;
      else if (miss.row >= 0) failed.push({ from, chunk: from.index, row: miss.row });
    }
  }
  failed.sort((a, b) => a.chunk - b.chunk || a.row - b.row);
  return { failed, unknown };
}

/** The same for rows without a key: those that a retry of this very run took on, which is all of them. */
async function placesSentLater(
  run: RunRow,
  failed: readonly FailedRow[],
  store: StateStore,
): Promise<Set<number>> {
  const all = new Set(failed.keys());
  for (const later of await store.laterRuns(run)) {
    if (decidedAnew(later)) return all;
    const plan = later.plan as RunPlan;
    if (!isRetryPlan(plan) || plan.retryOf.runId !== run.id) continue;
    if ((await store.listChunks(later.id)).some(wasSent)) return all;
  }
  return new Set();
}

/** A chunk of an ended run that is planned still was never uploaded, or its job was thrown away. */
function wasSent({ phase }: ChunkRow): boolean {
  return phase !== "planned";
}

/** Places in `failed` of the rows that a later run had to do with. One that read the source decided
 *  about every row anew: it sent a failed row again, or the source no longer wants it. Of a retry it is
 *  the keys in the chunks that it sent. */
async function keysSentLater(
  run: RunRow,
  failed: readonly FailedRow[],
  source: StagedRows,
  store: StateStore,
): Promise<Set<number>> {
  const found = new Set<number>();
  const table = newKeyList(1);
  failed.forEach(({ from, row }, i) => {
    table.setWord(table.add(source.key(from, row), 0), KEY_WORDS, i);
  });
  if (failed.length === 0) return found;
  const laterRuns = await store.laterRuns(run);
  if (laterRuns.some(decidedAnew)) return new Set(failed.keys());
  for (const later of laterRuns.filter(({ command }) => command === "retry")) {
    const { columns } = (later.plan as RunPlan).fingerprints;
    const folder = runFolder(later.folder);
    const chunks = (await store.listChunks(later.id)).filter(wasSent);
    // Which of the rows it sent is not known any more: it may have been any.
    if (chunks.length > 0 && filesAreGone(later)) return new Set(failed.keys());
    for (const chunk of chunks) {
      const prints = readPrints(folder.chunkPrints(chunk.index), chunk.rows, columns);
      for (let row = 0; row < prints.count; row++) {
        const place = table.find(prints.keys, row * KEY_WORDS);
        if (place >= 0) found.add(table.word(place, KEY_WORDS));
      }
    }
  }
  return found;
}

function cutRows(rows: readonly FailedRow[], source: StagedRows, plan: RunPlan): ChunkCut[] {
  const headerBytes = headerOf(plan).length;
  const cuts: { rows: number; bytes: number }[] = [];
  for (const { from, row } of rows) {
    const size = source.bytes(from, row).length;
    let cut = cuts.at(-1);
    const { bytes, rows: rowsMax } = plan.chunkMax;
    if (cut === undefined || cut.rows >= rowsMax || cut.bytes + size > bytes) {
      cut = { rows: 0, bytes: headerBytes };
      cuts.push(cut);
    }
    cut.rows++;
    cut.bytes += size;
  }
  return cuts;
}
