import type { Guards, Operation } from "../config/sync-spec.ts";
import type { GuardVerdict, PlanCounts } from "./sync-plan.ts";

/** Every guard that `--override` can name. `maxFailed` is judged after the run and is none of them. */
export const GUARD_NAMES = [
  "maxChangeRatio",
  "minSourceRows",
  "maxDeletes",
  "maxAge",
  "apiCalls",
  "bulkBatches",
  "mirrorSource",
] as const;
export type PlanGuard = (typeof GUARD_NAMES)[number];

/** What the guards are judged by. */
export interface GuardFacts {
  readonly counts: PlanCounts;
  readonly knownKeys: number;
  readonly operation: Operation;
  /** Requests and internal batches that the run would take. */
  readonly apiCalls: number;
  readonly batches: number;
  /** What the org has left today; null where it does not tell. */
  readonly left: { readonly apiCalls: number | null; readonly batches: number | null };
  /** The oldest source file; null when its age is not asked for. */
  readonly oldest: { readonly file: string; readonly ageMs: number } | null;
  /** Of a sync with `mirror`: how many records it would delete or update, and what makes the source
   *  doubtful. */
  readonly mirror: {
    readonly verb: "delete" | "update";
    readonly records: number;
    readonly doubts: readonly string[];
  } | null;
}

/** Judges the guards that are known before anything is sent. Guards that are off are not listed; those
 *  of the org's limits and of `mirror` can't be turned off, only overridden. */
export function judgeGuards(guards: Guards, facts: GuardFacts): GuardVerdict[] {
  const { counts, knownKeys, operation, mirror } = facts;
  const verdicts: GuardVerdict[] = [];
  if (guards.maxChangeRatio !== null && knownKeys > 0) {
    verdicts.push(atMost("maxChangeRatio", counts.changed / knownKeys, guards.maxChangeRatio));
  }
  if (guards.minSourceRows !== null) {
    const { minSourceRows: limit } = guards;
    const name = "minSourceRows";
    verdicts.push({
      name,
      ok: counts.source >= limit,
      value: counts.source,
      limit,
      detail: null,
    });
  }
  if (guards.maxDeletes !== null || mirror !== null) {
    const deletes = (operation === "delete" ? counts.toSend : 0) + (mirror?.records ?? 0);
    // Who turns `mirror` on without a limit has not yet said how many records may go. Those that it
    // updates count as well: they left the source just so.
    const unnamed = guards.maxDeletes === null && deletes > 0;
    const detail = unnamed
      ? `mirror ${mirror?.verb ?? "delete"}s nothing until guards.maxDeletes is named`
      : mirror?.verb === "update" && deletes > 0
        ? "records that mirror updates count"
        : null;
    verdicts.push(atMost("maxDeletes", deletes, guards.maxDeletes ?? 0, detail));
  }
  if (guards.maxAgeMs !== null && facts.oldest !== null) {
    const { ageMs, file } = facts.oldest;
    verdicts.push(atMost("maxAge", Math.max(0, ageMs), guards.maxAgeMs, file));
  }
  if (mirror !== null && mirror.records > 0) {
    const detail = mirror.doubts.length === 0 ? null : mirror.doubts.join("; ");
    verdicts.push(atMost("mirrorSource", mirror.doubts.length, 0, detail));
  }
  return [...verdicts, ...limitGuards(facts)];
}

function limitGuards({ apiCalls, batches, left }: GuardFacts): GuardVerdict[] {
  const verdicts: GuardVerdict[] = [];
  if (apiCalls > 0 && left.apiCalls !== null) {
    verdicts.push(atMost("apiCalls", apiCalls, left.apiCalls, "left in the org today"));
  }
  if (batches > 0 && left.batches !== null) {
    verdicts.push(atMost("bulkBatches", batches, left.batches, "left in the org today"));
  }
  return verdicts;
}

function atMost(
  name: PlanGuard,
  value: number,
  limit: number,
  detail: string | null = null,
): GuardVerdict {
  return { name, ok: value <= limit, value, limit, detail };
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
