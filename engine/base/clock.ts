/** Time for the whole engine: the only file that touches the system clock and timers, so that a
 *  test can move time by hand. */
export interface Clock {
  /** Milliseconds since the epoch. For people to read: never used to decide an outcome. */
  now(): number;
  /** Milliseconds of a clock that never goes back. Decides time-outs. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
    }),
};

/** ISO text in UTC of a clock's now, for records that people read. */
export function isoNow(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
