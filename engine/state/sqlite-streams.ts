import type { SqliteDatabase } from "./open-database.ts";
import type { NewSegment, SegmentRow, Stream, StreamKey } from "./state-store.ts";

export function findOrAddStream(database: SqliteDatabase, key: StreamKey): Stream {
  const values = [key.sync, key.orgId, key.object, key.operation, key.keyField ?? ""];
  database
    .prepare(
      `insert into streams (sync, org_id, object, operation, key_field) values (?, ?, ?, ?, ?)
       on conflict do nothing`,
    )
    .run(...values);
  const where = "where sync = ? and org_id = ? and object = ? and operation = ? and key_field = ?";
  const stream = selectStreams(database, where, values)[0];
  if (stream === undefined) throw new Error("A stream just added is not there. This is a bug");
  return stream;
}

export function queryStreams(database: SqliteDatabase): Stream[] {
  return selectStreams(database, "order by sync, org_id", []);
}

export function moveStream(
  database: SqliteDatabase,
  streamId: number,
  mappingDigest: string | null,
  columns: readonly string[] | null,
): void {
  database
    .prepare("update streams set serial = serial + 1, mapping_digest = ?, columns = ? where id = ?")
    .run(mappingDigest, columns === null ? null : JSON.stringify(columns), streamId);
}

export function readSegments(database: SqliteDatabase, streamId: number): SegmentRow[] {
  return database
    .prepare("select id, file, rows from segments where stream_id = ? order by id")
    .all(streamId) as SegmentRow[];
}

export function addSegment(database: SqliteDatabase, streamId: number, segment: NewSegment): void {
  database
    .prepare("insert into segments (stream_id, file, rows) values (?, ?, ?)")
    .run(streamId, segment.file, segment.rows);
}

/** The merger takes the place of the oldest it replaces: later segments still win over it. */
export function swapSegments(
  database: SqliteDatabase,
  streamId: number,
  old: readonly number[],
  merged: NewSegment,
): void {
  const remove = database.prepare("delete from segments where id = ? and stream_id = ?");
  const removed = old.reduce((sum, id) => sum + remove.run(id, streamId).changes, 0);
  if (removed !== old.length) throw new Error("Segments were merged twice. This is a bug");
  database
    .prepare("insert into segments (id, stream_id, file, rows) values (?, ?, ?, ?)")
    .run(Math.min(...old), streamId, merged.file, merged.rows);
}

export function forget(database: SqliteDatabase, streamId: number): void {
  database.prepare("delete from segments where stream_id = ?").run(streamId);
  database
    .prepare(
      "update streams set serial = serial + 1, mapping_digest = null, columns = null where id = ?",
    )
    .run(streamId);
}

export function readReading(database: SqliteDatabase, streamId: number): unknown {
  const row = database.prepare("select reading from readings where stream_id = ?").get(streamId) as
    | { reading: string }
    | undefined;
  return row === undefined ? null : JSON.parse(row.reading);
}

export function writeReading(database: SqliteDatabase, streamId: number, reading: unknown): void {
  database
    .prepare("insert or replace into readings (stream_id, reading) values (?, ?)")
    .run(streamId, JSON.stringify(reading));
}

interface StreamRecord {
  readonly id: number;
  readonly sync: string;
  readonly org_id: string;
  readonly object: string;
  readonly operation: string;
  readonly key_field: string;
  readonly serial: number;
  readonly mapping_digest: string | null;
  readonly columns: string | null;
}

function selectStreams(
  database: SqliteDatabase,
  rest: string,
  values: readonly unknown[],
): Stream[] {
  const rows = database.prepare(`select * from streams ${rest}`).all(...values) as StreamRecord[];
  return rows.map((row) => ({
    id: row.id,
    sync: row.sync,
    orgId: row.org_id,
    object: row.object,
    operation: row.operation,
    keyField: row.key_field === "" ? null : row.key_field,
    serial: row.serial,
    mappingDigest: row.mapping_digest,
    columns: row.columns === null ? null : (JSON.parse(row.columns) as string[]),
  }));
}
