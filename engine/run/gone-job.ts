import { rmSync } from "node:fs";
import { EngineError } from "../base/engine-error.ts";
import type { ChunkRow } from "../state/state-store.ts";
import { jobOf, save } from "./advance-chunk.ts";
import type { Outcome } from "./join-results.ts";
import { openJoinTable } from "./join-table.ts";
import type { Miss } from "./misses-file.ts";
import { isPassing } from "./open-job.ts";
import { eachAnswered } from "./result-rows.ts";
import { noteWarning, type RunDeps } from "./run-deps.ts";
import { saveOutcome } from "./settle-chunk.ts";

/** The org no longer knows a job that was closed, or no longer has its results. Salesforce keeps both
 *  for 7 days, so a younger job that is missing means another org or somebody who deletes jobs: it
 *  throws RUN_JOB_GONE and nothing is decided. (That the org is the run's own was checked before.)
 *
 *  - upsert, update, delete: sent again; a repeat does no harm, and the report says so.
 *  - insert: the org is asked for the keys: found = created, not found = sent again in a round.
 *  - if it can't be asked, the rows are `unknown`, and stay in doubt until a person decides. */
export async function decideGoneJob(chunk: ChunkRow, deps: RunDeps): Promise<ChunkRow> {
  const jobId = jobOf(chunk);
  if (!isOlderThanKept(chunk, deps.orgNow())) throw tooYoung(chunk, deps);
  if (deps.plan.job.operation !== "insert") {
    const problem = `Job ${jobId} was gone after 7 days; its ${chunk.rows} rows were sent again.`;
    await noteWarning(problem, deps);
    return save(chunk, deps, { phase: "planned", jobId: null, job: null, attempts: 0, problem });
  }
  const found = await askForKeys(chunk, deps);
  const misses: Miss[] = [];
  for (let row = 0; row < chunk.rows; row++) {
    if (found?.has(row)) continue;
    misses.push(found === null ? unknownRow(row, jobId) : absentRow(row, jobId));
  }
  const succeeded = chunk.rows - misses.length;
  await noteWarning(insertWarning(jobId, found === null, succeeded, misses.length), deps);
  const outcome: Outcome = { succeeded, created: succeeded, updated: 0, deleted: 0, misses };
  return saveOutcome(chunk, outcome, deps);
}

/** Job state and results are kept for 7 days after the job was made. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

function isOlderThanKept(chunk: ChunkRow, now: number): boolean {
  // Salesforce writes 2024-09-09T19:25:27.000+0000, which is not quite ISO 8601.
  const text = chunk.job?.createdDate.replace(/([+-]\d\d)(\d\d)$/, "$1:$2") ?? "";
  const created = Date.parse(text);
  return !Number.isNaN(created) && now - created > KEPT_MS;
}

function tooYoung(chunk: ChunkRow, { plan }: RunDeps): EngineError {
  const { orgId, name } = plan.plan.org;
  const since = chunk.job?.createdDate ?? "a time unknown";
  return new EngineError(
    "RUN_JOB_GONE",
    `Org "${name}" (${orgId}) does not know job ${chunk.jobId} of chunk ${chunk.index}, opened there on ${since}.`,
    {
      hint: "Salesforce keeps jobs for 7 days, so somebody deleted it, or this is a copy of the org. Nothing is decided yet. Look at Bulk Data Load Jobs in Setup; after the 7 days this decides it:\n    sluice resume",
    },
  );
}

/** The rows whose key the org has; null when it can't be asked. Throws what passes: then it is asked
 *  again by the next resume. */
async function askForKeys(chunk: ChunkRow, deps: RunDeps): Promise<Set<number> | null> {
  const { join, job } = deps.plan;
  if (join === null) return absentIfWanted(deps);
  const { column } = join;
  const file = deps.folder.resultSet(chunk.index, "keys");
  try {
    const soql = `SELECT ${column} FROM ${job.object} WHERE ${column} != null`;
    await deps.queryToFile(soql, file, deps.signal);
  } catch (error) {
    if (deps.signal.aborted || !isLastingRefusal(error)) throw error;
    return absentIfWanted(deps);
  }
  const rowOf = await openJoinTable(chunk, deps);
  const found = new Set<number>();
  await eachAnswered(file, `the keys of ${job.object}`, (cell) => {
    const row = rowOf(cell(column));
    if (row >= 0) found.add(row);
  });
  rmSync(file, { force: true });
  return found;
}

/** Told to send rows of unknown fate again, all of them count as absent. */
function absentIfWanted(deps: RunDeps): Set<number> | null {
  return deps.resendUnknown ? new Set() : null;
}

/** The org answered, and its answer will be the same tomorrow: no such field for this user, no query. */
function isLastingRefusal(error: unknown): boolean {
  if (!(error instanceof EngineError) || isPassing(error)) return false;
  return ["SF_REFUSED", "SF_FORBIDDEN", "SF_NOT_FOUND"].includes(error.code);
}

function unknownRow(row: number, jobId: string): Miss {
  const message = "The job is gone, and the org could not be asked for this key.";
  return { row, kind: "unknown", class: "data", code: "JOB_GONE", message, jobId };
}

function absentRow(row: number, jobId: string): Miss {
  const message = "The job is gone, and the org does not have this key.";
  return { row, kind: "unprocessed", class: "transient", code: "JOB_GONE", message, jobId };
}

function insertWarning(jobId: string, unasked: boolean, found: number, missing: number): string {
  const what = unasked
    ? `the org could not be asked for its ${missing} rows, so they are unknown`
    : `${found} of its rows are in the org, ${missing} are not and are sent again`;
  return `Job ${jobId} was gone after 7 days: ${what}.`;
}
