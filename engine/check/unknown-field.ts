import type { Diagnostic } from "../base/diagnostic.ts";
import { type CheckContext, refuse } from "./check-context.ts";
import { suggestField } from "./suggest-field.ts";

/** Every field must exist for the connected user: an unknown header name fails the whole job
 *  ("InvalidBatch : Field name not found"). */
export function checkUnknownField({ spec, shape, columns }: CheckContext): Diagnostic[] {
  return columns.flatMap(({ mapping, name, column, pointer }) => {
    if (name.kind === "malformed") {
      return refuse(spec, "CHECK_FIELD_UNKNOWN", pointer, {
        detail: `"${mapping.field}" is no column that Bulk API 2.0 knows. A column is a field, or a relationship and a field of its parent; Salesforce follows one relationship, not two.`,
        hint: "Write it like one of these:\n    Email\n    Account.ERP_Id__c\n    User:Owner.Email",
      });
    }
    if (name.kind !== "field" || column !== null) return [];
    return refuse(spec, "CHECK_FIELD_UNKNOWN", pointer, {
      detail: `${shape.name} has no field "${name.field}" that the connected user may see. The field may not exist, or field-level security may hide it from this user.`,
      hint:
        suggestField(name.field, shape) ?? `To see the fields:\n    sluice describe ${shape.name}`,
    });
  });
}
