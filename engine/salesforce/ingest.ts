import { stat } from "node:fs/promises";
import { EngineError } from "../base/engine-error.ts";
import { readJson, readText, unexpectedAnswer } from "./answer-body.ts";
import { filePieces } from "./file-pieces.ts";
import { toJobInfo } from "./job-info.ts";
import { readRecords } from "./json-pages.ts";
import type { IngestApi, JobInfo, JobRequest, ResultKind } from "./org.ts";
import type { RestClient } from "./rest-client.ts";
import { onDisk, ResultFile } from "./result-file.ts";

/** 1,000 jobs a page; an org can't make more than 15,000 a day that hold rows. */
const JOB_PAGES_MAX = 200;

/** Bulk API 2.0 ingest over a RestClient. */
export function createIngest(
  rest: RestClient,
  apiVersion: string,
  timeouts: { readonly uploadHeadersMs: number },
): IngestApi {
  const jobs = `/services/data/v${apiVersion}/jobs/ingest`;
  const jobPath = (jobId: string) => `${jobs}/${encodeURIComponent(jobId)}`;

  const setState = async (jobId: string, state: string, purpose: string, signal?: AbortSignal) => {
    const request = {
      method: "PATCH",
      path: jobPath(jobId),
      purpose,
      json: { state },
      signal,
    } as const;
    // The short answer has no counters: nothing in it is worth reading.
    await rest.send(request, async ({ body }) => void (await readText(body, ANSWER_BYTES_MAX)));
  };

  return {
    openJob: (request, signal) => openJob(rest, jobs, request, signal),

    uploadRows: (jobId, file, signal) =>
      uploadRows(rest, `${jobPath(jobId)}/batches`, jobId, file, timeouts.uploadHeadersMs, signal),

    closeJob: (jobId, signal) => setState(jobId, "UploadComplete", `close job ${jobId}`, signal),

    abortJob: (jobId, signal) => setState(jobId, "Aborted", `abort job ${jobId}`, signal),

    async readJob(jobId, signal) {
      const purpose = `read job ${jobId}`;
      const request = {
        method: "GET",
        path: jobPath(jobId),
        purpose,
        accept: [200, 404],
        signal,
      } as const;
      return rest.send(request, async ({ status, body }) => {
        const answer = await readJson(body, purpose, rest.redactor);
        if (status === 404) return goneOrStranger(answer, purpose, rest);
        const job = toJobInfo(answer);
        if (job === null) throw unexpectedAnswer(purpose, JSON.stringify(answer), rest.redactor);
        return job;
      });
    },

    listJobs: (signal) => listJobs(rest, jobs, signal),

    async readResults(jobId, kind, file, signal) {
      const result = await ResultFile.create(file);
      try {
        const request = {
          method: "GET",
          path: `${jobPath(jobId)}/${kind}`,
          purpose: `read ${RESULT_WORDS[kind]} of job ${jobId}`,
          headers: { accept: "text/csv" },
          accept: [200, 204],
          signal,
        } as const;
        await rest.send(request, ({ body }) => result.append(body));
      } catch (thrown) {
        await result.abandon();
        throw thrown;
      }
      await result.finish();
    },

    async deleteJob(jobId, signal) {
      // Gone is what was wanted: an earlier DELETE may have worked without an answer.
      const request = {
        method: "DELETE",
        path: jobPath(jobId),
        purpose: `delete job ${jobId}`,
        accept: [200, 204, 404],
        signal,
      } as const;
      await rest.send(request, async ({ body }) => void (await readText(body, ANSWER_BYTES_MAX)));
    },
  };
}

const ANSWER_BYTES_MAX = 64 * 1024;

const RESULT_WORDS: Record<ResultKind, string> = {
  successfulResults: "the successful records",
  failedResults: "the failed records",
  unprocessedrecords: "the unprocessed records",
};

async function openJob(
  rest: RestClient,
  path: string,
  job: JobRequest,
  signal: AbortSignal | undefined,
): Promise<JobInfo> {
  const purpose = `open a job to ${job.operation} ${job.object}`;
  const json = {
    object: job.object,
    operation: job.operation,
    ...(job.externalIdFieldName === null ? {} : { externalIdFieldName: job.externalIdFieldName }),
    ...(job.assignmentRuleId === null ? {} : { assignmentRuleId: job.assignmentRuleId }),
    contentType: "CSV",
    columnDelimiter: "COMMA",
    lineEnding: "LF",
  };
  // Salesforce answers 200, not 201, to this create.
  const request = { method: "POST", path, purpose, json, accept: [200, 201], signal } as const;
  return rest.send(request, async ({ body }) => {
    const answer = await readJson(body, purpose, rest.redactor);
    const opened = toJobInfo(answer);
    if (opened?.state === "Open") return opened;
    throw new EngineError("SF_ANSWER", `The answer to "${purpose}" holds no open job.`, {
      hint: "Something between here and the org may turn a POST into a GET, as redirecting proxies do. Check instanceUrl: the org's My Domain URL, with https.",
    });
  });
}

async function uploadRows(
  rest: RestClient,
  path: string,
  jobId: string,
  file: string,
  headersMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { size } = await onDisk(file, () => stat(file));
  const request = {
    method: "PUT",
    path,
    purpose: `upload the rows of job ${jobId}`,
    headers: { "content-type": "text/csv; charset=UTF-8", "content-length": String(size) },
    stream: filePieces(file),
    accept: [201],
    headersMs,
    signal,
  } as const;
  await rest.send(request, async ({ body }) => void (await readText(body, ANSWER_BYTES_MAX)));
}

async function listJobs(
  rest: RestClient,
  path: string,
  signal: AbortSignal | undefined,
): Promise<JobInfo[]> {
  const records = await readRecords(rest, {
    path: `${path}?jobType=V2Ingest`,
    purpose: "list the ingest jobs",
    pagesMax: JOB_PAGES_MAX,
    signal,
  });
  return records.map(toJobInfo).filter((job) => job !== null);
}

/** A 404 means "gone" only when Salesforce says so; a stranger's 404 page must not look like one. */
function goneOrStranger(answer: unknown, purpose: string, rest: RestClient): null {
  const code = Array.isArray(answer) ? (answer[0] as { errorCode?: unknown })?.errorCode : null;
  if (typeof code === "string") return null;
  throw unexpectedAnswer(purpose, JSON.stringify(answer), rest.redactor);
}
