import { EngineError } from "../base/engine-error.ts";
import type { PlannedSync } from "./plan-sync.ts";

/** Why a plan may not be applied; null when it may. Judged before anything is sent. */
export function judgePlan(
  planned: PlannedSync,
  options: { readonly approve: boolean; readonly override: readonly string[] },
): EngineError | null {
  const { plan, prepared } = planned;
  const { spec } = prepared;
  const rejected = plan.counts.invalid + (spec.duplicates === "reject" ? plan.counts.duplicate : 0);
  if (spec.onInvalid === "stop" && rejected > 0) {
    return new EngineError("RUN_INVALID_STOP", `${rejected} rows of ${plan.sync} can't be sent.`, {
      hint: `They are listed, with the reason for each, in\n    ${plan.invalidFile ?? "invalid.csv"}`,
    });
  }
  const broken = plan.guards.filter((guard) => !guard.ok && !options.override.includes(guard.name));
  if (broken.length > 0) {
    const words = broken.map(
      (guard) => `${guard.name} is ${shown(guard.value)}, the limit is ${shown(guard.limit)}`,
    );
    return new EngineError("RUN_GUARD", `${words.join("; ")}. Nothing was sent.`, {
      hint: `Look at the plan. If the change is meant, once:\n    sluice run ${plan.sync} --override ${broken[0]?.name}`,
    });
  }
  if (plan.org.protected && !options.approve && plan.counts.toSend > 0) {
    return new EngineError(
      "RUN_PROTECTED",
      `The org "${plan.org.name}" is protected. Nothing was sent.`,
      {
        hint: `Look at the plan, then approve it:\n    sluice run ${plan.sync} --approve`,
      },
    );
  }
  return null;
}

function shown(value: number | null): string {
  if (value === null) return "unknown";
  return Number.isInteger(value) ? String(value) : `${(value * 100).toFixed(1)}%`;
}
