import type { SqliteDatabase } from "./open-database.ts";
import type {
  ChunkChange,
  ChunkCounts,
  ChunkId,
  ChunkPhase,
  ChunkRow,
  NewChunk,
} from "./state-store.ts";

export function insertChunks(database: SqliteDatabase, chunks: readonly NewChunk[]): void {
  const insert = database.prepare(
    "insert into chunks (run_id, idx, round, rows, bytes, digest) values (?, ?, ?, ?, ?, ?)",
  );
  for (const chunk of chunks) {
    insert.run(chunk.runId, chunk.index, chunk.round, chunk.rows, chunk.bytes, chunk.digest);
  }
}

/** Writes the named columns only. */
export function writeChunk(
  database: SqliteDatabase,
  id: ChunkId,
  change: ChunkChange & { counts?: ChunkCounts },
): void {
  const columns: [string, unknown][] = [];
  if (change.phase !== undefined) columns.push(["phase", change.phase]);
  if (change.jobId !== undefined) columns.push(["job_id", change.jobId]);
  if (change.attempts !== undefined) columns.push(["attempts", change.attempts]);
  if (change.job !== undefined) columns.push(["job", change.job && JSON.stringify(change.job)]);
  if (change.counts !== undefined) columns.push(["counts", JSON.stringify(change.counts)]);
  if (change.problem !== undefined) columns.push(["problem", change.problem]);
  if (columns.length === 0) return;
  const set = columns.map(([name]) => `${name} = ?`).join(", ");
  database
    .prepare(`update chunks set ${set} where run_id = ? and idx = ?`)
    .run(...columns.map(([, value]) => value), id.runId, id.index);
}

export function readChunk(database: SqliteDatabase, id: ChunkId): ChunkRow {
  const row = database
    .prepare("select * from chunks where run_id = ? and idx = ?")
    .get(id.runId, id.index) as ChunkRecord | undefined;
  if (row === undefined)
    throw new Error(`Chunk ${id.index} of ${id.runId} is not there. This is a bug`);
  return toChunkRow(row);
}

export function readChunks(database: SqliteDatabase, runId: string): ChunkRow[] {
  const rows = database
    .prepare("select * from chunks where run_id = ? order by idx")
    .all(runId) as ChunkRecord[];
  return rows.map(toChunkRow);
}

interface ChunkRecord {
  readonly run_id: string;
  readonly idx: number;
  readonly round: number;
  readonly rows: number;
  readonly bytes: number;
  readonly digest: string;
  readonly phase: ChunkPhase;
  readonly job_id: string | null;
  readonly attempts: number;
  readonly job: string | null;
  readonly counts: string | null;
  readonly problem: string | null;
}

function toChunkRow(row: ChunkRecord): ChunkRow {
  return {
    runId: row.run_id,
    index: row.idx,
    round: row.round,
    rows: row.rows,
    bytes: row.bytes,
    digest: row.digest,
    phase: row.phase,
    jobId: row.job_id,
    attempts: row.attempts,
    job: row.job === null ? null : JSON.parse(row.job),
    counts: row.counts === null ? null : JSON.parse(row.counts),
    problem: row.problem,
  };
}
