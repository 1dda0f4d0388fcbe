import type { SyncPlan } from "../plan/sync-plan.ts";

/** `data` of `plan`, as schemas/output.schema.json describes it. */
export function planData(plans: readonly SyncPlan[]): unknown {
  return {
    syncs: plans.map((plan) => ({
      sync: plan.sync,
      org: plan.org.name,
      object: plan.object,
      operation: plan.operation,
      externalId: plan.externalId,
      reason: plan.reason,
      reasons: plan.reasons,
      basis: plan.basis,
      counts: plan.counts,
      chunks: plan.chunks.length,
      bytes: plan.bytes,
      apiCalls: plan.apiCalls,
      fields: plan.fields,
      cleared: plan.cleared,
      guards: plan.guards,
      warnings: plan.warnings,
      sources: plan.sources,
      invalid: plan.invalid,
      mirror: plan.mirror === null ? null : { ...plan.mirror, chunks: plan.mirror.chunks.length },
      files: { invalid: plan.invalidFile },
      planHash: plan.planHash,
    })),
  };
}
