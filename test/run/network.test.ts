import { describe, expect, test } from "vitest";
import { EngineError } from "../../engine/base/engine-error.ts";
import { type FakeOrg, fakeOrg, noAnswer, refused } from "./fake-org.ts";
import { handClock } from "./hand-clock.ts";
import { goOn, type HandRun, stateFolder } from "./hand-run.ts";
import { type Trouble, troubled } from "./troubles.ts";

const RUN: HandRun = {
  operation: "insert",
  columns: ["Key__c", "Name"],
  rows: [
    ["a", "Ann"],
    ["b", "Bob"],
  ],
  chunkRows: 2,
  change: { parallelJobs: 1 },
};

const apiLimit = () => new EngineError("SF_API_LIMIT", "403 REQUEST_LIMIT_EXCEEDED");
const unavailable = () => new EngineError("SF_UNAVAILABLE", "503", { retryAfterMs: 7_000 });
const sessionEnded = () =>
  new EngineError("SF_REFUSED", "The session ended", { salesforceCode: "INVALID_SESSION_ID" });

async function runWith(troubles: readonly Trouble[]) {
  const org = fakeOrg("Key__c");
  const folder = stateFolder();
  const clock = handClock();
  const { effect, names } = troubled(troubles);
  const end = await goOn(RUN, { org, folder, effect, clock });
  const calls = (name: string) => names.filter((own) => own === name).length;
  return { org, folder, clock, end, calls };
}

function states(org: FakeOrg): string[] {
  return [...org.jobs.values()].map(({ state }) => state);
}

describe("create", () => {
  test("answered after the client gave up: it is repeated, and leaves an empty Open job", async () => {
    const { org, end } = await runWith([{ on: "openJob", when: "after", error: noAnswer }]);
    expect(end.state).toBe("succeeded");
    expect(states(org)).toEqual(["Open", "JobComplete"]);
    expect(org.ledger).toHaveLength(2);
  });

  test("without an answer three times: the run waits, exit 7, and resume finishes it", async () => {
    const trouble: Trouble = { on: "openJob", times: 9, when: "before", error: noAnswer };
    const { org, folder, end, calls } = await runWith([trouble]);
    expect(calls("openJob")).toBe(3);
    expect(end).toMatchObject({ state: "inFlight", ended: false, error: { exitCode: 7 } });
    expect((await goOn(RUN, { org, folder })).state).toBe("succeeded");
    expect(org.ledger).toHaveLength(2);
  });

  test("waits as long as Retry-After says", async () => {
    const { clock } = await runWith([{ on: "openJob", when: "before", error: unavailable }]);
    expect(clock.sleeps[0]).toBe(7_000);
  });

  test.each(["openJob", "closeJob"])(
    "%s, asked to come in an hour: it stops instead, exit 7, and resume finishes it",
    async (on) => {
      const error = () => new EngineError("SF_UNAVAILABLE", "503", { retryAfterMs: 3_600_000 });
      const { org, folder, end, calls } = await runWith([{ on, times: 9, when: "before", error }]);
      expect(calls(on)).toBe(1);
      expect(end).toMatchObject({ state: "inFlight", error: { code: "SF_UNAVAILABLE" } });
      expect((await goOn(RUN, { org, folder })).state).toBe("succeeded");
    },
  );

  test("refused for good: the reason is told at once", async () => {
    const error = () => refused("InvalidJob : Unable to find object: Thing__c");
    const { end, calls } = await runWith([{ on: "openJob", times: 9, when: "before", error }]);
    expect(calls("openJob")).toBe(1);
    expect(end.error?.message).toMatch(/Unable to find object/);
  });

  const lasting = () => refused("InvalidJob : Unable to find object: Thing__c");

  test("refused before anything was sent: the run ends, so that the next one is planned anew", async () => {
    const { end } = await runWith([{ on: "openJob", times: 9, when: "before", error: lasting }]);
    expect(end).toMatchObject({ state: "failed", ended: true, counts: { sent: 0, pending: 2 } });
    expect(end.error).toMatchObject({ code: "SF_REFUSED", exitCode: 1 });
    expect(end.error?.hint).toMatch(/sluice run things$/);
  });

  test.each([
    ["with a key: the run ends, the next one's delta has the rest", {}, true],
    [
      "without a key: it waits, since the next one would send all again",
      { join: null, fingerprints: { columns: [], keyed: false } },
      false,
    ],
  ] as const)("refused in the middle, rows %s", async (_name, change, ended) => {
    const run = { ...RUN, chunkRows: 1, change: { ...RUN.change, ...change } };
    const org = fakeOrg("Key__c");
    const folder = stateFolder();
    const trouble = { on: "openJob", nth: 2, times: 9, when: "before", error: lasting } as const;
    const end = await goOn(run, { org, folder, effect: troubled([trouble]).effect });
    expect(end).toMatchObject({ ended, counts: { succeeded: 1, pending: 1 } });
    expect(end.error?.hint).toMatch(ended ? /sluice run things$/ : /sluice resume run-/);
    if (!ended) expect((await goOn(run, { org, folder })).state).toBe("succeeded");
    else expect(end.state).toBe("partial");
  });
});

describe("PUT", () => {
  test.each([
    ["reset before it was stored", "before", noAnswer],
    ["reset after it was stored", "after", noAnswer],
    ["answered 503", "before", unavailable],
    ["answered 401", "before", sessionEnded],
  ] as const)(
    "%s: never repeated; the job is aborted and another opened",
    async (_name, when, error) => {
      const { org, end } = await runWith([{ on: "uploadRows", when, error }]);
      expect(end.state).toBe("succeeded");
      expect(states(org)).toEqual(["Aborted", "JobComplete"]);
      expect([...org.jobs.values()].every(({ puts }) => puts <= 1)).toBe(true);
      expect(org.ledger).toHaveLength(2);
    },
  );

  test("three times in vain: the reason is told, and resume tries three times more", async () => {
    const trouble: Trouble = { on: "uploadRows", times: 5, when: "after", error: noAnswer };
    const { org, folder, end, calls } = await runWith([trouble]);
    expect(calls("uploadRows")).toBe(3);
    expect(end).toMatchObject({ state: "inFlight", error: { code: "SF_NO_ANSWER", exitCode: 7 } });
    const second = troubled([{ ...trouble, times: 2 }]);
    expect((await goOn(RUN, { org, folder, effect: second.effect })).state).toBe("succeeded");
    expect(org.ledger).toHaveLength(2);
  });

  test("refused three times: RUN_OPEN_REFUSED with the cause", async () => {
    const error = () => refused("a reason");
    const { end } = await runWith([{ on: "uploadRows", times: 5, when: "before", error }]);
    expect(end.error).toMatchObject({ code: "RUN_OPEN_REFUSED" });
    expect(end.error?.message).toMatch(/a reason/);
  });

  test("a chunk that can't be read from the disk is not tried in other jobs", async () => {
    const error = () => new EngineError("SF_FILE", "EIO");
    const { end, calls, org } = await runWith([
      { on: "uploadRows", times: 9, when: "before", error },
    ]);
    expect(calls("uploadRows")).toBe(1);
    expect(end.error).toMatchObject({ code: "SF_FILE", exitCode: 7 });
    expect(states(org)).toEqual(["Aborted"]);
  });
});

test("an aborted job is left only when it says Aborted", async () => {
  const org = fakeOrg("Key__c");
  const { api } = org;
  let aborts = 0;
  org.api = (effect) => ({
    ...api(effect),
    // The first is accepted and takes no effect yet.
    abortJob: async (jobId) => (++aborts < 2 ? undefined : api(effect).abortJob(jobId)),
  });
  const { effect } = troubled([{ on: "uploadRows", when: "after", error: noAnswer }]);
  const end = await goOn(RUN, { org, folder: stateFolder(), effect });
  expect(end.state).toBe("succeeded");
  expect(states(org)).toEqual(["Aborted", "JobComplete"]);
});

test("a job that somebody aborted has ended when its counters stood still for two looks", async () => {
  const org = fakeOrg("Key__c", { job: () => ({ state: "Aborted", after: 2, error: null }) });
  const { api } = org;
  const shown: (number | null)[] = [];
  org.api = (effect) => ({
    ...api(effect),
    readJob: async (jobId) => {
      const job = await api(effect).readJob(jobId);
      if (job?.state !== "Aborted") return job;
      const numberRecordsProcessed = Math.min(shown.length, 2);
      shown.push(numberRecordsProcessed);
      return { ...job, numberRecordsProcessed };
    },
  });
  const end = await goOn(RUN, { org, folder: stateFolder() });
  expect(end).toMatchObject({ error: { code: "RUN_JOB_ABORTED" }, counts: { succeeded: 2 } });
  expect(shown).toEqual([0, 1, 2, 2]);
});

describe("PATCH", () => {
  test("lost on its way: the job is looked at and the PATCH repeated", async () => {
    const { org, end, calls } = await runWith([
      { on: "closeJob", when: "before", error: noAnswer },
    ]);
    expect(end.state).toBe("succeeded");
    expect(calls("closeJob")).toBe(2);
    expect(calls("abortJob")).toBe(0);
    expect(org.ledger).toHaveLength(2);
  });

  test("its answer lost: GET says that it took", async () => {
    const { org, end, calls } = await runWith([{ on: "closeJob", when: "after", error: noAnswer }]);
    expect(end.state).toBe("succeeded");
    expect(calls("closeJob")).toBe(1);
    expect(org.ledger).toHaveLength(2);
  });

  test("the org is away for long: the chunk stays `uploaded`, and resume closes the same job", async () => {
    const trouble: Trouble = { on: "closeJob", times: 9, when: "before", error: noAnswer };
    const { org, folder, end } = await runWith([trouble]);
    expect(end).toMatchObject({ state: "inFlight", counts: { inFlight: 2 } });
    expect((await goOn(RUN, { org, folder })).state).toBe("succeeded");
    expect(states(org)).toEqual(["JobComplete"]);
  });
});

test.each(["openJob", "uploadRows", "closeJob", "readJob", "readResults"])(
  "the API quota ends at %s: the run pauses, exit 7, and resume finishes it",
  async (on) => {
    const org = fakeOrg("Key__c", { row: (key) => (key === "b" ? "INVALID_FIELD:no:--" : null) });
    const folder = stateFolder();
    const spent = troubled([
      { on, times: 99, when: "before", error: apiLimit },
      { on: on === "uploadRows" ? "readJob" : on, times: 99, when: "before", error: apiLimit },
    ]);
    const end = await goOn(RUN, { org, folder, effect: spent.effect });
    expect(end).toMatchObject({ state: "inFlight", ended: false });
    expect(end.error).toMatchObject({ code: "SF_API_LIMIT", exitCode: 7 });
    const second = await goOn(RUN, { org, folder });
    expect(second.counts).toMatchObject({ succeeded: 1, failed: 1 });
    expect(org.ledger).toHaveLength(1);
  },
);

test("an org that can't be reached in the middle of a run is a pause: exit 7", async () => {
  const error = () => new EngineError("SF_UNREACHABLE", "ENOTFOUND");
  const { end } = await runWith([{ on: "readJob", times: 99, when: "before", error }]);
  expect(end.error).toMatchObject({ code: "RUN_IN_FLIGHT", exitCode: 7 });
});

test("polling begins at 1 s, grows, and stops at pollTimeout: exit 7, nothing is aborted", async () => {
  const org = fakeOrg("Key__c");
  const clock = handClock();
  const api = org.api;
  org.api = (effect) => ({
    ...api(effect),
    readJob: async (jobId) => {
      const job = org.jobs.get(jobId);
      return job === undefined ? null : { ...job, ...QUEUED, id: jobId };
    },
  });
  const folder = stateFolder();
  const run = { ...RUN, change: { pollTimeoutMs: 600_000 } };
  const end = await goOn(run, { org, folder, clock });
  expect(end.error).toMatchObject({ code: "RUN_IN_FLIGHT", exitCode: 7 });
  expect(clock.sleeps.slice(0, 4)).toEqual([1_000, 1_000, 1_500, 2_250]);
  expect(Math.max(...clock.sleeps)).toBe(30_000);
  org.api = api;
  expect((await goOn(run, { org, folder })).state).toBe("succeeded");
  expect(org.ledger).toHaveLength(2);
});

const QUEUED = {
  object: "Thing__c",
  operation: "insert",
  createdById: "",
  state: "UploadComplete" as const,
  numberRecordsProcessed: 0,
  numberRecordsFailed: 0,
  retries: 0,
};

test("a wall clock that is set back or forth decides nothing", async () => {
  for (const years of [-30, 30]) {
    const org = fakeOrg("Key__c");
    const clock = handClock();
    const { effect } = troubled([{ on: "uploadRows", when: "after", error: noAnswer }]);
    const jumping: typeof effect = (name, act) => {
      clock.jump((years * 31_536_000_000) / 10);
      return effect(name, act);
    };
    const change = { orgNow: () => 0 };
    const end = await goOn(RUN, { org, folder: stateFolder(), effect: jumping, clock, change });
    expect(end.state).toBe("succeeded");
    expect(org.ledger).toHaveLength(2);
  }
});
