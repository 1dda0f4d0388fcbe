import { createWriteStream, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { nowMs, randomText } from "../clock.ts";
import { type Job, mustFindJob } from "../ingest/job.ts";
import { uploadPath } from "../ingest/process-job.ts";
import type { Org } from "../org.ts";
import type { Exchange } from "./exchange.ts";
import { ApiError, bulkError, bulkErrors } from "./reply.ts";
import { countUpload } from "./sink.ts";

/** 150 MB after Salesforce has encoded the content in base64 (Bulk API 2.0 guide). */
const UPLOAD_BYTES_MAX = Math.floor((150 * 1024 * 1024 * 3) / 4);

/** Streams the content to disk. It counts as uploaded only when all of it has arrived. */
export async function storeUpload(exchange: Exchange, job: Job): Promise<void> {
  const { org, request } = exchange;
  refuseUpload(exchange, job);
  if (request.headers["content-encoding"] !== undefined) {
    // No source tells what a compressed upload does; refusing it tells the client.
    const message = "Content-Encoding is not supported for job data";
    throw new ApiError(415, bulkErrors("UNSUPPORTED_MEDIA_TYPE", message));
  }
  if (Number(request.headers["content-length"] ?? 0) > UPLOAD_BYTES_MAX) throw tooLarge();
  if (exchange.sink) return countUpload(exchange, job);
  const part = `${uploadPath(org, job.id)}.${randomText(6)}.part`;
  try {
    const file = createWriteStream(part);
    await pipeline(request, limited, file);
    land(exchange, job, part, file.bytesWritten);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Uploads that a killed process left unfinished. Young ones may belong to a process that lives. */
export function removeStaleUploads(filesDir: string): void {
  for (const name of readdirSync(filesDir).filter((file) => file.endsWith(".part"))) {
    const file = path.join(filesDir, name);
    const ageMs = nowMs() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? nowMs());
    if (ageMs > STALE_UPLOAD_MS) rmSync(file, { force: true });
  }
}

const STALE_UPLOAD_MS = 24 * 60 * 60 * 1000;

/**
 * Puts a finished file in place, unless another upload was faster or the job has moved on. A
 * process
 * that dies in here leaves a job without an upload, which can be aborted.
 */
function land({ org, faults }: Exchange, job: Job, part: string, bytes: number): void {
  const again = faults.some(({ action }) => action.kind === "secondPut") ? 1 : 0;
  const sql = `UPDATE jobs SET uploads = uploads + 1, uploaded = ?
    WHERE id = ? AND state = 'Open' AND (uploads = 0 OR ?)`;
  org.db.transaction(() => {
    if (org.db.run(sql, bytes, job.id, again) > 0) renameSync(part, uploadPath(org, job.id));
    else throw refusal(mustFindJob(org.db, job.id)) ?? foundMultiple(job);
  });
}

/** Content that came with the job, in a multipart request. */
export async function storeText(org: Org, job: Job, content: string): Promise<void> {
  await writeFile(uploadPath(org, job.id), content);
  const sql = "UPDATE jobs SET uploaded = ?, uploads = 1 WHERE id = ?";
  org.db.run(sql, Buffer.byteLength(content), job.id);
}

function refuseUpload({ faults }: Exchange, job: Job): void {
  const refused = refusal(job);
  if (refused) throw refused;
  const allowed = faults.some(({ action }) => action.kind === "secondPut");
  if (job.uploaded !== null && !allowed) throw foundMultiple(job);
}

/** The text is a choice of ours, after what Bulk API 1.0 says. */
function refusal(job: Job): ApiError | null {
  if (job.state === "Open") return null;
  const message = `Failed to upload data, since the Job is not Open. Current job state is '${job.state}'`;
  return bulkError("INVALIDJOBSTATE", message);
}

/** With two uploads accepted (a switch), it is closing the job that fails, as it did in 2018. */
export function refuseSecondUpload(org: Org, job: Job): void {
  const row = org.db.get("SELECT uploads FROM jobs WHERE id = ?", job.id);
  if (Number(row?.uploads ?? 0) > 1) throw foundMultiple(job);
}

/** The text is Salesforce's, misspelling included. */
function foundMultiple(job: Job): ApiError {
  const message = `Found multipe contents for job: <${job.id.slice(0, 15)}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`;
  return bulkError("INVALIDJOB", message);
}

async function* limited(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > UPLOAD_BYTES_MAX) throw tooLarge();
    yield chunk;
  }
}

function tooLarge(): ApiError {
  const message = "ClientInputError : Job data exceeds the maximum size of 150 MB (base64)";
  return new ApiError(413, bulkErrors("CLIENTINPUTERROR", message), { Connection: "close" });
}
