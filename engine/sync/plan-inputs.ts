import { statSync } from "node:fs";
import { murmurHex } from "../base/murmur.ts";
import type { GuardFacts } from "../plan/guards.ts";
import type { PlanInputs } from "../plan/sync-plan.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** Digests of the inputs that are known before the source is read. */
export function inputsOf(prepared: PreparedSync): Pick<PlanInputs, "config" | "describe"> {
  const { spec, orgSpec, shape, parents } = prepared;
  const { positions: _, file: __, source, ...rest } = spec;
  // Where the project lies on this machine is no part of what it says.
  const { folder: ___, ...sourceRest } = source;
  const { position: ____, auth: _____, ...orgRest } = orgSpec;
  return {
    config: murmurHex(JSON.stringify([rest, sourceRest, orgRest])),
    describe: murmurHex(JSON.stringify([shape, [...parents].sort(([a], [b]) => (a < b ? -1 : 1))])),
  };
}

/** The source file that was written longest ago; null when no guard asks. Only a person's idea of age
 *  is at stake, so the wall clock may say. */
export function oldestFile(prepared: PreparedSync, deps: EngineDeps): GuardFacts["oldest"] {
  if (prepared.spec.guards.maxAgeMs === null) return null;
  let oldest: GuardFacts["oldest"] = null;
  for (const file of prepared.files) {
    const ageMs = deps.clock.now() - statSync(file.path).mtimeMs;
    if (oldest === null || ageMs > oldest.ageMs) oldest = { file: file.shown, ageMs };
  }
  return oldest;
}

/** What the org has left today. A user who may not read limits has no such guard: null. */
export async function leftInOrg(
  { org }: PreparedSync,
  deps: EngineDeps,
): Promise<GuardFacts["left"]> {
  try {
    const limits = await org.limits(deps.signal);
    return {
      apiCalls: limits.DailyApiRequests?.Remaining ?? null,
      batches: limits.DailyBulkApiBatches?.Remaining ?? null,
    };
  } catch (error) {
    if (deps.signal.aborted) throw error;
    return { apiCalls: null, batches: null };
  }
}
