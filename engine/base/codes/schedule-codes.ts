import type { CodeEntry } from "./code-entry.ts";

/** Codes of the daemon and of the local org. */
export const SCHEDULE_CODES = {
  SCHEDULE_NONE: {
    remedy: "fix",
    exit: 3,
    summary: "No sync has a schedule",
    explain:
      "`sluice serve` runs the syncs whose spec has a `schedule`; without one it would wait for nothing.",
  },
  LOCAL_ORG: {
    remedy: "fix",
    exit: 3,
    summary: "The local org can't start",
    explain:
      "The local org reads its fields from emulator/*.yaml and its first records from emulator/seed/*.csv, and listens on a port. One of them is not as it should be.",
  },
} as const satisfies Record<string, CodeEntry>;
