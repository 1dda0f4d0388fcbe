import type { SqliteDatabase } from "./open-database.ts";
import type { NewRun, RunChange, RunRow } from "./state-store.ts";

export function insertRun(database: SqliteDatabase, run: NewRun): void {
  database
    .prepare(
      `insert into runs (id, stream_id, sync, org, org_id, command, folder, plan, started_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      run.id,
      run.streamId,
      run.sync,
      run.org,
      run.orgId,
      run.command,
      run.folder,
      JSON.stringify(run.plan),
      run.startedAt,
    );
}

/** Writes the named columns only. */
export function writeRun(database: SqliteDatabase, runId: string, change: RunChange): void {
  const columns: [string, unknown][] = [];
  if (change.state !== undefined) columns.push(["state", change.state]);
  if (change.ended !== undefined) columns.push(["ended", change.ended ? 1 : 0]);
  if (change.staged !== undefined) columns.push(["staged", change.staged ? 1 : 0]);
  if (change.counts !== undefined) columns.push(["counts", JSON.stringify(change.counts)]);
  if (change.files !== undefined) columns.push(["files", JSON.stringify(change.files)]);
  if (change.apiCalls !== undefined) columns.push(["api_calls", change.apiCalls]);
  if (change.elapsedMs !== undefined) columns.push(["elapsed_ms", Math.round(change.elapsedMs)]);
  if (change.endedAt !== undefined) columns.push(["ended_at", change.endedAt]);
  if (change.plan !== undefined) columns.push(["plan", JSON.stringify(change.plan)]);
  if (change.warnings !== undefined) columns.push(["warnings", JSON.stringify(change.warnings)]);
  if (change.error !== undefined) {
    columns.push(["error", change.error === null ? null : JSON.stringify(change.error)]);
  }
  if (columns.length === 0) return;
  const set = columns.map(([name]) => `${name} = ?`).join(", ");
  database
    .prepare(`update runs set ${set} where id = ?`)
    .run(...columns.map(([, value]) => value), runId);
}

export function queryRuns(
  database: SqliteDatabase,
  rest: string,
  values: readonly unknown[],
): RunRow[] {
  const rows = database.prepare(`select * from runs ${rest}`).all(...values) as RunRecord[];
  return rows.map(toRunRow);
}

export function streamOf(database: SqliteDatabase, runId: string): number {
  const row = database.prepare("select stream_id as id from runs where id = ?").get(runId);
  return (row as { id: number }).id;
}

interface RunRecord {
  readonly id: string;
  readonly stream_id: number;
  readonly sync: string;
  readonly org: string;
  readonly org_id: string;
  readonly command: string;
  readonly folder: string;
  readonly plan: string;
  readonly started_at: string;
  readonly state: RunRow["state"];
  readonly ended: number;
  readonly staged: number;
  readonly counts: string | null;
  readonly files: string;
  readonly api_calls: number;
  readonly elapsed_ms: number;
  readonly ended_at: string | null;
  readonly error: string | null;
  readonly warnings: string;
}

function toRunRow(row: RunRecord): RunRow {
  return {
    id: row.id,
    streamId: row.stream_id,
    sync: row.sync,
    org: row.org,
    orgId: row.org_id,
    command: row.command,
    folder: row.folder,
    plan: JSON.parse(row.plan),
    startedAt: row.started_at,
    state: row.state,
    ended: row.ended === 1,
    staged: row.staged === 1,
    counts: row.counts === null ? null : JSON.parse(row.counts),
    files: JSON.parse(row.files),
    apiCalls: row.api_calls,
    elapsedMs: row.elapsed_ms,
    endedAt: row.ended_at,
    error: row.error === null ? null : JSON.parse(row.error),
    warnings: JSON.parse(row.warnings),
  };
}
