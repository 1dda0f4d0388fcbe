import { expect, test } from "vitest";
import { EngineError } from "../../engine/base/engine-error.ts";
import { noAnswer } from "./fake-org.ts";
import { goOn, stateFolder } from "./hand-run.ts";
import { killAt } from "./kill-at.ts";
import { expectOnce, orgFor, runOf } from "./troubled-run.ts";
import { troubled } from "./troubles.ts";

const WRITES = ["createRun", "updateRun", "addChunks", "saveChunk", "settleChunk"];

test("interrupted at any effect: it is finished and saved, and resume goes on", async () => {
  const run = runOf("insert");
  const calm = killAt(Number.POSITIVE_INFINITY, "before");
  const undisturbed = await goOn(run, { org: orgFor(run), folder: stateFolder(), ...calm });
  for (let at = 2; at < calm.count(); at++) {
    const org = orgFor(run);
    const folder = stateFolder();
    const controller = new AbortController();
    let count = 0;
    const effects: string[] = [];
    const effect = async <T>(name: string, act: () => T | Promise<T>): Promise<T> => {
      if (++count === at) controller.abort(new EngineError("RUN_INTERRUPTED", "as asked"));
      if (controller.signal.aborted) effects.push(name);
      return act();
    };
    const end = await goOn(run, { org, folder, effect, signal: controller.signal });
    // Nothing begins any more: what was begun is saved.
    expect(effects.filter((name) => name === "openJob").length).toBeLessThanOrEqual(2);
    if (!end.ended) expect(end.error).toMatchObject({ code: "RUN_INTERRUPTED" });
    expect(end.ended ? end.state : "inFlight").toBe(end.state);
    const resumed = end.ended ? end : await goOn(run, { org, folder });
    expect(resumed.counts, `interrupted at effect ${at}`).toEqual(undisturbed.counts);
    expectOnce(org, run);
  }
});

const CHANGES = ["openJob", "uploadRows", "closeJob", "abortJob"];

test("what changes the org is never cut off by the interruption: its answer is what is saved", async () => {
  const org = orgFor(runOf("insert"));
  const { api } = org;
  const cut: string[] = [];
  org.api = (effect) =>
    new Proxy(api(effect), {
      get(target, name) {
        const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (args.some((one) => one instanceof AbortSignal)) cut.push(String(name));
          return method(...args);
        };
      },
    });
  const failOnce = troubled([{ on: "uploadRows", when: "after", error: noAnswer }]);
  await goOn(runOf("insert"), { org, folder: stateFolder(), effect: failOnce.effect });
  expect(failOnce.names).toEqual(expect.arrayContaining(["openJob", "closeJob", "abortJob"]));
  expect(cut.filter((name) => CHANGES.includes(name))).toEqual([]);
});

test("a save that fails stops its chunk before the next effect; resume goes on", async () => {
  const run = runOf("insert");
  const calm = killAt(Number.POSITIVE_INFINITY, "before");
  const undisturbed = await goOn(run, { org: orgFor(run), folder: stateFolder(), ...calm });
  const writes = calm.names.filter((name) => WRITES.includes(name)).length;
  for (let at = 1; at <= writes; at++) {
    const org = orgFor(run);
    const folder = stateFolder();
    let count = 0;
    const effect = async <T>(name: string, act: () => T | Promise<T>): Promise<T> => {
      // The disk stays full: no later save works either.
      if (WRITES.includes(name) && ++count >= at) {
        throw new EngineError("STATE_UNUSABLE", "the disk is full");
      }
      return act();
    };
    const failed = await goOn(run, { org, folder, effect }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "STATE_UNUSABLE" });
    const end = await goOn(run, { org, folder });
    expect(end.counts, `disk full from write ${at} on`).toEqual(undisturbed.counts);
    expectOnce(org, run);
  }
});
