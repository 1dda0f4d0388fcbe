import type { CodeEntry } from "./code-entry.ts";

/** Codes of what is remembered. */
export const STATE_CODES = {
  LOCKED: {
    remedy: "retry",
    exit: 8,
    summary: "Another run of this sync is at work",
    explain:
      "One run per sync at a time: two could send a row twice. Wait for the other, or end it; its lease is taken over as soon as its process is gone.",
  },
  LEASE_LOST: {
    remedy: "retry",
    exit: 8,
    summary: "Another process took over this run",
    explain:
      "This process was silent for so long that another took its lease. It stopped before its next effect; the other goes on.",
  },
  STATE_UNUSABLE: {
    remedy: "fix",
    exit: 1,
    summary: "The state folder can't be used",
    explain:
      "Sluice keeps its memory in the state folder and does nothing that it could not remember.",
  },
  STATE_CORRUPT: {
    remedy: "fix",
    exit: 1,
    summary: "The state file is damaged",
    explain:
      "Without a sound state Sluice can't tell which rows were sent. Restore the state folder from a backup, or move it away and begin anew: upsert, update and delete are then sent once more.",
  },
  STATE_NEWER: {
    remedy: "fix",
    exit: 1,
    summary: "The state was written by a newer Sluice",
    explain: "An older program could misread it. Use the newer version.",
  },
  RUN_WITHOUT_KEY: {
    remedy: "fix",
    exit: 3,
    summary: "Rows without a key",
    explain:
      "A sync with `repeat: true` and no external id sends rows that nothing tells apart: what became of one " +
      "of them is not known. Rows that failed are in failed.csv, as Salesforce returned them. To follow single " +
      "rows, map a text field and name it in `target.externalId`.",
  },
  RUN_UNKNOWN: {
    remedy: "fix",
    exit: 3,
    summary: "No such run",
    explain: "The state folder knows no run of that name. `sluice runs` lists those it knows.",
  },
  RUN_FILES_GONE: {
    remedy: "fix",
    exit: 3,
    summary: "The run's files are gone",
    explain:
      "The state knows the run, but its folder under runs/ was removed, and with it the rows that it sent. " +
      "`sluice run` finds failed rows in the source instead.",
  },
} as const satisfies Record<string, CodeEntry>;
