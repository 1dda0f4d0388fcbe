import { isRepeat, type PastFacts } from "../plan/explain-reasons.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { RunCounts } from "../run/count-run.ts";
import { decidedAnew } from "../run/read-the-source.ts";
import type { RunRow, StateStore, Stream } from "../state/state-store.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** What earlier runs say that explains a plan. `before` is the last run that read the source and did
 *  all that it found. */
export async function pastFacts(
  { spec, orgSpec, identity }: PreparedSync,
  stream: Stream,
  store: StateStore,
): Promise<{ readonly past: PastFacts; readonly before: RunRow | null }> {
  const runs = await store.listRuns({ sync: spec.name, limit: RUNS_LOOKED_AT_MAX });
  const own = runs.filter(({ streamId }) => streamId === stream.id);
  // Compared with a run that a guard refused, or whose mirror was held back, the guard would hold for
  // one run only.
  const [last = null] = own.filter(decidedAnew);
  const [before = null] = own.filter((run) => decidedAnew(run) && !wasHeldBack(run));
  const made = own.find(({ plan }) => (plan as RunPlan).mappingDigest === stream.mappingDigest);
  const named = runs.find(({ org }) => org === orgSpec.name);
  const otherOrg = named !== undefined && named.orgId !== identity.orgId ? named.orgId : null;
  const past = {
    spec: made === undefined ? null : (made.plan as RunPlan).mapping.spec,
    missed: isRepeat(spec) ? null : missedRows(last),
    otherOrgId: otherOrg,
    otherKey: otherOrg === null ? await otherKey(stream, store) : null,
  };
  return { past, before };
}

function wasHeldBack({ plan }: RunRow): boolean {
  return ((plan as RunPlan).plan.mirror?.heldBack ?? null) !== null;
}

/** Stored plans are large: no more of them are read than a plan may cost. */
const RUNS_LOOKED_AT_MAX = 20;

function missedRows(run: RunRow | null): PastFacts["missed"] {
  const counts = run?.counts as RunCounts | null | undefined;
  if (run === null || !counts) return null;
  const rows = counts.failed + counts.unprocessed + counts.unknown;
  return rows === 0 ? null : { runId: run.id, rows };
}

/** The stream that the same sync filled in the same org under another key, object or operation. */
async function otherKey(stream: Stream, store: StateStore): Promise<string | null> {
  if (stream.serial > 0) return null;
  const others = (await store.listStreams()).filter(
    ({ id, sync, orgId, serial }) =>
      id !== stream.id && sync === stream.sync && orgId === stream.orgId && serial > 0,
  );
  const other = others.sort((a, b) => b.id - a.id)[0];
  if (other === undefined) return null;
  return `${other.operation} ${other.object} by ${other.keyField ?? "no key"}`;
}
