import { EngineError } from "../base/engine-error.ts";
import type { ResultKind } from "../salesforce/org.ts";
import type { ChunkRow } from "../state/state-store.ts";
import { jobOf } from "./advance-chunk.ts";
import { readRowError } from "./error-classes.ts";
import { type JoinTable, openJoinTable } from "./join-table.ts";
import type { Miss } from "./misses-file.ts";
import { eachAnswered } from "./result-rows.ts";
import type { RunDeps } from "./run-deps.ts";

/** What became of a chunk's rows: succeeded plus misses make the chunk. */
export interface Outcome {
  readonly succeeded: number;
  readonly created: number | null;
  readonly updated: number | null;
  readonly deleted: number | null;
  readonly misses: readonly Miss[];
}

/** Reads the result sets of an ended job and joins them to the chunk's rows by key. When the job says
 *  that all rows succeeded, nothing needs to be joined. */
export async function joinResults(chunk: ChunkRow, deps: RunDeps): Promise<Outcome> {
  const { plan } = deps;
  const job = chunk.job;
  const complete = job?.state === "JobComplete" && job.processed === chunk.rows;
  const wantsSplit = plan.results === "full";
  if (complete && job.failed === 0) {
    const split =
      wantsSplit && plan.job.operation === "upsert" ? await readSplitIfThere(chunk, deps) : null;
    return outcomeOf(chunk.rows, [], split, deps);
  }
  const join = await openJoinTable(chunk, deps);
  const told: Told = { missed: new Map(), blank: [], already: new Set() };
  await readFailed(chunk, deps, join, told);
  await readUnprocessed(chunk, deps, join, told);

  const named = told.missed.size + told.blank.length + told.already.size;
  const countersAgree = complete && job.failed === named;
  let split: Split | null = null;
  if (wantsSplit || !countersAgree || told.blank.length > 0) {
    split = await readSplit(chunk, deps, join);
    // Sets are read one after the other, and an aborted job's last batch may end in between. What
    // succeeded is applied, whatever else was said of it before.
    for (const row of split.rows) told.missed.delete(row);
  }
  if (plan.join === null) return unkeyedOutcome(chunk, told.blank, split, deps);
  if (!countersAgree || told.blank.length > 0) assignRest(chunk, told, split);
  return outcomeOf(chunk.rows - told.missed.size, [...told.missed.values()], split, deps);
}

/** All rows succeeded, and only how many were created is asked: no reason to doubt or to send anything
 *  when the results are gone. */
async function readSplitIfThere(chunk: ChunkRow, deps: RunDeps): Promise<Split | null> {
  try {
    return await readSplit(chunk, deps);
  } catch (error) {
    if (error instanceof EngineError && error.code === "SF_NOT_FOUND") return null;
    throw error;
  }
}

/** What failedResults and unprocessedrecords said. */
interface Told {
  readonly missed: Map<number, Miss>;
  /** Results whose key came back empty, or that have none. */
  readonly blank: Miss[];
  /** Rows that failed because the record is already as wanted. */
  readonly already: Set<number>;
}

interface Split {
  readonly created: number;
  readonly updated: number;
  readonly rows: ReadonlySet<number>;
  readonly count: number;
}

async function readSplit(chunk: ChunkRow, deps: RunDeps, join?: JoinTable): Promise<Split> {
  const rows = new Set<number>();
  const column = deps.plan.join?.column ?? "";
  let created = 0;
  const count = await eachOf("successfulResults", chunk, deps, (cell) => {
    if (cell("sf__Created").toLowerCase() === "true") created++;
    const row = join === undefined ? -1 : join(cell(column));
    if (row >= 0) rows.add(row);
  });
  return { created, updated: count - created, rows, count };
}

async function readFailed(
  chunk: ChunkRow,
  deps: RunDeps,
  join: JoinTable,
  told: Told,
): Promise<void> {
  const { plan } = deps;
  const jobId = jobOf(chunk);
  await eachOf("failedResults", chunk, deps, (cell, record, header) => {
    const error = readRowError(cell("sf__Error"), plan.job.operation);
    const row = plan.join === null ? -1 : join(cell(plan.join.column));
    // The record is gone already: for a delete that is what was wanted.
    if (error.class === "done" && row >= 0) {
      told.already.add(row);
      return;
    }
    const { code, message } = error;
    const miss: Miss = { row, kind: "failed", class: error.class, code, message, jobId };
    if (row >= 0) told.missed.set(row, miss);
    else
      told.blank.push(plan.join === null ? { ...miss, returned: asRecord(header, record) } : miss);
  });
}

async function readUnprocessed(
  chunk: ChunkRow,
  deps: RunDeps,
  join: JoinTable,
  told: Told,
): Promise<void> {
  const { plan } = deps;
  const reason = whyUnprocessed(chunk);
  await eachOf("unprocessedrecords", chunk, deps, (cell, record, header) => {
    const row = plan.join === null ? -1 : join(cell(plan.join.column));
    const miss: Miss = { row, kind: "unprocessed", ...reason, jobId: jobOf(chunk) };
    if (row >= 0) told.missed.set(row, miss);
    else
      told.blank.push(plan.join === null ? { ...miss, returned: asRecord(header, record) } : miss);
  });
}

/** The class decides whether unprocessed rows go round again: after a file that Salesforce refuses or
 *  a job that somebody aborted, they do not. */
function whyUnprocessed(chunk: ChunkRow): Pick<Miss, "class" | "code" | "message"> {
  const message = chunk.job?.errorMessage ?? "";
  if (chunk.job?.state === "Aborted") {
    return { class: "setup", code: "JOB_ABORTED", message: "The job was aborted before this row." };
  }
  if (jobIsRefused(chunk)) return { class: "setup", code: "JOB_REFUSED", message };
  return {
    class: "transient",
    code: "JOB_FAILED",
    message: message || "The row was not processed.",
  };
}

/** Salesforce could not read the file at all: sending it again can't help. */
export function jobIsRefused(chunk: ChunkRow): boolean {
  const { job } = chunk;
  if (job?.state !== "Failed" || (job.processed ?? 0) > 0) return false;
  return /InvalidBatch|ClientInputError/.test(job.errorMessage ?? "");
}

/** Gives an outcome to the rows that no result set named. Results without a key (rows of the wrong
 *  width come back empty) are matched by elimination; what stays over is unknown, never success. */
function assignRest(chunk: ChunkRow, told: Told, split: Split | null): void {
  const rest: number[] = [];
  for (let row = 0; row < chunk.rows; row++) {
    const named = told.missed.has(row) || told.already.has(row) || split?.rows.has(row);
    if (!named) rest.push(row);
  }
  if (rest.length === told.blank.length) {
    const sorts = new Set(told.blank.map((miss) => `${miss.kind} ${miss.class}`));
    rest.forEach((row, i) => {
      const miss = told.blank[i];
      if (miss === undefined) return;
      // A record that is gone already is as the delete wanted it.
      if (miss.class === "done" && sorts.size === 1) told.already.add(row);
      // Which is which can't be told, so none of different sorts is sent again by itself.
      else told.missed.set(row, { ...miss, row, class: sorts.size === 1 ? miss.class : "data" });
    });
    return;
  }
  for (const row of rest) told.missed.set(row, untold(chunk, row));
}

/** A row that no result set names. */
function untold(chunk: ChunkRow, row: number): Miss {
  const jobId = jobOf(chunk);
  if (jobIsRefused(chunk)) return { row, kind: "unprocessed", ...whyUnprocessed(chunk), jobId };
  return {
    row,
    kind: "unknown",
    class: "data",
    code: "RESULT_MISSING",
    message: "No result set of the job names this row.",
    jobId,
  };
}

/** Rows without a key can't be told apart: only their number is known. */
function unkeyedOutcome(
  chunk: ChunkRow,
  blank: readonly Miss[],
  split: Split | null,
  deps: RunDeps,
): Outcome {
  const { job } = chunk;
  const byCounters =
    job?.state === "JobComplete" && job.processed === chunk.rows
      ? chunk.rows - (job.failed ?? 0)
      : null;
  // A job that processed nothing left every row as it was: then each of them is known.
  if (blank.length === chunk.rows && blank.every(({ kind }) => kind === "unprocessed")) {
    return outcomeOf(
      0,
      blank.map((miss, row) => ({ ...miss, row })),
      split,
      deps,
    );
  }
  const succeeded = Math.min(byCounters ?? split?.count ?? 0, chunk.rows - blank.length);
  const unknown = chunk.rows - blank.length - succeeded;
  const rest = Array.from({ length: unknown }, () => untold(chunk, -1));
  return outcomeOf(succeeded, [...blank, ...rest], split, deps);
}

function outcomeOf(
  succeeded: number,
  misses: readonly Miss[],
  split: Split | null,
  deps: RunDeps,
): Outcome {
  const { operation } = deps.plan.job;
  // An upsert's split is believed only when it covers every row that succeeded.
  const covered = split !== null && split.count === succeeded;
  return {
    succeeded,
    created:
      operation === "insert"
        ? succeeded
        : operation === "upsert"
          ? covered
            ? split.created
            : null
          : 0,
    updated:
      operation === "update"
        ? succeeded
        : operation === "upsert"
          ? covered
            ? split.updated
            : null
          : 0,
    deleted: operation === "delete" ? succeeded : 0,
    misses,
  };
}

/** Fetches a result set and reads it. Nobody promises that the sets of an aborted job are served: one that
 *  the org refuses is as an empty one, and what no other set names is then unknown. */
async function eachOf(
  kind: ResultKind,
  chunk: ChunkRow,
  deps: RunDeps,
  visit: Parameters<typeof eachAnswered>[2],
): Promise<number> {
  const jobId = jobOf(chunk);
  const file = deps.folder.resultSet(chunk.index, kind);
  try {
    await deps.ingest.readResults(jobId, kind, file, deps.signal);
  } catch (error) {
    const refused = error instanceof EngineError && error.code === "SF_REFUSED";
    if (refused && chunk.job?.state === "Aborted") return 0;
    throw error;
  }
  return eachAnswered(file, `${kind} of job ${jobId}`, visit);
}

function asRecord(header: readonly string[], record: readonly string[]): Record<string, string> {
  return Object.fromEntries(header.map((name, i) => [name, record[i] ?? ""]));
}
