import type { Operation } from "../config/sync-spec.ts";
import type { ObjectShape } from "../describe/object-shape.ts";
import type { ColumnPlan } from "./column-plan.ts";
import type { ValueProblem } from "./value-problem.ts";

/** Columns that name the contact and columns that name the lead of a campaign member. */
export interface MemberSides {
  readonly contact: readonly number[];
  readonly lead: readonly number[];
}

/** The two sides of a campaign member, by place in the columns; null for every other object, and for
 *  operations that can't change them. Describe does not say that exactly one of them is needed: with
 *  both Salesforce silently drops the lead. */
export function memberSides(
  shape: ObjectShape,
  operation: Operation,
  plans: readonly ColumnPlan[],
): MemberSides | null {
  if (shape.name !== "CampaignMember" || operation === "update" || operation === "delete")
    return null;
  const side = (name: string) =>
    plans.flatMap((plan, place) => (plan.field.name === name ? [place] : []));
  return { contact: side("ContactId"), lead: side("LeadId") };
}

/** Judges a row by which of its cells hold something. */
export function memberProblem(sides: MemberSides, filled: Uint8Array): ValueProblem | null {
  const contact = sides.contact.some((place) => filled[place] === 1);
  const lead = sides.lead.some((place) => filled[place] === 1);
  if (contact !== lead) return null;
  const found = contact ? "names both" : "names neither";
  return {
    code: "MEMBER_ONE_OF",
    reason: `A campaign member needs exactly one of a contact and a lead, and this row ${found}.`,
  };
}
