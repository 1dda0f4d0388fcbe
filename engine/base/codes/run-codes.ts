import type { CodeEntry } from "./code-entry.ts";

/** Codes of plans and runs. */
export const RUN_CODES = {
  RUN_JOB_ABORTED: {
    remedy: "fix",
    exit: 4,
    summary: "Somebody aborted a job",
    explain:
      "A job was aborted in Setup or by another program after it was closed. Rows it had processed stay; the others were not sent again in this run. The next run sends what is missing.",
  },
  RUN_JOB_FAILED: {
    remedy: "fix",
    exit: 4,
    summary: "Salesforce refused a whole job",
    explain:
      "Salesforce could not process the job's file, most often because a field is not there or not editable for the connected user. No row of it was applied.",
  },
  RUN_JOB_GONE: {
    remedy: "fix",
    exit: 7,
    summary: "A job can't be found in the org",
    explain:
      "The org does not know a job that this run closed. Salesforce keeps jobs for 7 days; before that, a missing job means another org or a deleted job. Sluice does not guess: it stops.",
  },
  RUN_IN_FLIGHT: {
    remedy: "retry",
    exit: 7,
    summary: "The run is not finished",
    explain:
      "Some jobs are still at work, or could not be reached. Nothing is lost: `sluice resume` goes on where this run stopped.",
  },
  RUN_SOURCE_CHANGED: {
    remedy: "retry",
    exit: 7,
    summary: "The source changed while the run was reading it",
    explain:
      "What was planned can't be read any more. Chunks that were complete are finished; the rest is left to the next run, whose delta picks it up.",
  },
  RUN_OPEN_REFUSED: {
    remedy: "fix",
    exit: 1,
    summary: "Salesforce would not take a job",
    explain:
      "The org refused to open a job, or its upload, three times. The reason it gave is shown.",
  },
  RUN_ROWS_FAILED: {
    remedy: "fix",
    exit: 4,
    summary: "More rows than allowed did not arrive",
    explain:
      "maxFailed (0 unless the spec says otherwise) is judged over failed, invalid, unprocessed, unknown and, where duplicates are rejected, duplicate rows. All other rows were sent.",
  },
  RUN_INVALID_STOP: {
    remedy: "fix",
    exit: 4,
    summary: "Invalid rows stop this sync",
    explain: "The spec says onInvalid: stop, and the source has invalid rows. Nothing was sent.",
  },
  ORG_CHANGED: {
    remedy: "fix",
    exit: 7,
    summary: "The org is not the one the run began in",
    explain:
      "A run is finished only in its own org: in another one its jobs are unknown, and its rows would arrive a second time somewhere else.",
  },
  RUN_INTERRUPTED: {
    remedy: "retry",
    exit: 7,
    summary: "The run was interrupted",
    explain:
      "The run stopped at its next checkpoint, as asked. Everything is saved; `sluice resume` goes on.",
  },
  RUN_NO_ROOM: {
    remedy: "fix",
    exit: 1,
    summary: "Not enough room on the disk for this run",
    explain:
      "A run keeps in the state folder what it sends, the fingerprints of the rows and, with `results: full`, what Salesforce answered. The plan says about how much that is, and less is free, so nothing was sent. Make room, or move the whole state folder to a larger disk and name it with --state. An empty folder is no way out: Sluice would not know what it sent before.",
  },
  RUN_GUARD: {
    remedy: "fix",
    exit: 6,
    summary: "A guard stopped this sync",
    explain:
      "A guard of the spec was not met, so nothing was sent. Look at the plan; if the change is meant, raise the guard or override it once. maxDeletes counts the rows of a delete and the records that mirror would delete or update; with mirror it is 0 until it is named. mirrorSource holds while the source looks as if it, not the world, had lost rows: a file without rows or missing, another key column, another where.",
  },
  RUN_PROTECTED: {
    remedy: "fix",
    exit: 6,
    summary: "The org is protected",
    explain: "Writing to an org marked `protected: true` needs --approve or a saved plan.",
  },
  PLAN_STALE: {
    remedy: "fix",
    exit: 6,
    summary: "The saved plan is stale",
    explain:
      "Something that the plan was made from has moved since: the spec, a source file, the object's describe, the state, or the org. Applying it would do something that nobody has looked at, so nothing was sent. Make a new plan.",
  },
  PLAN_FILE: {
    remedy: "fix",
    exit: 3,
    summary: "No usable plan file",
    explain:
      "The file is no saved plan, was edited since it was saved, or comes from another version of Sluice. Make one with `sluice plan --out plan.json`.",
  },
  RUN_DEPENDENCY: {
    remedy: "fix",
    exit: 4,
    summary: "A sync was skipped",
    explain: "A sync that this one depends on did not succeed, so its parents may be missing.",
  },
} as const satisfies Record<string, CodeEntry>;
