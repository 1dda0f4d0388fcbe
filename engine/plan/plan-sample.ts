import type { SyncPlan } from "./sync-plan.ts";

/** What would happen to one record, field by field. Apart from the plan: a plan holds no values. */
export interface PlanSample {
  readonly kind: "new" | "changed";
  readonly key: string | null;
  readonly file: string;
  readonly line: number;
  /** Whether the org has the record; null: it was not asked. */
  readonly inOrg: boolean | null;
  /** Fields that would get another value; of a record that the org does not have, all that are sent. */
  readonly fields: readonly SampledField[];
}

export interface SampledField {
  readonly field: string;
  /** As the org has it; null where there is no record, or the field can't be read. */
  readonly before: string | null;
  readonly after: string;
}

/** A plan as its reader sees it. */
export interface PlanView {
  readonly plan: SyncPlan;
  readonly samples: readonly PlanSample[];
}

/** The same sample for eyes that may not see the values: enough is left to tell that they differ. */
export function masked(sample: PlanSample): PlanSample {
  return {
    ...sample,
    key: sample.key === null ? null : maskValue(sample.key),
    fields: sample.fields.map(({ field, before, after }) => ({
      field,
      before: before === null ? null : maskValue(before),
      after: maskValue(after),
    })),
  };
}

/** "Okafor" -> "O•••": the first character at most, and nothing of short values. A length would tell
 *  too much of a name. */
export function maskValue(value: string): string {
  if (value === "") return "";
  const [first = ""] = value;
  return value.length > 3 ? `${first}•••` : "•••";
}

/** Every how-manieth row is looked at, so that the sample is spread over the source and always the
 *  same: the ordinals, ascending, of at most `count` of the rows that `wanted` names. */
export function spreadOrdinals(
  decisions: Uint8Array,
  wanted: number,
  total: number,
  count: number,
): number[] {
  const picked: number[] = [];
  const many = Math.min(count, total);
  let seen = 0;
  for (let row = 0; row < decisions.length && picked.length < many; row++) {
    if (decisions[row] !== wanted) continue;
    if (seen === Math.floor((picked.length * total) / many)) picked.push(row);
    seen++;
  }
  return picked;
}
