import type { Clock } from "../../engine/base/clock.ts";

/** A clock that sleeps no time: it moves on at once and notes how long it would have slept. */
export interface HandClock extends Clock {
  readonly sleeps: number[];
}

export function handClock(startMs = Date.parse("2026-03-01T10:00:00Z")): HandClock {
  let now = startMs;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    monotonic: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      now += ms;
    },
  };
}
