import { type RowError, rowError } from "../dml/row-error.ts";
import type { Job } from "../ingest/job.ts";
import { type Database, numberOf } from "../store/database.ts";
import type { JobAction, Rule } from "./rules.ts";

/** What the processing of a job asks before it goes on. */
export interface JobFaults {
  /** Is there anything at all to ask for? Lets the fast path stay fast. */
  active(job: Job): boolean;
  /** An error for this row, instead of applying it. Called inside the group's transaction. */
  rowError(job: Job, row: number, key: string | null): RowError | null;
  /** What happens to the job now that it has processed `job.processed` rows. */
  interrupt(job: Job): Interrupt | null;
  /** Rows after which `interrupt` must be asked, so that a group ends there. */
  stopsAt(job: Job): readonly number[];
  requeue(job: Job): boolean;
  emptyFails(job: Job): boolean;
}

export type Interrupt =
  | { readonly kind: "fail"; readonly error: string }
  | { readonly kind: "abort" }
  | { readonly kind: "hold" };

type JobRule = { readonly rule: Rule; readonly action: JobAction };

/** Job rules count jobs: the first job that matches is the first occurrence, for all its life. */
export function makeJobFaults(db: Database, rules: () => readonly Rule[]): JobFaults {
  const matching = (job: Job): JobRule[] =>
    rules().flatMap((rule) => {
      if (rule.on.job === null || !fits(rule, job)) return [];
      const action = rule.action as JobAction;
      return holdsFor(rule, occurrence(db, rule, job.id)) ? [{ rule, action }] : [];
    });

  const interrupt = (job: Job): Interrupt | null => {
    for (const { action } of matching(job)) {
      if (!("rows" in action) || job.nextRow < action.rows) continue;
      if (action.kind === "failAfterRows") return { kind: "fail", error: action.error };
      if (action.kind === "abortAfterRows") return { kind: "abort" };
      if (action.kind === "holdAfterRows") return { kind: "hold" };
    }
    return null;
  };

  return {
    active: (job) => rules().some((rule) => rule.on.job !== null && fits(rule, job)),
    rowError: (job, row, key) => {
      for (const { rule, action } of matching(job)) {
        if (action.kind !== "rowError") continue;
        if ((row + 1) % action.every !== 0) continue;
        if (action.keys !== null && (key === null || !action.keys.includes(key))) continue;
        const subject = `row:${key ?? `${job.object} ${row}`}`;
        if (action.attempts > 0 && countHit(db, rule.id, subject) > action.attempts) continue;
        return rowError(action.code, action.message, ...action.fields);
      }
      return null;
    },
    interrupt,
    stopsAt: (job) =>
      matching(job).flatMap(({ action }) => ("rows" in action ? [action.rows] : [])),
    requeue: (job) =>
      matching(job).some(
        ({ rule, action }) =>
          action.kind === "requeueBatch" &&
          countHit(db, rule.id, `requeue:${job.id}`) <= action.times,
      ),
    emptyFails: (job) => matching(job).some(({ action }) => action.kind === "emptyFails"),
  };
}

function fits({ on }: Rule, job: Job): boolean {
  const object = on.job?.object?.toLowerCase() ?? job.object.toLowerCase();
  const operation = on.job?.operation ?? job.operation;
  return object === job.object.toLowerCase() && operation === job.operation;
}

/** Does a rule hold at its n-th occurrence? */
export function holdsFor({ on }: Rule, occurrenceNumber: number): boolean {
  const first = on.nth ?? 1;
  const count = on.times ?? (on.nth === null ? Number.POSITIVE_INFINITY : 1);
  return occurrenceNumber >= first && occurrenceNumber < first + count;
}

/** The occurrence number of a job for a rule: given at first sight and kept, also over restarts. */
function occurrence(db: Database, rule: Rule, jobId: string): number {
  const subject = `job:${jobId}`;
  const known = db.get(
    "SELECT hits FROM fault_hits WHERE rule = ? AND subject = ?",
    rule.id,
    subject,
  );
  if (known) return numberOf(known, "hits");
  const seen = db.get(
    "SELECT count(*) AS n FROM fault_hits WHERE rule = ? AND subject LIKE 'job:%'",
    rule.id,
  );
  const number = numberOf(seen ?? {}, "n") + 1;
  db.run("INSERT INTO fault_hits (rule, subject, hits) VALUES (?, ?, ?)", rule.id, subject, number);
  return number;
}

function countHit(db: Database, ruleId: string, subject: string): number {
  const row = db.get(
    `INSERT INTO fault_hits (rule, subject, hits) VALUES (?, ?, 1)
     ON CONFLICT (rule, subject) DO UPDATE SET hits = hits + 1 RETURNING hits`,
    ruleId,
    subject,
  );
  return numberOf(row ?? {}, "hits");
}
