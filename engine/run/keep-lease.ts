import { setMaxListeners } from "node:events";
import type { Clock } from "../base/clock.ts";
import { asEngineError } from "../base/engine-error.ts";
import type { Lease, StateStore } from "../state/state-store.ts";

/** Holds a stream's lease while `work` runs: beats its heart, and ends the work's signal when another
 *  process took over. The lease is given back however the work ends. Throws LOCKED when it is held. */
export async function withLease<T>(
  streamId: number,
  deps: { readonly store: StateStore; readonly clock: Clock; readonly signal: AbortSignal },
  work: (lease: Lease, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { store, clock } = deps;
  const lease = await store.acquireLease(streamId, deps.signal);
  const lost = new AbortController();
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, lost.signal]);
  // Every job at work listens to it, and none longer than its request or pause takes.
  setMaxListeners(0, signal);
  const beating = beatUntilStopped();
  try {
    return await work(lease, signal);
  } finally {
    stop.abort();
    await beating;
    // A lease that can't be given back is taken over as soon as this process is gone.
    await store.releaseLease(lease).catch(() => {});
  }

  async function beatUntilStopped(): Promise<void> {
    for (;;) {
      try {
        await clock.sleep(BEAT_INTERVAL_MS, stop.signal);
      } catch {
        // The work has ended.
        return;
      }
      try {
        await store.heartbeat(lease);
      } catch (error) {
        lost.abort(asEngineError(error));
        return;
      }
    }
  }
}

/** A sixth of the silence after which another host may take over. */
const BEAT_INTERVAL_MS = 10_000;
