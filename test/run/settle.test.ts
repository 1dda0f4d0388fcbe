import { readdirSync, statSync, truncateSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { EngineError } from "../../engine/base/engine-error.ts";
import { FLAG_DOUBT } from "../../engine/delta/fingerprints.ts";
import { openSegment, readWholeSegment } from "../../engine/delta/segment-file.ts";
import { readMisses } from "../../engine/run/misses-file.ts";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import { type FakeFaults, fakeOrg } from "./fake-org.ts";
import { handClock } from "./hand-clock.ts";
import { digest, goOn, type HandRun, type Operation, stateFolder } from "./hand-run.ts";

const KEYS = ["a", "b", "c", "d"];

function runOf(operation: Operation = "upsert", change: HandRun["change"] = {}): HandRun {
  const rows = KEYS.map((key) => [key, key.toUpperCase()]);
  const columns = ["Key__c", "Name"];
  return { operation, columns, rows, chunkRows: 4, change: { roundsMax: 0, ...change } };
}

const failing = (keys: readonly string[], error: string): FakeFaults => ({
  row: (key) => (keys.includes(key) ? error : null),
});

async function settled(faults: FakeFaults, run = runOf()) {
  const org = fakeOrg("Key__c", faults);
  const folder = stateFolder();
  const clock = handClock();
  const end = await goOn(run, { org, folder, clock });
  return { end, org, folder, clock, misses: await missesIn(folder), known: knownIn(folder) };
}

test("results come in another order, and in another letter case", async () => {
  const faults = {
    ...failing(["b"], "INVALID_FIELD:no:--"),
    results: (_kind: string, rows: string[][]) =>
      rows
        .reverse()
        .map((row) => row.map((cell) => (cell.length === 1 ? cell.toUpperCase() : cell))),
  };
  const { end, misses } = await settled(faults);
  expect(end.counts).toMatchObject({ succeeded: 3, failed: 1, unknown: 0 });
  expect(misses).toMatchObject([{ row: 1, code: "INVALID_FIELD" }]);
});

test("numbers come back re-serialised: 912260031 as 9.12260031E8", async () => {
  const columns = ["Number__c", "Name"];
  const rows = ["912260031", "10", "7"].map((key) => [key, "x"]);
  const change = { join: { column: "Number__c", kind: "number" as const }, joinBySidecar: false };
  const run: HandRun = { operation: "upsert", columns, rows, chunkRows: 3, change };
  const org = fakeOrg("Number__c", {
    row: (key) => (key === "912260031" ? "INVALID_FIELD:no:--" : null),
    results: (_kind, own) =>
      own.map((row) =>
        row.map((cell) => (/^\d+$/.test(cell) ? Number(cell).toExponential() : cell)),
      ),
  });
  const folder = stateFolder();
  const end = await goOn(run, { org, folder });
  expect(end.counts).toMatchObject({ succeeded: 2, failed: 1, unknown: 0 });
  expect(await missesIn(folder)).toMatchObject([{ row: 0 }]);
});

describe("results without a key", () => {
  const blank = (_kind: string, rows: string[][]) =>
    _kind === "failedResults" ? rows.map(([id = "", error = ""]) => [id, error, "", ""]) : rows;
  const width = "INVALID_FIELD:Number of fields in header is different from the row.:--";

  test("are matched by elimination", async () => {
    const { end, misses } = await settled({ ...failing(["b", "d"], width), results: blank });
    expect(end.counts).toMatchObject({ succeeded: 2, failed: 2, unknown: 0 });
    expect(misses).toMatchObject([{ row: 1 }, { row: 3 }]);
  });

  test("of different sorts are not sent again: which is which can't be told", async () => {
    const row = (key: string) =>
      key === "b" ? "UNABLE_TO_LOCK_ROW:busy:--" : key === "d" ? width : null;
    const { end, org } = await settled({ row, results: blank }, runOf("upsert", { roundsMax: 3 }));
    expect(end.counts).toMatchObject({ succeeded: 2, failed: 2 });
    expect(org.jobs.size).toBe(1);
  });

  test("of a delete whose record is gone already count as deleted", async () => {
    const faults = { ...failing(["c"], "ENTITY_IS_DELETED:entity is deleted:--"), results: blank };
    const { end } = await settled(faults, runOf("delete"));
    expect(end.counts).toMatchObject({ succeeded: 4, deleted: 4, failed: 0 });
  });
});

test("a record that is gone already is as a delete wants it; an update of it fails", async () => {
  const faults = failing(["c"], "ENTITY_IS_DELETED:entity is deleted:--");
  expect((await settled(faults, runOf("delete"))).end.counts).toMatchObject({
    deleted: 4,
    failed: 0,
  });
  expect((await settled(faults, runOf("update"))).end.counts).toMatchObject({
    updated: 3,
    failed: 1,
  });
});

describe("results that end in the middle of a cell", () => {
  const cutOff = async (times: number) => {
    const org = fakeOrg("Key__c", failing(["b"], "INVALID_FIELD:no:--"));
    const { api } = org;
    let reads = 0;
    org.api = (effect) => ({
      ...api(effect),
      readResults: async (jobId, kind, file) => {
        await api(effect).readResults(jobId, kind, file);
        if (kind !== "failedResults" || reads++ >= times) return;
        truncateSync(file, statSync(file).size - 3);
      },
    });
    const folder = stateFolder();
    return { org, folder, end: await goOn(runOf("insert"), { org, folder }) };
  };

  test("are fetched again", async () => {
    const { end } = await cutOff(1);
    expect(end.counts).toMatchObject({ succeeded: 3, failed: 1, unknown: 0 });
  });

  test("time and again: nothing of it is believed, exit 7, and resume asks anew", async () => {
    const { end, org, folder } = await cutOff(2);
    expect(end).toMatchObject({ state: "inFlight", counts: { inFlight: 4 } });
    expect(end.error).toMatchObject({ code: "SF_NO_ANSWER", exitCode: 7 });
    expect(end.error?.message).toMatch(/cut off: failedResults of job 750/);
    const resumed = await goOn(runOf("insert"), { org, folder });
    expect(resumed.counts).toMatchObject({ succeeded: 3, failed: 1 });
  });
});

describe("results shorter than sent", () => {
  const short = (times: number): FakeFaults => {
    let reads = 0;
    return {
      ...failing(["b"], "INVALID_FIELD:no:--"),
      results: (kind, rows) => (kind === "failedResults" && reads++ < times ? [] : rows),
    };
  };

  test("are asked for once more", async () => {
    const { end, clock } = await settled(short(1));
    expect(end.counts).toMatchObject({ succeeded: 3, failed: 1, unknown: 0 });
    expect(clock.sleeps).toContain(2_000);
  });

  test("for good are unknown, never success; the key stays in doubt", async () => {
    const { end, misses, known } = await settled(short(9));
    expect(end.counts).toMatchObject({ succeeded: 3, failed: 0, unknown: 1, sent: 4 });
    expect(end.state).toBe("partial");
    expect(misses).toMatchObject([{ row: 1, kind: "unknown", code: "RESULT_MISSING" }]);
    expect(known).toEqual({ a: 0, b: FLAG_DOUBT, c: 0, d: 0 });
  });
});

test("a complete job that processed fewer rows than were sent: the others are unknown", async () => {
  const faults: FakeFaults = {
    job: () => ({ state: "JobComplete", after: 3, error: null }),
    results: (kind, rows) => (kind === "unprocessedrecords" ? [] : rows),
  };
  const { end, known } = await settled(faults, runOf("insert", { results: "failures" }));
  expect(end.counts).toMatchObject({ sent: 4, succeeded: 3, unknown: 1 });
  expect(known).toMatchObject({ c: 0, d: FLAG_DOUBT });
});

test("a failed row leaves no fingerprint: what was known of its key before still holds", async () => {
  const { known } = await settled(failing(["b"], "INVALID_FIELD:no:--"));
  expect(known).toEqual({ a: 0, c: 0, d: 0 });
});

test("all succeeded and nobody asks how many were created: no result set is read", async () => {
  const reads: string[] = [];
  const faults: FakeFaults = {
    results: (kind, rows) => {
      reads.push(kind);
      return rows;
    },
  };
  const { end } = await settled(faults, runOf("upsert", { results: "failures" }));
  expect(end.counts).toMatchObject({ succeeded: 4, created: null, updated: null });
  expect(reads).toEqual([]);
});

test("Failed with committed rows: they stay, the others go round again", async () => {
  const faults: FakeFaults = {
    job: (n) =>
      n === 1 ? { state: "Failed", after: 3, error: "InternalServerError : Retried" } : null,
  };
  const { end, org } = await settled(faults, runOf("upsert", { roundsMax: 1 }));
  expect(end).toMatchObject({ state: "succeeded", counts: { succeeded: 4, unprocessed: 0 } });
  expect(org.ledger.map(({ key }) => key)).toEqual(KEYS);
});

test("a file that Salesforce refuses: nothing is sent again, no further chunk opens, exit 4", async () => {
  const error = "InvalidBatch : Field name not found : X";
  const faults: FakeFaults = { job: () => ({ state: "Failed", after: 0, error }) };
  const run = { ...runOf("upsert", { roundsMax: 3, parallelJobs: 1 }), chunkRows: 2 };
  const { end, org } = await settled(faults, run);
  expect(end).toMatchObject({ state: "failed", ended: true });
  expect(end.counts).toMatchObject({ sent: 2, unprocessed: 2, pending: 2 });
  expect(end.error).toMatchObject({ code: "RUN_JOB_FAILED", exitCode: 4 });
  expect(end.error?.message).toMatch(/Field name not found : X/);
  expect(org.jobs.size).toBe(1);
});

test("a job that is refused in a further round: rows without a parent open no other one", async () => {
  const row = (key: string, attempt: number) =>
    attempt > 1 || key > "b" ? null : key === "a" ? "UNABLE_TO_LOCK_ROW:x:--" : ORPHAN;
  const error = "InvalidBatch : Field name not found : X";
  const faults: FakeFaults = {
    row,
    job: (n) => (n === 2 ? { state: "Failed", after: 0, error } : null),
  };
  const { end, org } = await settled(faults, runOf("upsert", { roundsMax: 3 }));
  expect(end).toMatchObject({ state: "partial", error: { code: "RUN_JOB_FAILED" } });
  expect(end.counts).toMatchObject({ sent: 3, succeeded: 2, unprocessed: 1, pending: 1 });
  expect(org.jobs.size).toBe(2);
});

const ORPHAN = "INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--";

test("aborted by somebody: its rows are told, other chunks still go; partial, exit 4", async () => {
  const faults: FakeFaults = {
    job: (n) => (n === 1 ? { state: "Aborted", after: 1, error: null } : null),
  };
  const run = { ...runOf("insert", { roundsMax: 3, parallelJobs: 1 }), chunkRows: 2 };
  const { end, org } = await settled(faults, run);
  expect(end).toMatchObject({ state: "partial", ended: true });
  expect(end.counts).toMatchObject({ sent: 4, succeeded: 3, unprocessed: 1, pending: 0 });
  expect(end.error).toMatchObject({ code: "RUN_JOB_ABORTED", exitCode: 4 });
  expect(org.ledger.map(({ key }) => key)).toEqual(["a", "c", "d"]);
});

test.each(["update", "insert"] as const)(
  "aborted by somebody, and its result sets refused: %s rows are unknown, and the run ends",
  async (operation) => {
    const faults: FakeFaults = {
      job: (n) => (n === 1 ? { state: "Aborted", after: 1, error: null } : null),
      results: (_kind, rows, job) => {
        if (job.state === "Aborted") throw new EngineError("SF_REFUSED", "HTTP 400: no results.");
        return rows;
      },
    };
    const run = { ...runOf(operation, { roundsMax: 3, parallelJobs: 1 }), chunkRows: 2 };
    const { end } = await settled(faults, run);
    expect(end).toMatchObject({ state: "partial", ended: true });
    expect(end.counts).toMatchObject({ sent: 4, succeeded: 2, unknown: 2 });
  },
);

test("a row that the sets call unprocessed, and then applied, is applied and not sent again", async () => {
  const faults: FakeFaults = {
    job: (n) => (n === 1 ? { state: "Failed", after: 2, error: "TooManyLockFailure" } : null),
    results: (kind, rows) => (kind === "unprocessedrecords" ? [["b", "B"], ...rows] : rows),
  };
  const { end, org } = await settled(faults, runOf("insert", { roundsMax: 1 }));
  expect(end.counts).toMatchObject({ sent: 4, succeeded: 4 });
  expect(org.ledger.map(({ key }) => key)).toEqual(KEYS);
});

describe("rows that were sent without a key", () => {
  const unkeyed = (change: HandRun["change"] = {}) =>
    runOf("insert", {
      join: null,
      fingerprints: { columns: ["Key__c", "Name"], keyed: false },
      ...change,
    });

  test("are counted, and told as Salesforce returned them", async () => {
    const { end, misses } = await settled(failing(["b"], "INVALID_FIELD:no:--"), unkeyed());
    expect(end.counts).toMatchObject({ succeeded: 3, failed: 1, unknown: 0 });
    expect(misses).toMatchObject([{ row: -1, returned: { Key__c: "b" } }]);
  });

  test("go round again only when nothing of their job was processed", async () => {
    const faults = (after: number): FakeFaults => ({
      job: (n) => (n === 1 ? { state: "Failed", after, error: "TooManyLockFailure" } : null),
    });
    const change = { roundsMax: 1, results: "full" as const };
    const whole = await settled(faults(0), unkeyed(change));
    expect(whole.end.counts).toMatchObject({ succeeded: 4, unprocessed: 0 });
    expect(whole.org.ledger).toHaveLength(4);
    const part = await settled(faults(1), unkeyed(change));
    expect(part.end.counts).toMatchObject({ succeeded: 1, unprocessed: 3 });
    expect(part.org.jobs.size).toBe(1);
  });
});

async function missesIn(folder: string) {
  const runs = path.join(folder, "runs");
  const name = readdirSync(runs)[0] ?? "";
  const store = openSqliteStore(folder, handClock());
  const misses = [];
  for (const chunk of await store.listChunks(name)) {
    const file = chunk.misses === null ? null : path.join(runs, name, chunk.misses);
    for await (const miss of readMisses(file)) misses.push(miss);
  }
  store.close();
  return misses;
}

/** The keys that the state knows, with their flags. */
function knownIn(folder: string): Record<string, number> {
  const known: Record<string, number> = {};
  const place = path.join(folder, "fingerprints");
  let files: string[] = [];
  try {
    files = readdirSync(place);
  } catch {
    return known;
  }
  for (const name of files) {
    const segment = openSegment(path.join(place, name));
    const prints = readWholeSegment(segment);
    for (let i = 0; i < prints.count; i++) {
      const key = KEYS.find((own) => digest(own)[0] === prints.keys[i * 4]) ?? "?";
      known[key] = prints.flags[i] ?? -1;
    }
    segment.close();
  }
  return known;
}
