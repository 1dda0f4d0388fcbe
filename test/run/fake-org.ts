import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { EngineError } from "../../engine/base/engine-error.ts";
import type { IngestApi, JobInfo, JobRequest, JobState } from "../../engine/salesforce/org.ts";

export interface FakeJob {
  readonly id: string;
  readonly request: JobRequest;
  state: JobState;
  createdDate: string;
  puts: number;
  content: string[][];
  header: string[];
  processed: number;
  failed: number;
  errorMessage: string | null;
  readonly results: { ok: string[][]; failed: string[][]; unprocessed: string[][] };
}

/** A row that failed, or a job that ended before its time. */
export interface FakeFaults {
  /** The sf__Error of a row, by its key and how often that key was tried; null: it is applied. */
  readonly row?: (key: string, attempt: number) => string | null;
  /** How the n-th job that is processed (from 1) ends after so many rows; null: as it should. */
  readonly job?: (
    n: number,
    job: FakeJob,
  ) => { state: "Failed" | "Aborted" | "JobComplete"; after: number; error: string | null } | null;
  /** Changes a result set before it is read. */
  readonly results?: (kind: string, rows: string[][], job: FakeJob) => string[][];
  /** Result sets that are no longer there. */
  readonly resultsGone?: (job: FakeJob) => boolean;
}

/** An org written by hand: jobs as Salesforce runs them, a ledger of every row that was applied. Calls
 *  are made through `api`, with `effect` around each: that is where a test kills or stops. */
export interface FakeOrg {
  readonly jobs: Map<string, FakeJob>;
  readonly ledger: { jobId: string; key: string }[];
  /** By key; how many records an insert made of it. */
  readonly records: Map<string, number>;
  faults: FakeFaults;
  /** Keys that were in the org already, or were taken away: what a query tells. */
  readonly queryable: () => string[];
  api: (effect: Effect) => IngestApi;
}

export type Effect = <T>(name: string, act: () => T | Promise<T>) => Promise<T>;

export function fakeOrg(keyColumn: string, faults: FakeFaults = {}): FakeOrg {
  const jobs = new Map<string, FakeJob>();
  const ledger: FakeOrg["ledger"] = [];
  const records = new Map<string, number>();
  const attempts = new Map<string, number>();
  let processedJobs = 0;
  const org: FakeOrg = { jobs, ledger, records, faults, queryable: () => [...records.keys()], api };

  function process(job: FakeJob): void {
    const fault = org.faults.job?.(++processedJobs, job) ?? null;
    const end = fault?.after ?? job.content.length;
    const keyAt = job.header.indexOf(keyColumn);
    job.content.forEach((row, i) => {
      if (i >= end) {
        job.results.unprocessed.push(row);
        return;
      }
      job.processed++;
      const key = row[keyAt] ?? "";
      const attempt = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, attempt);
      const error = org.faults.row?.(key, attempt) ?? null;
      if (error !== null) {
        job.failed++;
        job.results.failed.push(["", error, ...row]);
        return;
      }
      ledger.push({ jobId: job.id, key });
      records.set(key, (records.get(key) ?? 0) + 1);
      job.results.ok.push([`001${key}`, String(records.get(key) === 1), ...row]);
    });
    job.state = fault?.state ?? "JobComplete";
    job.errorMessage = fault?.error ?? null;
  }

  function api(effect: Effect): IngestApi {
    return {
      openJob: (request) =>
        effect("openJob", () => {
          const job: FakeJob = {
            id: `750${String(jobs.size + 1).padStart(15, "0")}`,
            request,
            state: "Open",
            createdDate: "2026-03-01T10:00:00.000+0000",
            puts: 0,
            content: [],
            header: [],
            processed: 0,
            failed: 0,
            errorMessage: null,
            results: { ok: [], failed: [], unprocessed: [] },
          };
          jobs.set(job.id, job);
          return infoOf(job);
        }),
      uploadRows: (jobId, file) =>
        effect("uploadRows", () => {
          const job = jobs.get(jobId);
          if (job === undefined) throw notFound(jobId);
          if (job.state !== "Open") throw refused(`The job is ${job.state}`);
          if (++job.puts > 1) throw refused("Found multipe contents for job");
          const [header = [], ...rows] = parse(readFileSync(file, "utf8")) as string[][];
          job.header = header;
          job.content = rows;
        }),
      closeJob: (jobId) =>
        effect("closeJob", () => {
          const job = jobs.get(jobId);
          if (job === undefined) throw notFound(jobId);
          if (job.state !== "Open") throw refused(`Closing already ${job.state} Job not allowed`);
          job.state = "UploadComplete";
        }),
      abortJob: (jobId) =>
        effect("abortJob", () => {
          const job = jobs.get(jobId);
          if (job === undefined) throw notFound(jobId);
          if (job.state === "JobComplete") throw refused("Aborting already Completed Job");
          job.state = "Aborted";
        }),
      readJob: (jobId) =>
        effect("readJob", () => {
          const job = jobs.get(jobId);
          if (job === undefined) return null;
          if (job.state === "UploadComplete") process(job);
          return infoOf(job);
        }),
      listJobs: () => effect("listJobs", () => [...jobs.values()].map(infoOf)),
      readResults: (jobId, kind, file) =>
        effect("readResults", () => {
          const job = jobs.get(jobId);
          if (job === undefined || org.faults.resultsGone?.(job)) throw notFound(jobId);
          const { ok, failed, unprocessed } = job.results;
          const own = {
            successfulResults: ok,
            failedResults: failed,
            unprocessedrecords: unprocessed,
          };
          const extra = {
            successfulResults: ["sf__Id", "sf__Created"],
            failedResults: ["sf__Id", "sf__Error"],
            unprocessedrecords: [],
          };
          const rows = org.faults.results?.(kind, own[kind], job) ?? own[kind];
          const lines = [[...extra[kind], ...job.header], ...rows].map(
            (row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\n`,
          );
          writeFileSync(file, lines.join(""));
        }),
      deleteJob: (jobId) => effect("deleteJob", () => void jobs.delete(jobId)),
    };
  }
  return org;
}

function infoOf(job: FakeJob): JobInfo {
  const counted = job.puts > 0;
  return {
    id: job.id,
    object: job.request.object,
    operation: job.request.operation,
    createdById: "005000000000001AAA",
    createdDate: job.createdDate,
    state: job.state,
    numberRecordsProcessed: counted ? job.processed : null,
    numberRecordsFailed: counted ? job.failed : null,
    retries: 0,
    errorMessage: job.errorMessage,
  };
}

export function notFound(jobId: string): EngineError {
  return new EngineError("SF_NOT_FOUND", `There is no job ${jobId}`);
}

export function refused(message: string): EngineError {
  return new EngineError("SF_REFUSED", message);
}

export function noAnswer(): EngineError {
  return new EngineError("SF_NO_ANSWER", "The connection broke.");
}
