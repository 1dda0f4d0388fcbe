import { EngineError } from "../base/engine-error.ts";
import type { JobInfo } from "../salesforce/org.ts";
import type { RunDeps } from "./run-deps.ts";

/** Opens a job for the chunk. A create without an answer is repeated after a pause: at worst it leaves
 *  an empty Open job, which holds no rows and which `doctor` lists. Throws what the last try threw. */
export async function openJob(deps: RunDeps): Promise<JobInfo> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await deps.ingest.openJob(deps.plan.job);
    } catch (error) {
      const pause = pauseAfter(error, PAUSE_MS, attempt);
      const again = isPassing(error) && pause !== null && attempt < CREATES_MAX;
      if (!again || deps.signal.aborted) throw error;
      await deps.clock.sleep(pause, deps.signal);
    }
  }
}

const CREATES_MAX = 3;
const PAUSE_MS = 1_000;

/** What the org asked for by Retry-After rules; else the pause doubles. Null: it asked for longer than a run
 *  waits, and to come sooner would be to ignore it. */
export function pauseAfter(error: unknown, firstMs: number, attempt: number): number | null {
  const asked = error instanceof EngineError ? error.retryAfterMs : null;
  if (asked === null) return firstMs * 2 ** (attempt - 1);
  return asked > RETRY_AFTER_MS_MAX ? null : asked;
}

/** As long as GET waits (retry-policy.ts). */
const RETRY_AFTER_MS_MAX = 300_000;

/** No answer, or one that says "not now": another try may work. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof EngineError &&
    (error.code === "SF_NO_ANSWER" ||
      error.code === "SF_UNAVAILABLE" ||
      error.code === "SF_UNREACHABLE")
  );
}
