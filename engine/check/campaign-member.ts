import type { Diagnostic } from "../base/diagnostic.ts";
import { findField } from "../describe/object-shape.ts";
import { type CheckContext, refuse } from "./check-context.ts";

/** A campaign member joins a campaign to a contact or a lead. Describe says nothing about "one of the
 *  two", and with both Salesforce silently drops the lead. It has no natural key: an upsert needs a
 *  custom external id. */
export function checkCampaignMember(context: CheckContext): Diagnostic[] {
  const { spec, shape, columns } = context;
  const { operation, externalId } = spec.target;
  if (shape.name !== "CampaignMember") return [];
  if (operation !== "insert" && operation !== "upsert") return [];
  const problems: Diagnostic[] = [];
  const sides = columns.filter(
    ({ field }) => field?.name === "ContactId" || field?.name === "LeadId",
  );
  if (sides.length === 0) {
    problems.push(
      refuse(spec, "CHECK_CAMPAIGN_MEMBER", "/mapping", {
        detail: "A campaign member is a contact or a lead, and the mapping names neither.",
        hint: "Map ContactId or LeadId, or a relationship such as Contact.Email.",
      }),
    );
  }
  const [constant] = sides.filter(({ mapping }) => mapping.value !== null);
  if (constant !== undefined && sides.length > 1) {
    problems.push(
      refuse(spec, "CHECK_CAMPAIGN_MEMBER", constant.pointer, {
        detail: `A campaign member has exactly one of a contact and a lead, and ${constant.mapping.field} is the same in every row.`,
        hint: "Take both from columns, of which each row fills one, or map only one of the two.",
      }),
    );
  }
  const key = externalId === null ? null : findField(shape, externalId);
  if (operation === "upsert" && key !== null && key.name !== "Id" && !key.externalId) {
    problems.push(
      refuse(spec, "CHECK_CAMPAIGN_MEMBER", "/target/externalId", {
        detail: `CampaignMember has no standard field that tells members apart, and ${key.name} is no external id.`,
        hint: "Create a custom text field, tick External ID and Unique, and fill it with campaign and person, such as {campaign}-{contact}.",
      }),
    );
  }
  return problems;
}
