import type { CodeEntry } from "./code-entry.ts";

/** Codes of no stage: the program itself, the disk, the command line. */
export const BASE_CODES = {
  INTERNAL: {
    remedy: "report",
    exit: 1,
    summary: "Unexpected failure",
    explain:
      "Something happened that Sluice did not expect. State is saved; the run can be resumed.",
  },
  DISK: {
    remedy: "fix",
    exit: 1,
    summary: "The disk refused",
    explain:
      "A file could not be written or read: the disk is full, read-only, or the folder belongs to somebody else. What was saved before is sound; the run can be resumed.",
  },
  USAGE: {
    remedy: "fix",
    exit: 3,
    summary: "Command line not understood",
    explain:
      "A flag, an argument or a combination of them does not exist. See `sluice <command> --help`.",
  },
} as const satisfies Record<string, CodeEntry>;
