import { findField } from "../describe/object-shape.ts";
import type { RunPlan } from "../plan/sync-plan.ts";

/** Places of the columns that name a parent: `Account.ERP_Id__c` by an external id, `AccountId` by Id. */
export function parentColumns(plan: Pick<RunPlan, "columns" | "mapping">): number[] {
  const { shape } = plan.mapping;
  return plan.columns.flatMap((name, place) => {
    const isParent = name.includes(".") || findField(shape, name)?.type === "reference";
    return isParent ? [place] : [];
  });
}
