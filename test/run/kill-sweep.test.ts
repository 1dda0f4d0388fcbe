import { expect, test } from "vitest";
import type { RunEnd } from "../../engine/run/finish-run.ts";
import type { FakeOrg } from "./fake-org.ts";
import { goOn, type HandRun, stateFolder } from "./hand-run.ts";
import { killAt } from "./kill-at.ts";
import { expectOnce, orgFor, runOf } from "./troubled-run.ts";

const MIRROR = { mirrorOf: { runId: "the run before", cells: [] }, joinBySidecar: false };

const RUNS: readonly (readonly [string, HandRun])[] = [
  ...(["insert", "update", "upsert", "delete"] as const).map(
    (operation) => [operation, runOf(operation)] as const,
  ),
  ["mirror", { ...runOf("delete"), change: MIRROR }],
];

/** The default run has no room for every effect of every operation: `npm run test:chaos` has. The rows
 *  of an insert can be doubled, so it is swept whole here too. */
const STEP = process.env.CHAOS === undefined ? 4 : 1;

test.each(RUNS)(
  "%s: killed before and after an effect, each row is applied once",
  async (name, run) => {
    const quiet = orgFor(run);
    const calm = killAt(Number.POSITIVE_INFINITY, "before");
    const undisturbed = await goOn(run, { org: quiet, folder: stateFolder(), effect: calm.effect });
    expectOnce(quiet, run);
    expect(undisturbed.counts).toMatchObject({ source: 12, sent: 12, succeeded: 11, failed: 1 });
    const effects = calm.count();
    expect(effects).toBeGreaterThan(40);

    for (let at = 1; at <= effects; at += name === "insert" ? 1 : STEP) {
      for (const when of ["before", "after"] as const) {
        const org = orgFor(run);
        const end = await killedAndResumed(run, org, [[at, when]]);
        expectOnce(org, run);
        expect(end, `killed ${when} effect ${at}`).toEqual(undisturbed.counts);
      }
    }
  },
);

test("an insert without a key: killed before and after an effect, no row is applied twice", async () => {
  const change = { join: null, fingerprints: { columns: ["Key__c"], keyed: false } };
  const run: HandRun = { ...runOf("insert"), change };
  const calm = killAt(Number.POSITIVE_INFINITY, "before");
  const quiet = orgFor(run);
  const { counts } = await goOn(run, { org: quiet, folder: stateFolder(), effect: calm.effect });
  // Rows that can't be told apart are not sent again in the run.
  expect(counts).toMatchObject({ sent: 12, succeeded: 6, failed: 4, unprocessed: 2 });
  const applied = quiet.ledger.map(({ key }) => key).sort();
  for (let at = 1; at <= calm.count(); at += STEP) {
    for (const when of ["before", "after"] as const) {
      const org = orgFor(run);
      const end = await killedAndResumed(run, org, [[at, when]]);
      expect(org.ledger.map(({ key }) => key).sort(), `killed ${when} ${at}`).toEqual(applied);
      expect(end).toEqual(counts);
    }
  }
});

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
