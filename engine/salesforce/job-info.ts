import type { JobInfo, JobState } from "./org.ts";

const STATES: ReadonlySet<string> = new Set([
  "Open",
  "UploadComplete",
  "InProgress",
  "JobComplete",
  "Failed",
  "Aborted",
] satisfies JobState[]);

/** Reads a job from an answer of create, GET or the list; null when it is none. A proxy that turns a
 *  POST into a GET answers a create with the list of jobs, which has no id. */
export function toJobInfo(answer: unknown): JobInfo | null {
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return null;
  const record = answer as Record<string, unknown>;
  const text = (key: string) => (typeof record[key] === "string" ? (record[key] as string) : null);
  // The counters are missing, not zero, while a job is open and nothing was uploaded.
  const count = (key: string) =>
    typeof record[key] === "number" && Number.isSafeInteger(record[key])
      ? (record[key] as number)
      : null;
  const id = text("id");
  const state = text("state");
  if (id === null || state === null || !STATES.has(state)) return null;
  return {
    id,
    object: text("object") ?? "",
    operation: text("operation") ?? "",
    createdById: text("createdById") ?? "",
    createdDate: text("createdDate") ?? "",
    state: state as JobState,
    numberRecordsProcessed: count("numberRecordsProcessed"),
    numberRecordsFailed: count("numberRecordsFailed"),
    retries: count("retries"),
    errorMessage: text("errorMessage"),
  };
}
