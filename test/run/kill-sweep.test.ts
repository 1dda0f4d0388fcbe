import { expect, test } from "vitest";
import type { RunEnd } from "../../engine/run/finish-run.ts";
import { type FakeOrg, fakeOrg } from "./fake-org.ts";
import { goOn, type HandRun, type Operation, stateFolder } from "./hand-run.ts";
import { killAt } from "./kill-at.ts";

/** Three chunks of four rows; one row that never works, two that work the second time, one that waits
 *  for its parent, and one job that ends Failed after two rows. */
function runOf(operation: Operation): HandRun {
  const byId = operation === "update" || operation === "delete";
  const columns =
    operation === "delete" ? ["Id"] : [byId ? "Id" : "Key__c", "Name", "Parent.Key__c"];
  const rows = Array.from({ length: 12 }, (_, i) => {
    const key = byId ? `a0X00000000${String(1000 + i)}AAA` : `k${i}`;
    return columns.length === 1 ? [key] : [key, `Name ${i}`, `p${i % 3}`];
  });
  return { operation, columns, rows, chunkRows: 4 };
}

function orgFor(run: HandRun): FakeOrg {
  const keys = run.rows.map(([key]) => key ?? "");
  const keyColumn = run.columns[0] ?? "";
  let failedJobs = 0;
  return fakeOrg(keyColumn, {
    row: (key, attempt) => {
      if (key === keys[3])
        return "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --";
      if ((key === keys[5] || key === keys[6]) && attempt === 1) {
        return "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--";
      }
      if (key === keys[2] && attempt === 1) {
        return "INVALID_FIELD:Foreign key external ID: p0 not found for field Key__c in entity X:--";
      }
      return null;
    },
    job: (_n, job) => {
      const isThird = job.content.some(([key]) => key === keys[8]) && job.content.length === 4;
      if (!isThird || failedJobs++ > 0) return null;
      return { state: "Failed", after: 2, error: "TooManyLockFailure : Too many lock failure 200" };
    },
  });
}

function expectOnce(org: FakeOrg, run: HandRun): void {
  const applied = org.ledger.map(({ key }) => key).sort();
  const wanted = run.rows.flatMap(([key], i) => (i === 3 ? [] : [key ?? ""])).sort();
  expect(applied).toEqual(wanted);
  for (const job of org.jobs.values()) {
    const holdsRows = job.state === "Open" && job.puts > 0;
    expect(holdsRows, `job ${job.id} is left open with rows`).toBe(false);
    expect(job.puts).toBeLessThanOrEqual(1);
  }
}

const OPERATIONS: readonly Operation[] = ["insert", "update", "upsert", "delete"];

test.each(OPERATIONS)(
  "%s: killed before and after every effect, each row is applied once",
  async (operation) => {
    const run = runOf(operation);
    const quiet = orgFor(run);
    const calm = killAt(Number.POSITIVE_INFINITY, "before");
    const undisturbed = await goOn(run, { org: quiet, folder: stateFolder(), effect: calm.effect });
    expectOnce(quiet, run);
    expect(undisturbed.counts).toMatchObject({ source: 12, sent: 12, succeeded: 11, failed: 1 });
    const effects = calm.count();
    expect(effects).toBeGreaterThan(40);

    for (let at = 1; at <= effects; at++) {
      for (const when of ["before", "after"] as const) {
        const org = orgFor(run);
        const end = await killedAndResumed(run, org, [[at, when]]);
        expectOnce(org, run);
        expect(end, `killed ${when} effect ${at}`).toEqual(undisturbed.counts);
      }
    }
  },
);

test("killed twice, at a sample of all pairs, each row is applied once", async () => {
  const run = runOf("insert");
  const calm = killAt(Number.POSITIVE_INFINITY, "before");
  const first = await goOn(run, { org: orgFor(run), folder: stateFolder(), effect: calm.effect });
  for (let at = 1; at <= calm.count(); at += 3) {
    for (const next of [1, 4, 9, 16]) {
      const org = orgFor(run);
      const end = await killedAndResumed(run, org, [
        [at, "after"],
        [next, "before"],
      ]);
      expectOnce(org, run);
      expect(end, `killed at ${at}, then at ${next}`).toEqual(first.counts);
    }
  }
});

/** Runs, is killed at each of the points in turn, and is resumed until it ends; gives the counts. */
async function killedAndResumed(
  run: HandRun,
  org: FakeOrg,
  points: readonly (readonly [number, "before" | "after"])[],
): Promise<RunEnd["counts"]> {
  const folder = stateFolder();
  for (const [at, when] of points) {
    const kill = killAt(at, when);
    const end = await Promise.race([goOn(run, { org, folder, effect: kill.effect }), kill.death]);
    if (end !== "killed") return end.counts;
  }
  const end = await goOn(run, { org, folder });
  if (!end.ended) throw new Error(`not ended: ${end.error?.message}`);
  return end.counts;
}
