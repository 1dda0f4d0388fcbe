import type { Clock } from "../base/clock.ts";
import type { SyncSpec } from "../config/sync-spec.ts";
import type { ConnectedOrg } from "../salesforce/connect.ts";
import type { JobInfo } from "../salesforce/org.ts";
import type { StateStore } from "../state/state-store.ts";

/** An empty job that a crash left: it was opened, and before its id was saved the process was gone. */
export interface Leftover {
  readonly jobId: string;
  readonly object: string;
  readonly operation: string;
  readonly createdDate: string;
}

/** Open jobs of our user, of an object and operation that a sync has, named in no state, without an
 *  upload, older than an hour: only then can nobody be about to use them. */
export async function findLeftovers(
  org: ConnectedOrg,
  syncs: readonly SyncSpec[],
  deps: { readonly store: StateStore; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Leftover[]> {
  const { userId } = await org.identify();
  const known = await deps.store.listJobIds();
  const wanted = new Set(syncs.map(({ target }) => sort(target.object, target.operation)));
  const leftovers: Leftover[] = [];
  for (const job of await org.ingest.listJobs(deps.signal)) {
    const ours = sameId(job.createdById, userId) && wanted.has(sort(job.object, job.operation));
    if (job.state !== "Open" || !ours || known.has(job.id)) continue;
    if (!isOld(job, org.answeredAt ?? deps.clock.now())) continue;
    // The list has no counters; they appear on an open job once an upload has landed.
    const now = await org.ingest.readJob(job.id, deps.signal);
    if (now === null || now.state !== "Open" || now.numberRecordsProcessed !== null) continue;
    const { id: jobId, object, operation, createdDate } = now;
    leftovers.push({ jobId, object, operation, createdDate });
  }
  return leftovers;
}

const AGE_MS_MIN = 60 * 60 * 1000;

function isOld(job: JobInfo, now: number): boolean {
  const created = Date.parse(job.createdDate.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return !Number.isNaN(created) && now - created > AGE_MS_MIN;
}

function sort(object: string, operation: string): string {
  return `${operation} ${object.toLowerCase()}`;
}

/** The last three of an Id's 18 characters repeat the letter case of the first 15. */
function sameId(a: string, b: string): boolean {
  return a.slice(0, 15) === b.slice(0, 15);
}
