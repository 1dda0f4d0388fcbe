import type { Diagnostic } from "../base/diagnostic.ts";
import { type CheckContext, refuse, sameName } from "./check-context.ts";

/** The key must be a mapped column that differs from row to row. Salesforce does not refuse an upsert
 *  by Id without an Id column: it inserts every row. */
export function checkKeyMapped(context: CheckContext): Diagnostic[] {
  const { spec, columns, keyName } = context;
  if (keyName === null) return [];
  const { operation, externalId } = spec.target;
  const key = columns.find(({ isKey }) => isKey);
  if (key === undefined) {
    const consequence =
      operation === "upsert" && sameName(keyName, "Id")
        ? " Salesforce would not refuse this, but insert every row as a new record."
        : "";
    return [
      refuse(spec, "CHECK_KEY_UNMAPPED", externalId === null ? "/mapping" : "/target/externalId", {
        detail: `Rows of this ${operation} are told apart by ${keyName}, and no column is mapped to it.${consequence}`,
        hint: `Map the source column that holds it:\n    ${keyName}: column_name`,
      }),
    ];
  }
  if (key.mapping.value !== null) {
    return [
      refuse(spec, "CHECK_KEY_UNMAPPED", key.pointer, {
        detail: `The key ${keyName} has the same value in every row, so all rows would mean one record.`,
        hint: "Map it from a source column.",
      }),
    ];
  }
  const id = columns.find(({ field, isKey }) => field?.name === "Id" && !isKey);
  if (id === undefined || operation === "insert" || operation === "delete") return [];
  return [
    refuse(spec, "CHECK_KEY_UNMAPPED", id.pointer, {
      detail: `This ${operation} goes by ${keyName}, but Id is mapped too: the two could mean different records.`,
      hint: `Remove Id from the mapping, or go by Id:\n    externalId: Id`,
    }),
  ];
}
