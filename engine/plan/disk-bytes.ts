import { printBytes } from "../delta/segment-layout.ts";
import type { ChunkCut } from "./sync-plan.ts";

/** About how many bytes a run takes in the state folder until it is over: what it stages, what was
 *  decided, and with `results: full` the result sets. Rows that fail and go round again come on top; nobody
 *  knows them before. */
export function diskBytes(work: {
  readonly sourceRows: number;
  readonly chunks: readonly ChunkCut[];
  /** Of the records that left the source: they are sent by a run of their own. */
  readonly mirrorChunks: readonly ChunkCut[];
  /** Columns that have a field digest. */
  readonly columns: number;
  readonly results: "full" | "failures";
  /** Ids were looked up by key: they are kept with the run. */
  readonly lookedUp: boolean;
}): number {
  const { sourceRows, chunks, mirrorChunks, columns, results, lookedUp } = work;
  const all = [...chunks, ...mirrorChunks];
  if (all.length === 0) return 0;
  const staged = all.map((chunk) => stagedBytes(chunk, columns));
  const told = results === "full" ? all.map((chunk) => resultBytes(chunk, columns)) : [];
  const left = mirrorChunks.map(({ rows }) => rows * DEPARTED_BYTES);
  const decided = sourceRows * (DECISION_BYTES + (lookedUp ? ID_LINE_BYTES : 0));
  return [...staged, ...told, ...left].reduce((sum, bytes) => sum + bytes, decided);
}

/** What a staged chunk takes: its CSV (exact), where each row came from, and the rows' fingerprints, which
 *  become the stream's own by a second name, not by a copy. */
export function stagedBytes({ rows, bytes }: ChunkCut, columns: number): number {
  return bytes + rows * (ORIGIN_BYTES + printBytes(columns)) + 3 * FILE_BYTES;
}

/** Salesforce gives every row back, with two columns in front and each cell quoted. */
function resultBytes({ rows, bytes }: ChunkCut, columns: number): number {
  return bytes + rows * (RESULT_BYTES + 2 * columns) + FILE_BYTES;
}

/** Six words: engine/run/row-origins.ts. */
const ORIGIN_BYTES = 24;
const DECISION_BYTES = 1;
/** Four numbers and an Id: engine/sync/stored-ids.ts. */
const ID_LINE_BYTES = 64;
/** A key in hexadecimal and an Id: engine/run/stage-mirror.ts. */
const DEPARTED_BYTES = 52;
/** sf__Id and sf__Created. */
const RESULT_BYTES = 29;
/** What is lost at a file's end, as disks are given out in blocks; a segment's footer has room in it. */
const FILE_BYTES = 4_096;
