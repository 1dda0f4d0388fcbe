import { expect, test } from "vitest";
import type { Clock } from "../../engine/base/clock.ts";
import { EngineError } from "../../engine/base/engine-error.ts";
import { withLease } from "../../engine/run/keep-lease.ts";
import type { StateStore } from "../../engine/state/state-store.ts";

/** A store that only counts, and a clock whose every pause ends when the test says so. */
function rig(beat: (n: number) => Promise<void>) {
  const told: string[] = [];
  const pauses: { ms: number; end: () => void }[] = [];
  let beats = 0;
  const lease = { streamId: 1, lockId: 1, epoch: 1, owner: "me" };
  const store = {
    acquireLease: async () => lease,
    heartbeat: async () => {
      told.push("beat");
      await beat(++beats);
    },
    releaseLease: async () => void told.push("released"),
  } as unknown as StateStore;
  const clock = {
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        pauses.push({ ms, end: resolve });
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
  } as unknown as Clock;
  const pass = async () => {
    pauses.at(-1)?.end();
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  return { told, pauses, pass, deps: { store, clock, signal: new AbortController().signal } };
}

test("a lease is kept by a beat every ten seconds, and given back at the end", async () => {
  const { told, pauses, pass, deps } = rig(async () => {});
  await withLease(1, deps, async () => {
    await pass();
    await pass();
  });
  expect(told).toEqual(["beat", "beat", "released"]);
  expect(new Set(pauses.map(({ ms }) => ms))).toEqual(new Set([10_000]));
});

test("a lease that was lost ends the work's signal with the reason", async () => {
  const lost = new EngineError("LEASE_LOST", "Another process took over.");
  const { told, pass, deps } = rig(async () => {
    throw lost;
  });
  await withLease(1, deps, async (_lease, signal) => {
    await pass();
    expect(signal.reason).toBe(lost);
  });
  expect(told).toEqual(["beat", "released"]);
});
