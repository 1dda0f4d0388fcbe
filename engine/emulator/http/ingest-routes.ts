import { rmSync } from "node:fs";
import {
  createJob,
  DELIMITERS,
  findJob,
  type Job,
  type JobState,
  jobBody,
  jobJson,
  moveJob,
  mustFindJob,
  readJob,
} from "../ingest/job.ts";
import { uploadPath } from "../ingest/process-job.ts";
import { type ResultKind, resultSet } from "../ingest/result-sets.ts";
import { fieldOf, isUpsertKey, type ObjectShape } from "../shape/object-shape.ts";
import { type Exchange, isMap, readJson } from "./exchange.ts";
import { readMultipartJob } from "./multipart.ts";
import { bulkError, csv, empty, json, notFound, type Reply } from "./reply.ts";
import { closeSink } from "./sink.ts";
import { refuseSecondUpload, storeText, storeUpload } from "./upload.ts";

const OPERATIONS = ["insert", "update", "upsert", "delete", "hardDelete"] as const;
/** Objects that describe shows but Bulk API does not load. */
const NOT_LOADABLE = new Set(["Organization", "RecordType"]);

/** `POST /jobs/ingest`: 200, not 201. With a multipart body the job comes with its content. */
export async function createIngestJob(exchange: Exchange): Promise<Reply> {
  const { org } = exchange;
  const type = String(exchange.request.headers["content-type"] ?? "");
  if (/^multipart\//i.test(type)) {
    const { job, content } = await readMultipartJob(exchange);
    const made = makeJob(exchange, job);
    await storeText(org, made, content);
    moveJob(org.db, made.id, ["Open"], "UploadComplete");
    exchange.wakeWorker();
    const closed = { ...mustFindJob(org.db, made.id), state: "UploadComplete" as const };
    return json(200, jobJson(closed, "createdWithContent", org.userId));
  }
  const job = makeJob(exchange, await readJson(exchange, "bulk"));
  return json(200, jobJson(job, "created", org.userId));
}

function makeJob({ org, version }: Exchange, asked: unknown): Job {
  if (!isMap(asked)) throw bulkError("INVALIDJOB", "InvalidJob : Job information is missing");
  const text = (key: string, usual: string): string => {
    const value = asked[key] ?? usual;
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  const operation = oneOf("operation", text("operation", ""), OPERATIONS);
  oneOf("contentType", text("contentType", "CSV"), ["CSV"]);
  const lineEnding = oneOf("lineEnding", text("lineEnding", "LF"), ["LF", "CRLF"] as const);
  const delimiter = oneOf(
    "columnDelimiter",
    text("columnDelimiter", "COMMA"),
    Object.keys(DELIMITERS),
  );
  const name = text("object", "");
  const shape = org.shape.find(name);
  if (shape === undefined) {
    throw bulkError("INVALIDJOB", `InvalidJob : Unable to find object: ${name}`);
  }
  if (NOT_LOADABLE.has(shape.name)) {
    throw bulkError("INVALIDENTITY", `Entity '${shape.name}' is not supported by the Bulk API.`);
  }
  return createJob(org.db, {
    kind: "ingest",
    operation,
    object: shape.name,
    externalId: operation === "upsert" ? upsertKey(shape, asked.externalIdFieldName) : null,
    assignmentRule: asked.assignmentRuleId ? text("assignmentRuleId", "") : null,
    apiVersion: version,
    lineEnding,
    delimiter,
    query: null,
    state: "Open",
  });
}

function oneOf<T extends string>(property: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((known) => known === value);
  if (found !== undefined) return found;
  throw bulkError("API_ERROR", `Invalid value: '${value}' supplied for property: '${property}'`);
}

function upsertKey(shape: ObjectShape, asked: unknown): string {
  if (asked === undefined || asked === null) {
    const message = `InvalidJob : External ID was blank for ${shape.name}. An External ID must be specified for upsert.`;
    throw bulkError("INVALIDJOB", message);
  }
  const name = String(asked);
  const field = fieldOf(shape, name);
  if (field !== undefined && isUpsertKey(field)) return field.name;
  const message =
    name === ""
      ? `InvalidJob : Field name provided,  does not match an External ID for ${shape.name}`
      : `InvalidJob : Field name provided, ${name.toLowerCase()} does not match an External ID, Salesforce Id, or indexed field for ${shape.name}`;
  throw bulkError("INVALIDJOB", message);
}

/** `PUT /jobs/ingest/<id>/batches`: 201 with an empty body, whatever the content is. Once a job. */
export async function uploadContent(exchange: Exchange): Promise<Reply> {
  const job = mustFind(exchange);
  await storeUpload(exchange, job);
  return empty(201);
}

/** `PATCH /jobs/ingest/<id>`: UploadComplete starts the job, Aborted ends it. */
export async function changeState(exchange: Exchange): Promise<Reply> {
  const { org } = exchange;
  const job = mustFind(exchange);
  const body = await readJson(exchange, "bulk");
  const asked = isMap(body) ? body.state : undefined;
  if (asked === "UploadComplete") return close(exchange, job);
  if (asked !== "Aborted") {
    throw bulkError("API_ERROR", `Invalid value: '${asked ?? ""}' supplied for property: 'state'`);
  }
  const from: readonly JobState[] = ["Open", "UploadComplete", "InProgress"];
  if (!moveJob(org.db, job.id, from, "Aborted")) throw stateError("Aborting", mustFind(exchange));
  return json(200, jobJson(mustFindJob(org.db, job.id), "short", org.userId));
}

function close(exchange: Exchange, job: Job): Reply {
  const { org } = exchange;
  refuseSecondUpload(org, job);
  if (exchange.sink) closeSink(org, job);
  else if (!moveJob(org.db, job.id, ["Open"], "UploadComplete")) {
    throw stateError("Closing", mustFind(exchange));
  }
  exchange.wakeWorker();
  // The worker may have begun already; the answer still tells the state that was asked for.
  const closed = { ...mustFindJob(org.db, job.id), state: "UploadComplete" as const };
  return json(200, jobJson(closed, "short", org.userId));
}

function stateError(verb: "Closing" | "Aborting", job: Job) {
  const states: Readonly<Record<JobState, string>> = {
    Open: "open",
    UploadComplete: "closed",
    InProgress: "closed",
    JobComplete: "Completed",
    Failed: "Failed",
    Aborted: "aborted",
  };
  return bulkError("INVALIDJOBSTATE", `${verb} already ${states[job.state]} Job not allowed`);
}

export function readIngestJob(exchange: Exchange): Reply {
  return json(200, jobJson(mustFind(exchange), "full", exchange.org.userId));
}

/** `DELETE`: not while the job is open or in progress. A queued job silently drops its work. */
export function deleteIngestJob(exchange: Exchange): Reply {
  const { org } = exchange;
  const job = mustFind(exchange);
  const sql = "DELETE FROM jobs WHERE id = ? AND state NOT IN ('Open', 'InProgress')";
  if (org.db.run(sql, job.id) === 0) {
    const message = `Deleting ${job.state} Job not allowed. Abort the job first`;
    throw bulkError("INVALIDJOBSTATE", message);
  }
  rmSync(uploadPath(org, job.id), { force: true });
  return empty(204);
}

const LIST_PAGE = 1000;

/** `GET /jobs/ingest`: newest first, 1,000 a page. */
export function listIngestJobs(exchange: Exchange): Reply {
  const { org, query, version } = exchange;
  const type = query.get("jobType") ?? "V2Ingest";
  const before = query.get("queryLocator") ?? "~";
  const rows =
    type === "V2Ingest"
      ? org.db.all(
          "SELECT * FROM jobs WHERE kind = 'ingest' AND id < ? ORDER BY id DESC LIMIT ?",
          before,
          LIST_PAGE + 1,
        )
      : [];
  const jobs = rows.slice(0, LIST_PAGE).map(readJob);
  const done = rows.length <= LIST_PAGE;
  const next = `/services/data/v${version}/jobs/ingest?queryLocator=${jobs.at(-1)?.id}`;
  const text = JSON.stringify({
    done,
    records: jobs.map((job) => jobBody(job, "listed", org.userId)),
    nextRecordsUrl: done ? null : next,
  });
  return json(200, text.replaceAll(/"apiVersion":"(\d+\.\d)"/g, '"apiVersion":$1'));
}

const RESULTS: readonly ResultKind[] = ["successfulResults", "failedResults", "unprocessedrecords"];

/**
 * The three result sets. Before the end of a job they hold what is finished so far: a choice of
 * ours.
 */
export function readResults(exchange: Exchange): Reply {
  const { org, params, faults } = exchange;
  const asked = params.result?.toLowerCase();
  const kind = RESULTS.find((known) => known.toLowerCase() === asked);
  if (kind === undefined) throw notFound();
  const job = mustFind(exchange);
  let short = 0;
  for (const { action } of faults) if (action.kind === "short") short = action.rows;
  const has = (name: string): boolean => faults.some(({ action }) => action.kind === name);
  if (has("empty204") && resultCount(job, kind) === 0) return empty(204);
  return csv(
    resultSet(org, job, kind, {
      short,
      shuffle: has("shuffle"),
      blankHeaderCase: has("blankHeaderCase"),
    }),
  );
}

function resultCount(job: Job, kind: ResultKind): number {
  if (kind === "failedResults") return job.failed;
  if (kind === "successfulResults") return job.processed - job.failed;
  return (job.totalRows ?? job.processed) - job.processed;
}

function mustFind({ org, params }: Exchange): Job {
  const job = findJob(org.db, "ingest", params.id ?? "");
  if (job === null) throw notFound();
  return job;
}
