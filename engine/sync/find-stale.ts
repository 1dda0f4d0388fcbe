import type { Diagnostic } from "../base/diagnostic.ts";
import { EngineError } from "../base/engine-error.ts";
import { inputsMoved } from "../plan/staleness.ts";
import type { SyncPlan } from "../plan/sync-plan.ts";
import type { StateStore } from "../state/state-store.ts";
import { stalePlan } from "./judge-plan.ts";
import { inputsOf } from "./plan-inputs.ts";
import { openStreamOf } from "./plan-sync.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** Holds saved plans against what is known before any source is read: so that of several syncs none
 *  is applied when another can't be. Null when nothing has moved. */
export async function findStale(
  prepared: readonly PreparedSync[],
  store: StateStore,
  saved: ReadonlyMap<string, SyncPlan>,
): Promise<EngineError | null> {
  for (const sync of prepared) {
    const plan = saved.get(sync.spec.name);
    if (plan === undefined) continue;
    const { serial } = await openStreamOf(sync, store);
    const { orgSpec, identity, shape } = sync;
    const moved = inputsMoved(plan, {
      org: { ...plan.org, name: orgSpec.name, orgId: identity.orgId },
      object: shape.name,
      inputs: { ...inputsOf(sync), serial },
    });
    if (moved.length > 0) return stalePlan(plan.sync, moved);
  }
  return null;
}

/** A plan was made only of syncs that passed their checks: one that fails them now has moved. */
export function checksFail(diagnostics: readonly Diagnostic[]): EngineError {
  const first = diagnostics.find(({ severity }) => severity === "error");
  return new EngineError(
    "PLAN_STALE",
    `The saved plan is stale: ${first?.detail ?? "a check fails now."} Nothing was sent.`,
    {
      hint: "Mend it, then make a new plan:\n    sluice plan --out plan.json",
      diagnostics,
    },
  );
}
