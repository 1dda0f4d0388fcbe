import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { nowMs, pause } from "../clock.ts";
import { DELIMITERS, type Job, moveJob, mustFindJob } from "../ingest/job.ts";
import type { Org } from "../org.ts";
import { type Compiled, compileQuery } from "../soql/compile.ts";
import { parseSoql } from "../soql/parse.ts";
import { csvValue, readNextRows } from "../soql/run.ts";
import { SoqlError } from "../soql/tokens.ts";
import { type SqlRow, textOf } from "../store/database.ts";

/** Rows written between two looks at the event loop. */
const PAGE_ROWS = 2_000;

export function queryResultPath(org: Org, jobId: string): string {
  return path.join(org.filesDir, `${jobId}.result.csv`);
}

/** What a Bulk query may not do (Bulk API 2.0 guide, "SOQL Considerations"). */
export function compileBulkQuery(org: Org, soql: string, everyRow: boolean): Compiled {
  const compiled = compileQuery(org.shape, parseSoql(soql), everyRow);
  const compound = compiled.columns.find(({ field }) => field?.type === "address");
  if (compound) {
    const message = `Selecting compound data not supported in Bulk Query: ${compound.path.join(".")}`;
    throw new SoqlError("FEATURENOTENABLED", message);
  }
  if (compiled.aggregate || compiled.countOnly || compiled.offset > 0) {
    const message = "Aggregate Relationships and OFFSET not supported in Bulk Query";
    throw new SoqlError("FEATURENOTENABLED", message);
  }
  return compiled;
}

/**
 * Runs a query job: all rows into one file, so that pages stay the same while records change. A job
 * that was cut off starts its file again.
 */
export async function processQueryJob(org: Org, jobId: string, signal: AbortSignal): Promise<void> {
  moveJob(org.db, jobId, ["UploadComplete"], "InProgress");
  const job = mustFindJob(org.db, jobId);
  if (job.state !== "InProgress") return;
  await pause(org.batchDelayMs, signal);
  const startedMs = nowMs();
  const part = `${queryResultPath(org, jobId)}.${org.processName.replace(":", "-")}.part`;
  try {
    const rows = await writeRows(org, job, part, signal);
    if (rows === null) return;
    org.db.transaction(() => {
      renameSync(part, queryResultPath(org, jobId));
      org.db.run(
        "UPDATE jobs SET processed = ?, total_ms = ? WHERE id = ?",
        rows,
        Math.max(1, nowMs() - startedMs),
        jobId,
      );
      moveJob(org.db, jobId, ["InProgress"], "JobComplete");
    });
  } catch (error) {
    if (!(error instanceof SoqlError)) throw error;
    moveJob(org.db, jobId, ["InProgress"], "Failed", `InvalidBatch : ${error.message}`);
  } finally {
    if (existsSync(part)) rmSync(part);
  }
}

async function writeRows(
  org: Org,
  job: Job,
  file: string,
  signal: AbortSignal,
): Promise<number | null> {
  const query = compileBulkQuery(org, job.query ?? "", job.operation === "queryAll");
  const delimiter = DELIMITERS[job.delimiter] ?? ",";
  const lineEnd = job.lineEnding === "CRLF" ? "\r\n" : "\n";
  const header = query.columns.map((column) => quote(column.path.join("."))).join(delimiter);
  const handle = openSync(file, "w");
  try {
    writeSync(handle, header + lineEnd);
    let last = { count: 0, id: "" };
    for (;;) {
      const rows = readNextRows(org.db, query, last, PAGE_ROWS);
      writeSync(handle, rows.map((row) => csvLine(query, row, delimiter) + lineEnd).join(""));
      last = { count: last.count + rows.length, id: textOf(rows.at(-1) ?? {}, "/id") };
      if (rows.length < PAGE_ROWS) return last.count;
      org.db.run("UPDATE jobs SET processed = ? WHERE id = ?", last.count, job.id);
      await pause(0, signal);
      if (signal.aborted || mustFindJob(org.db, job.id).state !== "InProgress") return null;
    }
  } finally {
    closeSync(handle);
  }
}

function csvLine(query: Compiled, row: SqlRow, delimiter: string): string {
  return query.columns
    .map(({ field, parts }) => quote(csvValue(field, row[parts[0]?.name ?? ""] ?? null)))
    .join(delimiter);
}

function quote(text: string): string {
  return `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`;
}
