import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { finishAll, whatIsWrong } from "../chaos/judge.ts";
import type { KillPoint } from "../chaos/kill-proxy.ts";
import { json, newScenario, type Scenario } from "../chaos/scenario.ts";
import { calmCounts } from "../chaos/sweep.ts";
import type { Operation } from "../chaos/works.ts";

const open: Scenario[] = [];

afterEach(async () => {
  for (const scenario of open.splice(0)) await scenario.close();
});

async function scenarioOf(operation: Operation): Promise<Scenario> {
  const scenario = await newScenario(operation);
  open.push(scenario);
  return scenario;
}

test("two processes started together: one works, one exits 8 and names the other", async () => {
  const scenario = await scenarioOf("insert");
  const runs = [scenario.start(["run", "--json"]), scenario.start(["run", "--json"])];
  const ends = await Promise.all(runs.map(({ ended }) => ended));
  const documents = ends.map(({ stdout }) => JSON.parse(stdout));
  expect(documents.map(({ exitCode }) => exitCode).sort()).toEqual([4, 8]);
  const other = documents.find(({ exitCode }) => exitCode === 8);
  const pids = runs.map(({ child }) => child.pid).join("|");
  expect(other.error).toMatchObject({ code: "LOCKED" });
  expect(other.error.message).toMatch(new RegExp(`Process (${pids}) on `));
  expect(await whatIsWrong(scenario)).toEqual([]);
});

/** All of them under `npm run test:chaos`, the first one in the default run. */
function some<T>(cases: readonly T[]): readonly T[] {
  return process.env.CHAOS === undefined ? cases.slice(0, 1) : cases;
}

/** A create, an upload, a close: the stopped process wakes with the answer in its hands. */
const STOPS: readonly KillPoint[] = [
  { exchange: 5, when: "after" },
  { exchange: 8, when: "before" },
  { exchange: 14, when: "after" },
];

test.each(some(STOPS))(
  "stopped $when exchange $exchange, taken over from another host, woken: no harm",
  async (point) => {
    const counts = await calmCounts("insert");
    const scenario = await scenarioOf("insert");
    const stopped = scenario.start(["run", "--json"]);
    scenario.proxy.watch(stopped.child, point, "stop");
    while (scenario.proxy.count() < point.exchange) await wait(20);
    await wait(200);
    const taken = await json(scenario, ["resume"], { CHAOS_HOST: "another-host" });
    expect(taken.data.runs[0].counts).toEqual(counts);
    stopped.child.kill("SIGCONT");
    const woken = JSON.parse((await stopped.ended).stdout);
    expect(woken).toMatchObject({ exitCode: 8, error: { code: "LEASE_LOST" } });
    expect(await whatIsWrong(scenario)).toEqual([]);
    const { runs } = (await json(scenario, ["runs"])).data;
    expect(runs).toMatchObject([{ counts, ended: true }]);
  },
);

test("Ctrl-C finishes what is in hand, says how to resume, and leaves with 130 and a document", async () => {
  const counts = await calmCounts("upsert");
  const scenario = await scenarioOf("upsert");
  const run = scenario.start(["run", "--json"]);
  scenario.proxy.watch(null, null);
  while (scenario.proxy.count() < 12) await wait(10);
  run.child.kill("SIGINT");
  const end = await run.ended;
  const document = JSON.parse(end.stdout);
  expect(document).toMatchObject({ ok: false, exitCode: 130, error: { code: "RUN_INTERRUPTED" } });
  expect(document.error.hint).toMatch(/sluice resume/);
  expect(document.data.runs[0]).toMatchObject({ state: "inFlight" });
  expect(end.exitCode).toBe(130);
  expect(await finishAll(scenario)).toEqual(counts);
  expect(await whatIsWrong(scenario)).toEqual([]);
});

test("a second SIGTERM leaves at once, with a document, and that is safe too", async () => {
  const counts = await calmCounts("upsert");
  const scenario = await scenarioOf("upsert");
  const run = scenario.start(["run", "--json"]);
  // The org answers nothing: the first signal would have to wait for it.
  await scenario.org.faults([{ on: { method: "PUT", nth: 2 }, do: { hang: "after" } }]);
  scenario.proxy.watch(null, null);
  while (scenario.proxy.count() < 10) await wait(10);
  run.child.kill("SIGTERM");
  await wait(300);
  run.child.kill("SIGTERM");
  const end = await run.ended;
  expect(end.exitCode).toBe(143);
  expect(JSON.parse(end.stdout)).toMatchObject({ ok: false, exitCode: 143 });
  await scenario.org.faults([]);
  const finished = (await finishAll(scenario)) as Record<string, number>;
  expect(finished).toMatchObject({ source: 21, succeeded: 21, pending: 0, inFlight: 0 });
  expect(counts).toMatchObject({ source: 21 });
});

/** A run that had begun is finished by its name; before that there is nothing to resume. */
async function expectResumeNamed(scenario: Scenario, hint: string): Promise<void> {
  const { runs } = (await json(scenario, ["runs"])).data;
  const [begun] = runs.filter(({ ended }: { ended: boolean }) => !ended);
  if (begun !== undefined) expect(hint).toContain(`\n    sluice resume ${begun.runId}`);
  else expect(hint).not.toContain("sluice resume");
}

test.each(some([40, 9, 75]))(
  "the disk is full from write %i on: a clear error, and resume goes on",
  async (n) => {
    const counts = await calmCounts("insert");
    const scenario = await scenarioOf("insert");
    const end = await json(scenario, ["run"], { CHAOS_FULL: String(n), CHAOS_FILES: "1" });
    expect(["DISK", "STATE_UNUSABLE", "SF_FILE"]).toContain(end.error.code);
    expect(end.error.message).toMatch(/ENOSPC|the disk is full/);
    expect(end.error.hint).toMatch(/disk|room/);
    await expectResumeNamed(scenario, end.error.hint);
    expect(await finishAll(scenario)).toEqual(counts);
    expect(await whatIsWrong(scenario)).toEqual([]);
  },
);

test.each(some([200, 100, 300, 8]))(
  "no file may grow beyond %i KiB, as the system's limit has it: a clear error, and resume goes on",
  async (kib) => {
    const counts = await calmCounts("insert");
    const scenario = await scenarioOf("insert");
    const end = await scenario.start(["run", "--json"], {}, kib).ended;
    const { error } = JSON.parse(end.stdout);
    expect(error).toMatchObject({ code: "STATE_UNUSABLE" });
    expect(error.message).toMatch(/state\.db can't be used: (disk I\/O error|the disk is full)/);
    expect(error.hint).toMatch(/room on the disk/);
    await expectResumeNamed(scenario, error.hint);
    expect(await finishAll(scenario)).toEqual(counts);
    expect(await whatIsWrong(scenario)).toEqual([]);
  },
);
