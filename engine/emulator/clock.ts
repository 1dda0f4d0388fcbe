import { randomBytes } from "node:crypto";

/** The only place of the emulator that reads the clock, waits or draws random bytes. */
export function nowMs(): number {
  return Date.now();
}

/** Waits, but never keeps the process alive for it. Ends early when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/** Lets other work of the process go first. */
export function yieldNow(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Calls back every so often until the returned function is called. Does not keep the process alive.
 */
export function every(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  timer.unref();
  return () => clearInterval(timer);
}

/** Random text of letters, digits, `_` and `-`. */
export function randomText(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}

/** Epoch milliseconds as Salesforce writes a dateTime: whole seconds, offset without a colon. */
export function salesforceTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000+0000`;
}
