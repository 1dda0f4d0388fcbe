import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { EngineError } from "../../engine/base/engine-error.ts";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import type { Effect, FakeOrg } from "./fake-org.ts";
import { handClock } from "./hand-clock.ts";
import { goOn, stateFolder } from "./hand-run.ts";
import { killAt } from "./kill-at.ts";
import { orgFor, runOf } from "./troubled-run.ts";

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

/** Rows without a key are listed in failed.csv as they were returned: here a hand-made run has that file. */
const UNKEYED = { join: null, fingerprints: { columns: ["Key__c"], keyed: false } };
const RUNS = [
  ["an insert", runOf("insert")],
  ["an insert without a key", { ...runOf("insert"), change: UNKEYED }],
] as const;

test.each(
  RUNS.flatMap(([name, run]) => [[name, "before", run] as const, [name, "after", run] as const]),
)(
  "%s: stopped %s any effect and taken over, a process that wakes does no harm",
  async (_name, when, run) => {
    const calm = killAt(Number.POSITIVE_INFINITY, "before");
    const quiet = orgFor(run);
    const undisturbed = await goOn(run, { org: quiet, folder: stateFolder(), ...calm });
    const applied = appliedIn(quiet);
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
      expect(appliedIn(org)).toEqual(applied);
      expect(await whatIsSaved(folder), `woken ${when} effect ${at}`).toEqual(before);
    }
    // Stopped after its last save, it had nothing left to lose.
    const ended = when === "after" ? ["RUN_ROWS_FAILED"] : [];
    expect([...fates].sort()).toEqual(["LEASE_LOST", ...ended]);
  },
);

function appliedIn(org: FakeOrg): string[] {
  return org.ledger.map(({ key }) => key).sort();
}

/** The run, its chunks, its segments and the files that they name; failed.csv also as the file it is, because
 *  a late writer may have read another source. */
function whatIsSaved(folder: string): Promise<unknown> {
  const store = openSqliteStore(folder, handClock());
  const read = async () => {
    const [run] = await store.listRuns({ limit: 1 });
    if (run === undefined) throw new Error("The run is not in the state.");
    const at = (file: string) => path.join(run.folder, file);
    const chunks = await store.listChunks(run.id);
    const segments = await store.listSegments(run.streamId);
    const files = [
      ...segments.map(({ file }) => file),
      ...chunks.flatMap(({ misses }) => (misses === null ? [] : [at(misses)])),
    ].map((file) => [file, readFileSync(file).toString("base64")]);
    const failed = statSync(at("failed.csv"), { throwIfNoEntry: false });
    return { run, chunks, segments, files, failed: failed && [failed.ino, failed.mtimeMs] };
  };
  return read().finally(() => store.close());
}
