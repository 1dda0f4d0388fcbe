/** A target column as a spec writes it, taken apart. Nothing is looked up. */
export type ColumnName =
  | { readonly kind: "field"; readonly field: string }
  | {
      /** `Account.ERP_Id__c`, or `User:Owner.Email` where the reference can point to several objects. */
      readonly kind: "relationship";
      /** What stands before the colon; null without a colon. */
      readonly object: string | null;
      readonly relationship: string;
      readonly field: string;
    }
  /** More than one dot or colon, or an empty part: no column that Bulk API 2.0 knows. */
  | { readonly kind: "malformed" };

/** Takes `Email`, `Account.ERP_Id__c` or `User:Owner.Email` apart. Salesforce follows one relationship,
 *  never two (Bulk API 2.0 guide, "Relationship Fields in a Header Row"). */
export function parseColumnName(written: string): ColumnName {
  const match = /^(?:([^:.]+):)?(?:([^:.]+)\.)?([^:.]+)$/.exec(written);
  if (match === null) return { kind: "malformed" };
  const [, object, relationship, field = ""] = match;
  if (relationship !== undefined) {
    return { kind: "relationship", object: object ?? null, relationship, field };
  }
  return object === undefined ? { kind: "field", field } : { kind: "malformed" };
}
