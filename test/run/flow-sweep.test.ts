import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { whatIsWrong } from "../chaos/judge.ts";
import { RETRY } from "../chaos/retry-work.ts";
import { workOf } from "../chaos/works.ts";
import { asIs, type FlowPlace, inProcess, openPlace, prepared, runsOf } from "./flow-process.ts";
import { killAt } from "./kill-at.ts";
import { killAtNamed } from "./troubles.ts";

/** Under `npm run test:chaos` every effect is a point; in the default run every eighth. */
const STEP = process.env.CHAOS === undefined ? 8 : 1;

/** The whole flow of a sync in this process, with the real client, state and local org: its planning,
 *  its query for Ids, and a run that follows from another are killed too. */
test.each(["mirror", "retry"] as const)(
  "%s: killed in the middle of the flow, each row is applied once",
  async (operation) => {
    const work = workOf(operation);
    const { folder, before } = await prepared(work);
    const begin = work.begin(before);
    const trial = async (at: number, when: "before" | "after") => {
      const place = await openPlace(folder);
      try {
        await place.org.faults([...work.faults]);
        const appliedBefore = (await place.org.ledger()).length;
        const kill = killAt(at, when);
        await Promise.race([inProcess(place, kill.effect, begin), kill.death]);
        const end = await finish(place, begin, before.runs);
        const wrong = await whatIsWrong({ ...place, work, before, appliedBefore });
        return { names: kill.names, outcome: { end, wrong } };
      } finally {
        await place.close();
      }
    };
    try {
      const calm = await trial(Number.POSITIVE_INFINITY, "before");
      expect(calm.outcome.wrong).toEqual([]);
      expect(calm.names.length).toBeGreaterThan(60);
      for (let at = 1; at <= calm.names.length; at += STEP) {
        for (const when of ["before", "after"] as const) {
          const { names, outcome } = await trial(at, when);
          expect(outcome, `killed ${when} ${names.at(-1)}, effect ${at}`).toEqual(calm.outcome);
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

/** Resumes until nothing is left to resume, then begins again what never began, or what is planned
 *  anew; gives how it ended. */
async function finish(
  place: FlowPlace,
  begin: readonly string[],
  runsBefore: readonly string[],
): Promise<unknown> {
  for (let tries = 0; tries < 5; tries++) {
    const resumed = await inProcess(place, asIs, ["resume"]);
    if (resumed.some(({ ended }) => !ended)) continue;
    const [own] = await runsOf(place);
    if (begin[0] === "retry" && own !== undefined && !runsBefore.includes(own.id)) {
      return own.counts;
    }
    const reports = await inProcess(place, asIs, begin);
    const states = reports.map(({ state }) => state);
    if (states.join() === "nothingToDo") return states;
  }
  throw new Error("It does not come to its end.");
}

test("a retry that was killed goes on in a project that was moved meanwhile", async () => {
  const { folder, before } = await prepared(RETRY);
  const place = await openPlace(folder);
  const kill = killAtNamed("addChunks", 1, "before");
  await Promise.race([inProcess(place, kill.effect, RETRY.begin(before)), kill.death]);
  await place.org.emulator.close();
  const moved = await openPlace(place.folder);
  for (const old of [folder, place.folder]) rmSync(old, { recursive: true, force: true });
  try {
    const reports = await inProcess(moved, asIs, ["resume"]);
    expect(reports.map(({ error }) => error)).toEqual([null]);
    expect(reports[0]?.counts).toMatchObject({ source: 17, succeeded: 17 });
  } finally {
    await moved.close();
  }
});
