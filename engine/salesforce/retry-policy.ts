/** Attempts of one GET or DELETE in all. With the waits below they cover about a minute, the usual
 *  length of a hiccup; a longer outage is for `resume`. */
export const ATTEMPTS_MAX = 8;
/** Status 420 means that the edge knows no route to the org (yet): jsforce tries it twice again. */
export const ATTEMPTS_NO_ROUTE_MAX = 3;
/** Before the org has answered anything, a failing connection is more often a slip of the pen in its
 *  address than a hiccup, and somebody waits for the message. */
export const ATTEMPTS_FIRST_CONTACT_MAX = 3;
const WAIT_FIRST_MS = 500;
const WAIT_MAX_MS = 30_000;
/** Asked to wait longer than this, we stop and say so. */
const RETRY_AFTER_MAX_MS = 300_000;

/** Statuses that mean "busy", after which a request that changes nothing may be sent again. */
export function isBusy(status: number): boolean {
  return status === 420 || status === 429 || BUSY_5XX.has(status);
}

const BUSY_5XX = new Set([500, 502, 503, 504]);

/** How long to wait before the next attempt, in milliseconds; null: do not try again. `attempt`
 *  counts from 1. A Retry-After rules; otherwise waits double, and half of each is jitter so that
 *  parallel jobs do not come back in step. */
export function waitBefore(
  attempt: number,
  attemptsMax: number,
  retryAfterMs: number | null,
  random: number,
): number | null {
  if (attempt >= attemptsMax) return null;
  if (retryAfterMs !== null) return retryAfterMs > RETRY_AFTER_MAX_MS ? null : retryAfterMs;
  const wait = Math.min(WAIT_FIRST_MS * 2 ** (attempt - 1), WAIT_MAX_MS);
  return Math.round(wait / 2 + (wait / 2) * random);
}

/** The Retry-After header as milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). A date is held
 *  against the answer's own Date header, because our clock may be off. Null where it says nothing. */
export function retryAfterMs(
  retryAfter: string | null,
  answerDate: string | null,
  nowMs: number,
): number | null {
  if (retryAfter === null) return null;
  if (/^\s*\d+\s*$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const until = Date.parse(retryAfter);
  if (Number.isNaN(until)) return null;
  const sent = Date.parse(answerDate ?? "");
  return Math.max(0, until - (Number.isNaN(sent) ? nowMs : sent));
}
