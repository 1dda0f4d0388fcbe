import cron from "node-cron";
import type { Clock } from "../base/clock.ts";
import { randomFraction } from "../base/ids.ts";
import type { SyncSpec } from "../config/sync-spec.ts";

export interface DaemonDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Runs one sync; the daemon waits for it and never starts a second one of the same sync. */
  readonly runSync: (sync: string) => Promise<void>;
  /** One line about what the daemon does. */
  readonly log: (line: string) => void;
}

/** Runs every sync that has a schedule, by its cron and in its IANA zone, until the signal ends it.
 *  A tick that comes while the sync still runs is skipped, and said. Resolves when all runs that had
 *  begun have reached their checkpoint. */
export async function serveSchedules(syncs: readonly SyncSpec[], deps: DaemonDeps): Promise<void> {
  const running = new Map<string, Promise<void>>();
  const tasks = syncs.flatMap((sync) => {
    const { schedule } = sync;
    if (schedule === null) return [];
    const tick = () => {
      if (running.has(sync.name)) {
        deps.log(`${sync.name}: skipped, its last run is still at work`);
        return;
      }
      const run = runOnce(sync, deps).finally(() => running.delete(sync.name));
      running.set(sync.name, run);
    };
    return [cron.schedule(schedule.cron, tick, { timezone: schedule.timezone, name: sync.name })];
  });
  await aborted(deps.signal);
  for (const task of tasks) await task.stop();
  await Promise.all(running.values());
}

async function runOnce(sync: SyncSpec, deps: DaemonDeps): Promise<void> {
  const jitterMs = Math.floor((sync.schedule?.jitterMs ?? 0) * randomFraction());
  try {
    if (jitterMs > 0) await deps.clock.sleep(jitterMs, deps.signal);
    await deps.runSync(sync.name);
  } catch (error) {
    // A daemon outlives a run that failed: the next tick tries again.
    deps.log(`${sync.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
