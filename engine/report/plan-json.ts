import type { PlanView } from "../plan/plan-sample.ts";

/** `data` of `plan`, as schemas/output.schema.json describes it. Samples come masked, or not, as the
 *  command was asked. */
export function planData(views: readonly PlanView[]): unknown {
  return {
    syncs: views.map(({ plan, samples }) => ({
      sync: plan.sync,
      org: plan.org.name,
      orgId: plan.org.orgId,
      production: plan.org.production,
      protected: plan.org.protected,
      object: plan.object,
      operation: plan.operation,
      externalId: plan.externalId,
      reason: plan.reason,
      reasons: plan.reasons,
      basis: plan.basis,
      counts: plan.counts,
      inOrg: plan.inOrg,
      chunks: plan.chunks.length,
      bytes: plan.bytes,
      diskBytes: plan.diskBytes,
      apiCalls: plan.apiCalls,
      fields: plan.fields,
      cleared: plan.cleared,
      samples,
      mirror: plan.mirror === null ? null : { ...plan.mirror, chunks: plan.mirror.chunks.length },
      guards: plan.guards,
      warnings: plan.warnings,
      sources: plan.sources,
      invalid: plan.invalid,
      files: { invalid: plan.invalidFile },
      planHash: plan.planHash,
    })),
  };
}
