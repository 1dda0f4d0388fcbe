import type { Diagnostic } from "../base/diagnostic.ts";
import { canonicalColumn } from "../describe/canonical-column.ts";
import { type CheckContext, refuse } from "./check-context.ts";

/** Two columns must not end in one field: under the same name in another letter case, or once by Id
 *  (AccountId) and once by the parent's key (Account.ERP_Id__c). */
export function checkFieldTwice({ spec, shape, parents, columns }: CheckContext): Diagnostic[] {
  const first = new Map<string, string>();
  return columns.flatMap(({ mapping, field, pointer }) => {
    const written = canonicalColumn(mapping.field, shape, parents);
    const target = field?.name ?? written;
    const earlier = first.get(target.toLowerCase());
    if (earlier === undefined) {
      first.set(target.toLowerCase(), mapping.field);
      return [];
    }
    const same = earlier.toLowerCase() === mapping.field.toLowerCase();
    return refuse(spec, "CHECK_FIELD_TWICE", pointer, {
      detail: same
        ? `"${earlier}" and "${mapping.field}" are the same field: letter case does not count in Salesforce.`
        : `"${earlier}" and "${mapping.field}" both fill ${target}, and a record can hold only one value there.`,
      hint: "Remove one of them.",
    });
  });
}
