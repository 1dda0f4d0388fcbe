import { nowMs, salesforceTime } from "../clock.ts";
import type { Operation } from "../dml/writer.ts";
import { makeId, readId } from "../ids.ts";
import { type Database, numberOf, type SqlRow, textOf } from "../store/database.ts";
import { takeNumbers } from "../store/schema.ts";

export type JobState =
  | "Open"
  | "UploadComplete"
  | "InProgress"
  | "JobComplete"
  | "Failed"
  | "Aborted";

/** One ingest or query job, as the database holds it. */
export interface Job {
  readonly id: string;
  readonly kind: "ingest" | "query";
  readonly operation: Operation | "query" | "queryAll";
  readonly object: string;
  readonly createdMs: number;
  readonly modstampMs: number;
  readonly state: JobState;
  readonly externalId: string | null;
  readonly assignmentRule: string | null;
  readonly apiVersion: string;
  readonly lineEnding: "LF" | "CRLF";
  readonly delimiter: string;
  readonly query: string | null;
  /** Bytes of the upload, null before one has landed. */
  readonly uploaded: number | null;
  readonly totalRows: number | null;
  readonly nextRow: number;
  readonly nextOffset: number;
  readonly processed: number;
  readonly failed: number;
  readonly retries: number;
  readonly totalMs: number;
  readonly apiMs: number;
  readonly error: string | null;
  readonly owner: string | null;
  readonly heartbeatMs: number;
}

export const DELIMITERS: Readonly<Record<string, string>> = {
  COMMA: ",",
  BACKQUOTE: "`",
  CARET: "^",
  PIPE: "|",
  SEMICOLON: ";",
  TAB: "\t",
};

export type NewJob = Pick<
  Job,
  | "kind"
  | "operation"
  | "object"
  | "externalId"
  | "assignmentRule"
  | "apiVersion"
  | "lineEnding"
  | "delimiter"
  | "query"
  | "state"
>;

export function createJob(db: Database, job: NewJob): Job {
  return db.transaction(() => insertJob(db, job));
}

function insertJob(db: Database, job: NewJob): Job {
  const id = makeId("750", takeNumbers(db, "750", 1));
  const now = nowMs();
  db.run(
    `INSERT INTO jobs (id, kind, operation, object, created_ms, modstamp_ms, state, external_id,
       assignment_rule, api_version, line_ending, delimiter, query)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    job.kind,
    job.operation,
    job.object,
    now,
    now,
    job.state,
    job.externalId,
    job.assignmentRule,
    job.apiVersion,
    job.lineEnding,
    job.delimiter,
    job.query,
  );
  return mustFindJob(db, id);
}

/** Finds a job by its 15- or 18-character Id. */
export function findJob(db: Database, kind: Job["kind"], idText: string): Job | null {
  const id = readId(idText);
  if (id === null) return null;
  const row = db.get("SELECT * FROM jobs WHERE id = ? AND kind = ?", id, kind);
  return row ? readJob(row) : null;
}

export function mustFindJob(db: Database, id: string): Job {
  const row = db.get("SELECT * FROM jobs WHERE id = ?", id);
  if (!row) throw new Error(`Job ${id} is not in the database. This is a bug.`);
  return readJob(row);
}

/** Moves a job to another state if it still is in one of `from`. systemModstamp moves with it. */
export function moveJob(
  db: Database,
  id: string,
  from: readonly JobState[],
  to: JobState,
  error: string | null = null,
): boolean {
  const states = from.map((state) => `'${state}'`).join(", ");
  const sql = `UPDATE jobs SET state = ?, modstamp_ms = ?, error = ? WHERE id = ? AND state IN (${states})`;
  return db.run(sql, to, nowMs(), error, id) > 0;
}

export function readJob(row: SqlRow): Job {
  const nullable = (column: string): string | null => {
    const value = row[column];
    return typeof value === "string" ? value : null;
  };
  const count = (column: string): number | null =>
    row[column] === null ? null : numberOf(row, column);
  return {
    id: textOf(row, "id"),
    kind: textOf(row, "kind") as Job["kind"],
    operation: textOf(row, "operation") as Job["operation"],
    object: textOf(row, "object"),
    createdMs: numberOf(row, "created_ms"),
    modstampMs: numberOf(row, "modstamp_ms"),
    state: textOf(row, "state") as JobState,
    externalId: nullable("external_id"),
    assignmentRule: nullable("assignment_rule"),
    apiVersion: textOf(row, "api_version"),
    lineEnding: textOf(row, "line_ending") as Job["lineEnding"],
    delimiter: textOf(row, "delimiter"),
    query: nullable("query"),
    uploaded: count("uploaded"),
    totalRows: count("total_rows"),
    nextRow: numberOf(row, "next_row"),
    nextOffset: numberOf(row, "next_offset"),
    processed: numberOf(row, "processed"),
    failed: numberOf(row, "failed"),
    retries: numberOf(row, "retries"),
    totalMs: numberOf(row, "total_ms"),
    apiMs: numberOf(row, "api_ms"),
    error: nullable("error"),
    owner: nullable("owner"),
    heartbeatMs: numberOf(row, "heartbeat_ms"),
  };
}

export type JobForm = "created" | "createdWithContent" | "short" | "full" | "listed";

/**
 * A job as JSON text, keys in the recorded order. The answers differ: creating gives a contentUrl
 * and no counters, changing the state gives a short form, reading gives everything. `apiVersion`
 * is a number with a decimal, which JSON.stringify can't write.
 */
export function jobJson(job: Job, form: JobForm, userId: string): string {
  return JSON.stringify(jobBody(job, form, userId)).replaceAll(
    /"apiVersion":"(\d+\.\d)"/g,
    '"apiVersion":$1',
  );
}

export function jobBody(job: Job, form: JobForm, userId: string): Record<string, unknown> {
  const full = form === "full" || form === "listed";
  const contentUrl = `services/data/v${job.apiVersion}/jobs/ingest/${job.id}/batches`;
  const hasUrl = job.kind === "ingest" && job.state === "Open" && form !== "short";
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: userId,
    createdDate: salesforceTime(job.createdMs),
    systemModstamp: salesforceTime(form === "short" ? job.createdMs : job.modstampMs),
    state: job.state,
    ...(job.externalId === null ? {} : { externalIdFieldName: job.externalId }),
    concurrencyMode: "Parallel",
    contentType: "CSV",
    apiVersion: job.apiVersion,
    ...(job.assignmentRule === null ? {} : { assignmentRuleId: job.assignmentRule }),
    ...(full ? { jobType: job.kind === "ingest" ? "V2Ingest" : "V2Query" } : {}),
    ...(hasUrl ? { contentUrl } : {}),
    ...(form === "short" ? {} : { lineEnding: job.lineEnding, columnDelimiter: job.delimiter }),
    ...(form === "full" ? counters(job) : {}),
  };
}

/** Before an upload has landed, the answer holds no record counters: a client can tell by that. */
function counters(job: Job): Record<string, unknown> {
  if (job.kind === "query") {
    return {
      numberRecordsProcessed: job.processed,
      retries: job.retries,
      totalProcessingTime: job.totalMs,
      ...(Number(job.apiVersion) >= 58 ? { isPkChunkingSupported: true } : {}),
    };
  }
  const counted = job.state !== "Open" || job.uploaded !== null;
  return {
    ...(counted ? { numberRecordsProcessed: job.processed, numberRecordsFailed: job.failed } : {}),
    retries: job.retries,
    totalProcessingTime: job.totalMs,
    apiActiveProcessingTime: job.apiMs,
    apexProcessingTime: 0,
    ...(job.error === null ? {} : { errorMessage: job.error }),
  };
}
