import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { EngineError } from "../../engine/base/engine-error.ts";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import type { Effect } from "./fake-org.ts";
import { handClock } from "./hand-clock.ts";
import { goOn, stateFolder } from "./hand-run.ts";
import { killAt } from "./kill-at.ts";
import { expectOnce, orgFor, runOf } from "./troubled-run.ts";

/** Stops the process at its n-th effect, as SIGSTOP does, until it is woken. */
function stopAt(at: number, when: "before" | "after") {
  let count = 0;
  let wake = () => {};
  let stopped = () => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const isStopped = new Promise<"stopped">((resolve) => {
    stopped = () => resolve("stopped");
  });
  let asleep = false;
  const effect: Effect = async (_name, act) => {
    const n = ++count;
    if (n === at) {
      asleep = true;
      if (when === "before") stopped();
    }
    if (asleep && !(n === at && when === "after")) await woken;
    const result = await act();
    if (n === at && when === "after") stopped();
    // All of a stopped process stands still, whatever else it had begun.
    if (asleep) await woken;
    return result;
  };
  return { effect, isStopped, wake };
}

test.each(["before", "after"] as const)(
  "stopped %s any effect and taken over, a process that wakes does no harm",
  async (when) => {
    const run = runOf("insert");
    const calm = killAt(Number.POSITIVE_INFINITY, "before");
    const undisturbed = await goOn(run, { org: orgFor(run), folder: stateFolder(), ...calm });
    const fates = new Set<string>();
    for (let at = 2; at < calm.count(); at++) {
      const org = orgFor(run);
      const folder = stateFolder();
      const stop = stopAt(at, when);
      const first = goOn(run, { org, folder, effect: stop.effect }).then(
        (end) => end.error?.code ?? "ended",
        (error: unknown) => (error instanceof EngineError ? error.code : String(error)),
      );
      await Promise.race([stop.isStopped, first]);
      const second = await goOn(run, { org, folder });
      expect(second.counts, `taken over ${when} effect ${at}`).toEqual(undisturbed.counts);
      const before = await whatIsSaved(folder);
      stop.wake();
      fates.add(await first);
      expectOnce(org, run);
      expect(await whatIsSaved(folder), `woken ${when} effect ${at}`).toEqual(before);
    }
    // Stopped after its last save, it had nothing left to lose.
    const ended = when === "after" ? ["RUN_ROWS_FAILED"] : [];
    expect([...fates].sort()).toEqual(["LEASE_LOST", ...ended]);
  },
);

/** The run, its chunks, its segments and the files that they name. */
function whatIsSaved(folder: string): Promise<unknown> {
  const store = openSqliteStore(folder, handClock());
  const name = readdirSync(path.join(folder, "runs"))[0] ?? "";
  const read = async () => {
    const run = await store.readRun(name);
    const chunks = await store.listChunks(name);
    const segments = await store.listSegments(run?.streamId ?? 0);
    const files = [
      ...segments.map(({ file }) => file),
      ...chunks.flatMap(({ misses }) => (misses === null ? [] : [at(misses)])),
    ].map((file) => [file, readFileSync(file).toString("base64")]);
    return { run, chunks, segments, files };
  };
  const at = (file: string) => path.join(folder, "runs", name, file);
  return read().finally(() => store.close());
}
