import { rmSync } from "node:fs";
import { openCsv } from "../ingest/csv-reader.ts";
import {
  createJob,
  DELIMITERS,
  findJob,
  type Job,
  jobBody,
  jobJson,
  moveJob,
  mustFindJob,
  readJob,
} from "../ingest/job.ts";
import { compileBulkQuery, queryResultPath } from "../query/process-query-job.ts";
import { readFilePart } from "../query/read-file-part.ts";
import { SoqlError } from "../soql/tokens.ts";
import { type Exchange, isMap, readJson } from "./exchange.ts";
import {
  ApiError,
  bulkError,
  bulkErrors,
  csv,
  empty,
  json,
  notFound,
  type Reply,
} from "./reply.ts";

/** Rows a page when the client does not say. */
const PAGE_ROWS = 50_000;

/** `POST /jobs/query`: the job is UploadComplete at once, there is nothing to upload. */
export async function createQueryJob(exchange: Exchange): Promise<Reply> {
  const { org, version } = exchange;
  const asked = await readJson(exchange, "bulk");
  const text = (key: string, usual: string): string =>
    isMap(asked) && asked[key] !== undefined ? String(asked[key]) : usual;
  const operation = text("operation", "");
  if (operation !== "query" && operation !== "queryAll") {
    throw bulkError(
      "API_ERROR",
      `Invalid value: '${operation}' supplied for property: 'operation'`,
    );
  }
  const delimiter = text("columnDelimiter", "COMMA");
  const lineEnding = text("lineEnding", "LF");
  if (!(delimiter in DELIMITERS) || (lineEnding !== "LF" && lineEnding !== "CRLF")) {
    throw bulkError(
      "API_ERROR",
      "Invalid value supplied for property: 'columnDelimiter' or 'lineEnding'",
    );
  }
  const soql = text("query", "");
  try {
    const { shape } = compileBulkQuery(org, soql, operation === "queryAll");
    const job = createJob(org.db, {
      kind: "query",
      operation,
      object: shape.name,
      externalId: null,
      assignmentRule: null,
      apiVersion: version,
      lineEnding,
      delimiter,
      query: soql,
      state: "UploadComplete",
    });
    exchange.wakeWorker();
    return json(200, jobJson(job, "created", org.userId));
  } catch (error) {
    if (error instanceof SoqlError) throw bulkError("API_ERROR", error.message);
    throw error;
  }
}

export function readQueryJob(exchange: Exchange): Reply {
  return json(200, jobJson(mustFind(exchange), "full", exchange.org.userId));
}

/** `PATCH`: only Aborted, and only before the end. */
export async function abortQueryJob(exchange: Exchange): Promise<Reply> {
  const { org } = exchange;
  const job = mustFind(exchange);
  const body = await readJson(exchange, "bulk");
  if (!isMap(body) || body.state !== "Aborted") {
    throw bulkError("API_ERROR", "Invalid value supplied for property: 'state'");
  }
  if (!moveJob(org.db, job.id, ["UploadComplete", "InProgress"], "Aborted")) {
    const state = job.state === "JobComplete" ? "Completed" : job.state;
    throw bulkError("INVALIDJOBSTATE", `Aborting already ${state} Job not allowed`);
  }
  return json(200, jobJson(mustFindJob(org.db, job.id), "short", org.userId));
}

export function deleteQueryJob(exchange: Exchange): Reply {
  const { org } = exchange;
  const job = mustFind(exchange);
  const sql = "DELETE FROM jobs WHERE id = ? AND state NOT IN ('UploadComplete', 'InProgress')";
  if (org.db.run(sql, job.id) === 0) {
    throw bulkError(
      "INVALIDJOBSTATE",
      `Deleting ${job.state} Job not allowed. Abort the job first`,
    );
  }
  rmSync(queryResultPath(org, job.id), { force: true });
  return empty(204);
}

export function listQueryJobs({ org }: Exchange): Reply {
  const rows = org.db.all("SELECT * FROM jobs WHERE kind = 'query' ORDER BY id DESC LIMIT 1000");
  const records = rows.map((row) => jobBody(readJob(row), "listed", org.userId));
  const text = JSON.stringify({ done: true, records, nextRecordsUrl: null });
  return json(200, text.replaceAll(/"apiVersion":"(\d+\.\d)"/g, '"apiVersion":$1'));
}

/**
 * `GET /jobs/query/<id>/results?maxRecords=N&locator=L`. Every page repeats the header. The locator
 * is
 * a place in the result file, so any page can be read again, with any size.
 */
export function readQueryResults(exchange: Exchange): Reply {
  const { org, query, version } = exchange;
  const job = mustFind(exchange);
  if (job.apiVersion !== version) {
    const message = `The job was created with API version ${job.apiVersion}`;
    throw new ApiError(409, bulkErrors("API_ERROR", message));
  }
  if (job.state !== "JobComplete") {
    throw bulkError(
      "INVALIDJOBSTATE",
      `The job is not complete. Current job state is '${job.state}'`,
    );
  }
  const size = Number(query.get("maxRecords") ?? PAGE_ROWS);
  if (!Number.isInteger(size) || size < 1) {
    throw bulkError("API_ERROR", "Invalid value supplied for parameter: 'maxRecords'");
  }
  const file = queryResultPath(org, job.id);
  const delimiter = DELIMITERS[job.delimiter] ?? ",";
  const page = findPage(file, delimiter, readLocator(query.get("locator")), size);
  const reply = csv(readFilePart(file, [page.header, page.rows]));
  return {
    ...reply,
    headers: {
      ...reply.headers,
      "Sforce-Locator":
        page.next === null ? "null" : Buffer.from(String(page.next)).toString("base64url"),
      "Sforce-NumberOfRecords": String(page.count),
    },
  };
}

function readLocator(locator: string | null): number {
  if (locator === null || locator === "null") return 0;
  const offset = Number(Buffer.from(locator, "base64url").toString("utf8"));
  if (Number.isSafeInteger(offset) && offset > 0) return offset;
  throw bulkError("API_ERROR", "Invalid value supplied for parameter: 'locator'");
}

interface FoundPage {
  readonly header: readonly [start: number, end: number];
  readonly rows: readonly [start: number, end: number];
  readonly count: number;
  readonly next: number | null;
}

function findPage(file: string, delimiter: string, from: number, size: number): FoundPage {
  const first = openCsv(file, { delimiter, offset: 0 });
  const headerEnd = first.next(false)?.end ?? 0;
  first.close();
  const start = Math.max(from, headerEnd);
  const reader = openCsv(file, { delimiter, offset: start });
  try {
    let end = start;
    let count = 0;
    for (; count < size; count += 1) {
      const record = reader.next(false);
      if (record === null) break;
      end = record.end;
    }
    const next = reader.next(false) === null ? null : end;
    return { header: [0, headerEnd], rows: [start, end], count, next };
  } finally {
    reader.close();
  }
}

function mustFind({ org, params }: Exchange): Job {
  const job = findJob(org.db, "query", params.id ?? "");
  if (job === null) throw notFound();
  return job;
}
