import path from "node:path";
import { nowMs, pause, yieldNow } from "../clock.ts";
import { type Binding, bindColumn } from "../dml/binding.ts";
import { makeWriter, type Operation, type Writer } from "../dml/writer.ts";
import type { Org } from "../org.ts";
import type { ObjectShape } from "../shape/object-shape.ts";
import { makeNumberSource, type NumberSource } from "../store/schema.ts";
import { checkUpload } from "./check-upload.ts";
import { CsvFormatError, type CsvReader, openCsv } from "./csv-reader.ts";
import { DELIMITERS, type Job, moveJob, mustFindJob } from "./job.ts";
import { GROUP_ROWS, processGroup } from "./process-group.ts";

/**
 * Salesforce cuts a job into batches of this many rows; each batch ends with its processing time
 * known.
 */
export const BATCH_ROWS = 10_000;

export function uploadPath(org: Org, jobId: string): string {
  return path.join(org.filesDir, `${jobId}.csv`);
}

/**
 * Works on one job that this process has claimed until it ends, somebody aborts it, another process
 * has taken it over, or the emulator stops. Killed at any moment, it goes on from the last
 * committed
 * group: the group's rows and the job's position are one transaction.
 */
export async function processJob(org: Org, jobId: string, signal: AbortSignal): Promise<void> {
  moveJob(org.db, jobId, ["UploadComplete"], "InProgress");
  const job = mustFindJob(org.db, jobId);
  if (job.state !== "InProgress") return;
  await pause(org.batchDelayMs, signal);
  try {
    if (job.totalRows === null && !(await prepare(org, job, signal))) return;
    await processRows(org, mustFindJob(org.db, jobId), signal);
  } catch (error) {
    if (!(error instanceof CsvFormatError)) throw error;
    moveJob(org.db, jobId, ["InProgress"], "Failed", error.message);
  }
}

/**
 * Looks through the whole upload first: a fault of format fails the job before any row is touched.
 */
async function prepare(org: Org, job: Job, signal: AbortSignal): Promise<boolean> {
  const checked = job.uploaded
    ? await checkUpload(uploadPath(org, job.id), job, signal)
    : { rows: 0, firstOffset: 0 };
  if (checked === null) return false;
  if (checked.rows === 0 && org.jobFaults.emptyFails(job)) {
    throw new CsvFormatError("InvalidBatch : No rows found in the uploaded data");
  }
  org.db.run(
    "UPDATE jobs SET total_rows = ?, next_offset = ? WHERE id = ? AND state = 'InProgress'",
    checked.rows,
    checked.firstOffset,
    job.id,
  );
  return true;
}

async function processRows(org: Org, start: Job, signal: AbortSignal): Promise<void> {
  if (start.totalRows === 0) {
    moveJob(org.db, start.id, ["InProgress"], "JobComplete");
    return;
  }
  const load = bindUpload(org, start);
  const delimiter = DELIMITERS[start.delimiter] ?? ",";
  const csv = openCsv(uploadPath(org, start.id), { delimiter, offset: start.nextOffset });
  try {
    await processGroups(org, start, load, csv, signal);
  } finally {
    csv.close();
  }
}

async function processGroups(
  org: Org,
  start: Job,
  load: Load,
  csv: CsvReader,
  signal: AbortSignal,
): Promise<void> {
  const faulty = org.jobFaults.active(start);
  let job = start;
  let batchStartedMs = nowMs();
  while (!signal.aborted) {
    if (faulty && !(await passFaults(org, job, signal))) return;
    const ended = processGroup(org, job, { ...load, csv, limit: groupLimit(org, job, faulty) });
    if (ended === "lost") return;
    job = mustFindJob(org.db, job.id);
    const atEnd = ended === "end" || job.nextRow >= (job.totalRows ?? 0);
    if (atEnd || job.nextRow % BATCH_ROWS === 0) {
      const sql = "UPDATE jobs SET total_ms = total_ms + ? WHERE id = ?";
      org.db.run(sql, Math.max(1, nowMs() - batchStartedMs), job.id);
      batchStartedMs = nowMs();
    }
    if (org.batchDelayMs > 0) await pause(org.batchDelayMs, signal);
    else await yieldNow();
    if (!atEnd) continue;
    // Rules that wait for the last row have their say before the job is complete.
    if (faulty && !(await passFaults(org, job, signal))) return;
    moveJob(org.db, job.id, ["InProgress"], "JobComplete");
    return;
  }
}

/** False when a rule ended the job. A held job waits here, looking for the rule to go away. */
async function passFaults(org: Org, job: Job, signal: AbortSignal): Promise<boolean> {
  if (org.jobFaults.requeue(job)) {
    org.db.run("UPDATE jobs SET retries = retries + 1 WHERE id = ?", job.id);
  }
  for (;;) {
    const interrupt = org.jobFaults.interrupt(job);
    if (interrupt === null) return true;
    if (interrupt.kind === "fail")
      moveJob(org.db, job.id, ["InProgress"], "Failed", interrupt.error);
    if (interrupt.kind === "abort") moveJob(org.db, job.id, ["InProgress"], "Aborted");
    if (interrupt.kind !== "hold" || signal.aborted) return false;
    org.db.run("UPDATE jobs SET heartbeat_ms = ? WHERE id = ?", nowMs(), job.id);
    await pause(HOLD_LOOK_MS, signal);
    if (mustFindJob(org.db, job.id).state !== "InProgress") return false;
  }
}

const HOLD_LOOK_MS = 20;

/** A group ends at 200 rows, and where a rule wants to step in. */
function groupLimit(org: Org, job: Job, faulty: boolean): number {
  const toBoundary = GROUP_ROWS - (job.nextRow % GROUP_ROWS);
  if (!faulty) return toBoundary;
  const stops = org.jobFaults.stopsAt(job).filter((row) => row > job.nextRow);
  return Math.min(toBoundary, ...stops.map((row) => row - job.nextRow));
}

/** What is known of an upload once its header is understood. */
interface Load {
  readonly writer: Writer;
  readonly width: number;
  readonly numbers: NumberSource;
}

/** Gives the header its meaning. One unknown name fails the whole job. */
function bindUpload(org: Org, job: Job): Load {
  const shape = org.shape.find(job.object);
  if (shape === undefined)
    throw new CsvFormatError(`InvalidJob : Unable to find object: ${job.object}`);
  const header = readHeader(org, job);
  const bindings = header.map((name) => {
    const binding = bindColumn(org.shape, shape, name);
    if (binding === undefined)
      throw new CsvFormatError(`InvalidBatch : Field name not found : ${name}`);
    return binding;
  });
  checkColumns(job, bindings, shape);
  const operation = job.operation as Operation;
  const numbers = makeNumberSource(org.db, GROUP_ROWS);
  const context = { db: org.db, org: org.shape, userId: org.userId, numbers };
  const writer = makeWriter(context, shape, { operation, bindings, externalId: job.externalId });
  return { writer, width: header.length, numbers };
}

/**
 * Two choices of ours, for no source tells: a field named twice, and a delete with more than an Id.
 */
function checkColumns(job: Job, bindings: readonly Binding[], shape: ObjectShape): void {
  const fields = bindings.map((binding) => binding.field);
  const twice = fields.find((field, index) => fields.indexOf(field) !== index);
  if (twice) throw new CsvFormatError(`InvalidBatch : Field name is duplicated : ${twice.name}`);
  if (job.operation !== "delete" && job.operation !== "hardDelete") return;
  if (fields.length === 1 && fields[0]?.type === "id") return;
  const message = `InvalidBatch : ${job.operation} of ${shape.name} takes exactly one column, Id`;
  throw new CsvFormatError(message);
}

export function readHeader(org: Org, job: Job): readonly string[] {
  const delimiter = DELIMITERS[job.delimiter] ?? ",";
  const csv = openCsv(uploadPath(org, job.id), { delimiter, offset: 0 });
  try {
    return csv.next(true)?.cells ?? [];
  } finally {
    csv.close();
  }
}
