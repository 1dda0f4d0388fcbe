import { API } from "../emulator/local-org.ts";
import { json, type Scenario } from "./scenario.ts";
import { keysById } from "./works.ts";

/** Resumes until nothing is left to resume, begins the work where it never began, and gives the run's
 *  counts; null for a work of two runs. */
export async function finishAll(scenario: Scenario): Promise<unknown> {
  const { work, before, begin } = scenario;
  scenario.proxy.watch(null, null);
  for (let tries = 0; tries < 6; tries++) {
    const resumed = await json(scenario, ["resume"]);
    if (resumed.exitCode === 7) continue;
    if (!work.inTwoRuns) {
      const [run] = resumed.data.runs;
      if (run !== undefined) return run.counts;
      const { runs } = (await json(scenario, ["runs"])).data;
      const own = runs.find(({ runId }: { runId: string }) => !before.runs.includes(runId));
      if (own !== undefined) return own.counts;
    }
    const begun = await json(scenario, begin);
    if (begun.exitCode === 7) continue;
    if (!work.inTwoRuns) return begun.data.runs[0].counts;
    const once = await json(scenario, begin);
    const states = once.data.runs.map(({ state }: { state: string }) => state);
    if (states.join() !== "nothingToDo") throw new Error(`Once more, it ended: ${states}`);
    return null;
  }
  throw new Error("The run does not come to its end.");
}

/** Asks the org, which knows nothing of the engine: each row that can be applied was applied once, and
 *  no job is left Open with rows in it. Gives what is wrong; empty when all is well. */
export async function whatIsWrong(
  scenario: Pick<Scenario, "org" | "work" | "before" | "appliedBefore">,
): Promise<string[]> {
  const { org, work, before, appliedBefore } = scenario;
  const wrong: string[] = [];
  const now = new Map(await keysById(org));
  const entries = (await org.call("GET", "/__control/ledger")).json.slice(appliedBefore);
  const applied = new Map<string, number>(work.applied.map((key) => [key, 0]));
  for (const { id } of entries) {
    const key = now.get(id) ?? before.keys[id] ?? id;
    applied.set(key, (applied.get(key) ?? 0) + 1);
  }
  for (const [key, count] of applied) {
    const due = work.applied.includes(key) ? 1 : 0;
    if (count !== due) wrong.push(`${key} was applied ${count} times, not ${due}`);
  }
  if (work.left !== null) {
    const held = [...now.values()].sort().join();
    if (held !== [...work.left].sort().join()) wrong.push(`the org holds ${held}`);
  }
  const { records } = (await org.call("GET", `${API}/jobs/ingest`)).json;
  for (const { id, state } of records) {
    if (state !== "Open") continue;
    const job = (await org.call("GET", `${API}/jobs/ingest/${id}`)).json;
    if (job.numberRecordsProcessed !== undefined) wrong.push(`job ${id} is left Open with rows`);
  }
  return wrong;
}
