import { murmur128 } from "../base/murmur.ts";
import { foldKey } from "../mapping/fold-key.ts";
import type { KeyKind } from "../mapping/row-program.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { ChunkRow, RunRow, StateStore } from "../state/state-store.ts";
import { readPrints } from "./chunk-prints.ts";
import { readMisses } from "./misses-file.ts";
import { eachResult } from "./result-rows.ts";
import { readOrigins } from "./row-origins.ts";
import { type RunFolder, runFolder } from "./run-folder.ts";
import { headerOf } from "./staged-rows.ts";

/** One sending of a record: what a run knows of it. */
export interface KeyTrace {
  readonly runId: string;
  readonly startedAt: string;
  /** 0: the first sending of that run; 1 and on: sent again for a passing reason. */
  readonly round: number;
  readonly file: string | null;
  readonly line: number | null;
  readonly jobId: string | null;
  readonly outcome: "succeeded" | "failed" | "unprocessed" | "unknown" | "inFlight" | "pending";
  readonly code: string | null;
  readonly message: string | null;
  /** The record's Id, where the job's results are kept and name it. */
  readonly recordId: string | null;
}

/** Four words: what stands for a key in every fingerprint. */
export function keyDigest(key: string, kind: KeyKind): Uint32Array {
  const digest = new Uint32Array(4);
  const bytes = new TextEncoder().encode(foldKey(key, kind));
  murmur128(bytes, 0, bytes.length, 0, digest, 0);
  return digest;
}

/** All sendings of a key in one run, in their order. Reads the run's own files; nothing else is asked. */
export async function traceKey(
  run: RunRow,
  digest: Uint32Array,
  store: StateStore,
): Promise<KeyTrace[]> {
  const plan = run.plan as RunPlan;
  const folder = runFolder(run.folder);
  const traces: KeyTrace[] = [];
  for (const chunk of await store.listChunks(run.id)) {
    const { columns } = plan.fingerprints;
    const prints = readPrints(folder.chunkPrints(chunk.index), chunk.rows, columns);
    const row = rowOf(prints.keys, prints.count, digest);
    if (row >= 0) traces.push(await traceRow(run, plan, folder, chunk, row));
  }
  return traces;
}

function rowOf(keys: Uint32Array, count: number, digest: Uint32Array): number {
  for (let row = 0; row < count; row++) {
    if (keys[row * 4] !== digest[0] || keys[row * 4 + 1] !== digest[1]) continue;
    if (keys[row * 4 + 2] === digest[2] && keys[row * 4 + 3] === digest[3]) return row;
  }
  return -1;
}

async function traceRow(
  run: RunRow,
  plan: RunPlan,
  folder: RunFolder,
  chunk: ChunkRow,
  row: number,
): Promise<KeyTrace> {
  const headerBytes = headerOf(plan).length;
  const origin = readOrigins(folder.chunkOrigins(chunk.index), headerBytes, chunk.rows).at(row);
  const where = {
    runId: run.id,
    startedAt: run.startedAt,
    round: chunk.round,
    file: plan.files[origin.file]?.shown ?? null,
    line: origin.line,
    jobId: chunk.jobId,
  };
  const none = { code: null, message: null, recordId: null };
  if (chunk.counts === null) {
    const waits = chunk.phase === "planned" || chunk.phase === "opened";
    return { ...where, outcome: waits ? "pending" : "inFlight", ...none };
  }
  for await (const miss of readMisses(folder.missesOf(chunk))) {
    if (miss.row !== row) continue;
    const { kind, code, message } = miss;
    return { ...where, outcome: kind, code, message, recordId: null };
  }
  const recordId = await recordIdOf(plan, folder, chunk, row);
  return { ...where, outcome: "succeeded", ...none, recordId };
}

/** The Id stands in the successful results, where `results: full` has read them. */
async function recordIdOf(
  plan: RunPlan,
  folder: RunFolder,
  chunk: ChunkRow,
  row: number,
): Promise<string | null> {
  const { join } = plan;
  const [file] = folder.savedResultSets(chunk.index, "successfulResults");
  if (file === undefined || join === null) return null;
  let wanted: string | null = null;
  let at = 0;
  await eachResult(folder.chunkCsv(chunk.index), (cell) => {
    if (at++ === row) wanted = foldKey(cell(join.column), join.kind);
  });
  let id: string | null = null;
  await eachResult(file, (cell) => {
    if (foldKey(cell(join.column), join.kind) === wanted) id = cell("sf__Id") || null;
  });
  return id;
}
