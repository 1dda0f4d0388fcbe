import type { Clock } from "../../engine/base/clock.ts";

export interface HandClock extends Clock {
  /** Every sleep that was asked for, in milliseconds. */
  readonly sleeps: number[];
  /** Moves the wall clock, as somebody who sets it: the monotonic one stays. */
  jump(ms: number): void;
}

/** A clock that sleeps no time. The heartbeat's sleep alone waits, for the end of its run: it would
 *  beat without a pause otherwise. */
export function handClock(): HandClock {
  let monotonic = 0;
  let wall = Date.parse("2026-03-01T10:00:00Z");
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => wall,
    monotonic: () => monotonic,
    jump(ms) {
      wall += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      if (ms === HEARTBEAT_MS) return untilAborted(signal);
      sleeps.push(ms);
      monotonic += ms;
      wall += ms;
    },
  };
}

const HEARTBEAT_MS = 10_000;

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
