import type { Guards, Operation } from "../config/sync-spec.ts";
import type { GuardVerdict, PlanCounts } from "./sync-plan.ts";

/** Judges the guards that are known before anything is sent. `maxFailed` is judged after the run and
 *  is no part of this. Guards that are off are not listed. */
export function judgeGuards(
  guards: Guards,
  facts: { counts: PlanCounts; knownKeys: number; operation: Operation },
): GuardVerdict[] {
  const { counts, knownKeys, operation } = facts;
  const verdicts: GuardVerdict[] = [];
  if (guards.maxChangeRatio !== null && knownKeys > 0) {
    const value = counts.changed / knownKeys;
    verdicts.push({
      name: "maxChangeRatio",
      ok: value <= guards.maxChangeRatio,
      value,
      limit: guards.maxChangeRatio,
    });
  }
  if (guards.minSourceRows !== null) {
    const value = counts.source;
    verdicts.push({
      name: "minSourceRows",
      ok: value >= guards.minSourceRows,
      value,
      limit: guards.minSourceRows,
    });
  }
  if (guards.maxDeletes !== null) {
    const value = operation === "delete" ? counts.toSend : 0;
    verdicts.push({
      name: "maxDeletes",
      ok: value <= guards.maxDeletes,
      value,
      limit: guards.maxDeletes,
    });
  }
  return verdicts;
}

/** Is the number of rows that did not arrive within `maxFailed`? A ratio is of the source rows. */
export function withinMaxFailed(
  limit: Guards["maxFailed"],
  missed: number,
  sourceRows: number,
): boolean {
  if (limit === null) return true;
  if ("rows" in limit) return missed <= limit.rows;
  return missed <= limit.ratio * sourceRows;
}
