import type { SqliteDatabase } from "./open-database.ts";
import type {
  ChunkChange,
  ChunkCounts,
  ChunkId,
  ChunkKind,
  ChunkPhase,
  ChunkRow,
  NewChunk,
} from "./state-store.ts";

export function insertChunks(database: SqliteDatabase, chunks: readonly NewChunk[]): void {
  const insert = database.prepare(
    `insert into chunks (run_id, idx, round, kind, rows, bytes, digest)
     values (?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const { runId, index, round, kind, rows, bytes, digest } of chunks) {
    insert.run(runId, index, round, kind, rows, bytes, digest);
  }
}

/** Writes the named columns only. */
export function writeChunk(
  database: SqliteDatabase,
  id: ChunkId,
  change: ChunkChange & { counts?: ChunkCounts; misses?: string | null },
): void {
  const columns: [string, unknown][] = [];
  if (change.phase !== undefined) columns.push(["phase", change.phase]);
  if (change.jobId !== undefined) columns.push(["job_id", change.jobId]);
  if (change.attempts !== undefined) columns.push(["attempts", change.attempts]);
  if (change.job !== undefined) columns.push(["job", change.job && JSON.stringify(change.job)]);
  if (change.counts !== undefined) columns.push(["counts", JSON.stringify(change.counts)]);
  if (change.misses !== undefined) columns.push(["misses", change.misses]);
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

export function readJobIds(database: SqliteDatabase): Set<string> {
  const rows = database
    .prepare("select distinct job_id as id from chunks where job_id is not null")
    .all() as { id: string }[];
  return new Set(rows.map(({ id }) => id));
}

interface ChunkRecord {
  readonly run_id: string;
  readonly idx: number;
  readonly round: number;
  readonly kind: ChunkKind;
  readonly rows: number;
  readonly bytes: number;
  readonly digest: string;
  readonly phase: ChunkPhase;
  readonly job_id: string | null;
  readonly attempts: number;
  readonly job: string | null;
  readonly counts: string | null;
  readonly misses: string | null;
  readonly problem: string | null;
}

function toChunkRow(row: ChunkRecord): ChunkRow {
  return {
    runId: row.run_id,
    index: row.idx,
    round: row.round,
    kind: row.kind,
    rows: row.rows,
    bytes: row.bytes,
    digest: row.digest,
    phase: row.phase,
    jobId: row.job_id,
    attempts: row.attempts,
    job: row.job === null ? null : JSON.parse(row.job),
    counts: row.counts === null ? null : JSON.parse(row.counts),
    misses: row.misses,
    problem: row.problem,
  };
}
