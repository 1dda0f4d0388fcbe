import type { Diagnostic } from "../base/diagnostic.ts";
import { EngineError } from "../base/engine-error.ts";
import { inputsMoved, sourcesMoved } from "../plan/staleness.ts";
import type { SyncPlan } from "../plan/sync-plan.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { type StaleSync, stalePlan } from "./judge-plan.ts";
import { inputsOf } from "./plan-inputs.ts";
import { openStreamOf } from "./plan-sync.ts";
import type { PreparedSync } from "./prepare-sync.ts";
import { readSourceFacts } from "./read-source-facts.ts";

/** Holds saved plans against what they were made from, before the first of several is applied: so that
 *  none is sent when another can't be. What the syncs before it could change (the org's records) is left
 *  to each one's turn. A single plan's turn comes at once, so its files are not read once more here. Null
 *  when nothing has moved. */
export async function findStale(
  prepared: readonly PreparedSync[],
  deps: Pick<EngineDeps, "store" | "signal">,
  saved: ReadonlyMap<string, SyncPlan>,
): Promise<EngineError | null> {
  const stale: StaleSync[] = [];
  for (const sync of prepared) {
    const plan = saved.get(sync.spec.name);
    if (plan === undefined) continue;
    const { serial } = await openStreamOf(sync, deps.store);
    const { orgSpec, identity, shape } = sync;
    const moved = inputsMoved(plan, {
      org: { ...plan.org, name: orgSpec.name, orgId: identity.orgId },
      object: shape.name,
      inputs: { ...inputsOf(sync), serial },
    });
    if (prepared.length > 1) {
      moved.push(...sourcesMoved(plan.sources, await readSourceFacts(sync, deps.signal)));
    }
    if (moved.length > 0) stale.push({ sync: plan.sync, moved });
  }
  return stale.length === 0 ? null : stalePlan(stale);
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
