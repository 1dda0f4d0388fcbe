import type { Clock } from "../base/clock.ts";
import { EngineError } from "../base/engine-error.ts";
import { readJson, unexpectedAnswer } from "./answer-body.ts";
import { toJobInfo } from "./job-info.ts";
import type { JobInfo } from "./org.ts";
import type { RestClient } from "./rest-client.ts";
import { ResultFile } from "./result-file.ts";

const POLL_FIRST_MS = 1_000;
const POLL_MAX_MS = 30_000;
/** Salesforce ends a query job after two hours of work at the latest; queueing comes on top. */
const POLLS_MAX = 600;
/** Result pages; 1 TB of results a day is the org's limit, and a page holds some 100 MB. */
const PAGES_MAX = 20_000;

/** Runs a SOQL query as a Bulk API 2.0 query job and writes its result as one CSV with one header. The
 *  file appears when it is complete.
 *  @throws EngineError SF_REFUSED when the org refuses or fails the query; AUTH_*, SF_*. */
export async function bulkQueryToFile(
  rest: RestClient,
  apiVersion: string,
  query: { readonly soql: string; readonly file: string },
  { clock, signal }: { clock: Clock; signal?: AbortSignal | undefined },
): Promise<void> {
  const jobs = `/services/data/v${apiVersion}/jobs/query`;
  const purpose = "open a query job";
  const job = await rest.send(
    {
      method: "POST",
      path: jobs,
      purpose,
      json: { operation: "query", query: query.soql },
      accept: [200, 201],
      signal,
    },
    async ({ body }) => readQueryJob(await readJson(body, purpose, rest.redactor), purpose, rest),
  );
  const path = `${jobs}/${encodeURIComponent(job.id)}`;
  await awaitJob(rest, path, job, { clock, signal });
  await readPages(rest, `${path}/results`, job, query.file, signal);
}

async function awaitJob(
  rest: RestClient,
  path: string,
  job: JobInfo,
  { clock, signal }: { clock: Clock; signal?: AbortSignal | undefined },
): Promise<void> {
  const purpose = `read query job ${job.id}`;
  for (let polls = 0; polls < POLLS_MAX; polls++) {
    await clock.sleep(Math.min(POLL_FIRST_MS * 1.5 ** polls, POLL_MAX_MS), signal);
    const { state, errorMessage } = await rest.send(
      { method: "GET", path, purpose, signal },
      async ({ body }) => readQueryJob(await readJson(body, purpose, rest.redactor), purpose, rest),
    );
    if (state === "JobComplete") return;
    if (state === "Failed" || state === "Aborted") {
      const said = errorMessage === null ? "" : `: ${rest.redactor.clean(errorMessage)}`;
      throw new EngineError("SF_REFUSED", `Query job ${job.id} ended as ${state}${said}`);
    }
  }
  throw new EngineError("SF_UNAVAILABLE", `Query job ${job.id} is still not done.`, {
    hint: "Look at Bulk Data Load Jobs in the org's Setup, and try again later.",
  });
}

/** Every page repeats the header; the last one's locator is the text "null". */
async function readPages(
  rest: RestClient,
  path: string,
  job: JobInfo,
  file: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const purpose = `read the results of query job ${job.id}`;
  const result = await ResultFile.create(file);
  try {
    let locator: string | null = null;
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const search: string = locator === null ? "" : `?${new URLSearchParams({ locator })}`;
      const first = pages === 0;
      locator = await rest.send(
        {
          method: "GET",
          path: path + search,
          purpose,
          headers: { accept: "text/csv" },
          accept: [200, 204],
          signal,
        },
        async ({ body, header }) => {
          await result.append(body, !first);
          return header("sforce-locator");
        },
      );
      if (locator === null || locator === "null" || locator === "") return await result.finish();
    }
    throw new EngineError("SF_ANSWER", `"${purpose}" has more than ${PAGES_MAX} pages.`);
  } catch (thrown) {
    await result.abandon();
    throw thrown;
  }
}

function readQueryJob(answer: unknown, purpose: string, rest: RestClient): JobInfo {
  const job = toJobInfo(answer);
  if (job === null) throw unexpectedAnswer(purpose, JSON.stringify(answer), rest.redactor);
  return job;
}
