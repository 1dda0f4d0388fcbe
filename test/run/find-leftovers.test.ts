import { expect, test } from "vitest";
import type { ConnectedOrg } from "../../engine/salesforce/connect.ts";
import type { JobInfo } from "../../engine/salesforce/org.ts";
import type { StateStore } from "../../engine/state/state-store.ts";
import { findLeftovers } from "../../engine/sync/find-leftovers.ts";
import { specOf } from "../mapping/spec-of.ts";
import { handClock } from "./hand-clock.ts";

const NOW = "2026-03-01T10:00:00Z";
const USER = "005000000000001AAA";

const LEFTOVER: JobInfo = {
  id: "750000000000001AAA",
  object: "Thing__c",
  operation: "upsert",
  createdById: USER,
  createdDate: "2026-03-01T08:59:00.000+0000",
  state: "Open",
  numberRecordsProcessed: null,
  numberRecordsFailed: null,
  retries: 0,
  errorMessage: null,
};

async function found(
  job: Partial<JobInfo>,
  known: readonly string[] = [],
  read: Partial<JobInfo> = {},
) {
  const listed = { ...LEFTOVER, ...job };
  const org = {
    answeredAt: Date.parse(NOW),
    identify: async () => ({ userId: USER.slice(0, 15) }),
    ingest: {
      listJobs: async () => [{ ...listed, numberRecordsProcessed: null }],
      readJob: async () => ({ ...listed, ...read }),
    },
  } as unknown as ConnectedOrg;
  const store = { listJobIds: async () => new Set(known) } as unknown as StateStore;
  const deps = { store, clock: handClock(), signal: new AbortController().signal };
  return (await findLeftovers(org, [specOf({})], deps)).map(({ jobId }) => jobId);
}

test("an empty Open job of ours, older than an hour and in no state, is a leftover", async () => {
  expect(await found({})).toEqual([LEFTOVER.id]);
});

test.each<readonly [string, Partial<JobInfo>, readonly string[], Partial<JobInfo>]>([
  ["of another user", { createdById: "005000000000002AAA" }, [], {}],
  ["of an object that no sync writes", { object: "Account" }, [], {}],
  ["of another operation", { operation: "delete" }, [], {}],
  ["that is closed", { state: "UploadComplete" }, [], {}],
  ["younger than an hour", { createdDate: "2026-03-01T09:01:00.000+0000" }, [], {}],
  ["that a chunk names", {}, [LEFTOVER.id], {}],
  ["that holds an upload", {}, [], { numberRecordsProcessed: 0 }],
  ["that was closed meanwhile", {}, [], { state: "UploadComplete" }],
])("not a job %s", async (_name, job, known, read) => {
  expect(await found(job, known, read)).toEqual([]);
});
