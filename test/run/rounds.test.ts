import fc from "fast-check";
import { expect, test } from "vitest";
import { countRun } from "../../engine/run/count-run.ts";
import type { ChunkRow } from "../../engine/state/state-store.ts";
import { fakeOrg } from "./fake-org.ts";
import { handClock } from "./hand-clock.ts";
import { goOn, type HandRun, planOf, stateFolder } from "./hand-run.ts";
import { killAtNamed } from "./troubles.ts";

const LOCKED = "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--";
const ORPHAN = "INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--";

/** Twelve rows of three parents, in an order that mixes them. */
function runOf(change: HandRun["change"] = {}): HandRun {
  const rows = Array.from({ length: 12 }, (_, i) => [`k${i}`, `p${i % 3}`]);
  return { operation: "upsert", columns: ["Key__c", "Parent.Key__c"], rows, chunkRows: 4, change };
}

test("transient rows go again sorted by parent, in chunks no larger than the spec's", async () => {
  const org = fakeOrg("Key__c", { row: (_key, attempt) => (attempt === 1 ? LOCKED : null) });
  const end = await goOn(runOf(), { org, folder: stateFolder() });
  expect(end).toMatchObject({ state: "succeeded", counts: { succeeded: 12, failed: 0, sent: 12 } });
  const again = [...org.jobs.values()].slice(3).map(({ content }) => content);
  expect(again.map(({ length }) => length)).toEqual([4, 4, 4]);
  expect(again.flat().map(([, parent]) => parent)).toEqual([..."000011112222"].map((n) => `p${n}`));
});

test("rows whose parent was missing go after all others of their round have ended", async () => {
  const org = fakeOrg("Key__c", {
    row: (key, attempt) =>
      attempt > 1 ? null : key === "k1" ? ORPHAN : key < "k3" ? LOCKED : null,
  });
  const states: string[][] = [];
  const effect = async <T>(name: string, act: () => T | Promise<T>) => {
    if (name === "openJob") states.push([...org.jobs.values()].map(({ state }) => state));
    return act();
  };
  const run = runOf({ parallelJobs: 8 });
  const end = await goOn(run, { org, folder: stateFolder(), effect });
  expect(end.state).toBe("succeeded");
  const jobs = [...org.jobs.values()];
  expect(jobs.at(-1)?.content.map(([key]) => key)).toEqual(["k1"]);
  expect(new Set(states.at(-1))).toEqual(new Set(["JobComplete"]));
});

test("a parent in the same file is there when its child goes again", async () => {
  const seen = new Set<string>();
  const org = fakeOrg("Key__c", {
    row: (key) => {
      seen.add(key);
      return key === "k0" && !seen.has("k11") ? ORPHAN : null;
    },
  });
  expect((await goOn(runOf(), { org, folder: stateFolder() })).state).toBe("succeeded");
});

test("rows whose parent was missing go with the round of others, though none has arrived yet", async () => {
  const org = fakeOrg("Key__c", {
    row: (key, attempt) => (attempt > 1 ? null : key < "k3" ? LOCKED : ORPHAN),
  });
  const end = await goOn(runOf(), { org, folder: stateFolder() });
  expect(end).toMatchObject({ state: "succeeded", counts: { sent: 12, succeeded: 12, failed: 0 } });
  expect(org.ledger).toHaveLength(12);
});

test("rows whose parent was missing are failed when no row of their round arrived", async () => {
  const org = fakeOrg("Key__c", { row: () => ORPHAN });
  const end = await goOn(runOf(), { org, folder: stateFolder() });
  expect(end).toMatchObject({ state: "failed", counts: { sent: 12, failed: 12 } });
  expect(org.jobs.size).toBe(3);
});

test("a row of which nothing is known counts as unknown; counts that do not add up are never told", () => {
  const plan = planOf(runOf());
  expect(countRun(plan, [])).toMatchObject({ source: 12, sent: 0, pending: 12 });
  const lost = { ...plan, plan: { ...plan.plan, counts: { ...plan.plan.counts, source: 13 } } };
  expect(() => countRun(lost, [])).toThrow(/12 of 13 rows/);
  const none = {
    created: null,
    updated: null,
    deleted: null,
    failed: 0,
    unprocessed: 0,
    unknown: 0,
  };
  const withSucceeded = (succeeded: number) => {
    const counts = { ...none, succeeded, retryable: { failed: 0, unprocessed: 0 } };
    return [{ round: 0, rows: 4, phase: "settled", counts } as ChunkRow];
  };
  const short = countRun(plan, withSucceeded(3));
  expect(short).toMatchObject({ sent: 4, succeeded: 3, unknown: 1, pending: 8 });
  expect(() => countRun(plan, withSucceeded(5))).toThrow(/5 outcomes of 4 rows sent/);
});

/** What the n-th sending of a row comes to; the last one stands for all that follow. */
const answers = fc.array(
  fc.constantFrom(null, LOCKED, ORPHAN, "STRING_TOO_LONG:x:Name --", "REQUIRED_FIELD_MISSING:x:--"),
  { minLength: 1, maxLength: 4 },
);
const ends = fc.array(
  fc.constantFrom(
    null,
    { state: "Failed" as const, error: "TooManyLockFailure" },
    { state: "Failed" as const, error: "InvalidBatch : Field name not found : X" },
    { state: "Aborted" as const, error: null },
  ),
  { maxLength: 8 },
);

test("whatever rows and jobs come to, the counts add up and tell what the org applied", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(answers, { minLength: 12, maxLength: 12 }),
      ends,
      fc.nat(3),
      fc.nat(4),
      async (rows, jobs, roundsMax, after) => {
        const org = fakeOrg("Key__c", {
          row: (key, attempt) => {
            const own = rows[Number(key.slice(1))] ?? [];
            return own[Math.min(attempt, own.length) - 1] ?? null;
          },
          job: (n) => {
            const end = jobs[n - 1] ?? null;
            const begun = end?.error?.startsWith("InvalidBatch") ? 0 : after;
            return end === null ? null : { ...end, after: begun };
          },
        });
        const folder = stateFolder();
        const { counts } = await goOn(runOf({ roundsMax }), { org, folder });
        const { sent, pending, succeeded, failed, unprocessed, unknown, inFlight } = counts;
        expect(sent + pending).toBe(12);
        expect(succeeded + failed + unprocessed + unknown + inFlight).toBe(sent);
        expect(succeeded).toBe(org.ledger.length);
        expect(new Set(org.ledger.map(({ key }) => key)).size).toBe(org.ledger.length);
        expect({ unknown, inFlight }).toEqual({ unknown: 0, inFlight: 0 });
      },
    ),
    { numRuns: 60 },
  );
});

test("each round has half the jobs of the one before side by side", async () => {
  const org = fakeOrg("Key__c", { row: (_key, attempt) => (attempt <= 2 ? LOCKED : null) });
  let open = 0;
  const most: number[] = [];
  const effect = async <T>(name: string, act: () => T | Promise<T>) => {
    const result = await act();
    if (name === "openJob") most.push(++open);
    if (name === "settleChunk") open--;
    return result;
  };
  const run: HandRun = { ...runOf({ parallelJobs: 4 }), chunkRows: 2 };
  await goOn(run, { org, folder: stateFolder(), effect });
  expect(Math.max(...most.slice(0, 6))).toBe(4);
  expect(Math.max(...most.slice(6, 12))).toBe(2);
  expect(Math.max(...most.slice(12))).toBe(1);
});

test("retry.rounds bounds them; what is left is failed", async () => {
  const org = fakeOrg("Key__c", { row: (key) => (key === "k5" ? LOCKED : null) });
  const clock = handClock();
  const end = await goOn(runOf({ roundsMax: 2 }), { org, folder: stateFolder(), clock });
  expect(end.counts).toMatchObject({ succeeded: 11, failed: 1 });
  expect(org.jobs.size).toBe(5);
  expect(clock.sleeps.filter((ms) => ms === 2_000)).toHaveLength(1);
});

test("a row of data's fault is not sent again", async () => {
  const org = fakeOrg("Key__c", {
    row: (key) => (key === "k5" ? "STRING_TOO_LONG:x:Name --" : null),
  });
  const end = await goOn(runOf(), { org, folder: stateFolder() });
  expect(end.counts).toMatchObject({ succeeded: 11, failed: 1 });
  expect(org.jobs.size).toBe(3);
});

test("killed between rounds, the orphans still go last", async () => {
  const org = fakeOrg("Key__c", {
    row: (key, attempt) =>
      attempt > 1 ? null : key === "k1" ? ORPHAN : key < "k3" ? LOCKED : null,
  });
  const folder = stateFolder();
  const kill = killAtNamed("addChunks", 4, "after");
  await Promise.race([goOn(runOf(), { org, folder, effect: kill.effect }), kill.death]);
  expect(org.jobs.size).toBe(3);
  await goOn(runOf(), { org, folder });
  expect([...org.jobs.values()].at(-1)?.content.map(([key]) => key)).toEqual(["k1"]);
});
