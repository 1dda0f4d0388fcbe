import type { Diagnostic } from "../base/diagnostic.ts";
import { type CheckContext, refuse } from "./check-context.ts";

/** `nulls: clear` on a single field must be possible there. A policy for the whole spec clears where it
 *  can and is no promise about the others. */
export function checkNullPolicy({ spec, shape, columns }: CheckContext): Diagnostic[] {
  return columns.flatMap(({ mapping, column, field, pointer, isKey }) => {
    if (mapping.nulls !== "clear" || column === null || field === null) return [];
    const place = `${pointer}/nulls`;
    if (isKey) {
      return refuse(spec, "CHECK_NULLS", place, {
        detail: `${mapping.field} is the key, and a record's key can't be cleared: a row without it is invalid.`,
        hint: 'Remove "nulls" here.',
      });
    }
    if (column.kind === "relationship") {
      return refuse(spec, "CHECK_NULLS", place, {
        detail: `${mapping.field} looks a parent up, and Salesforce can't clear a relationship that way.`,
        hint: `To clear it, map ${field.name} instead.`,
      });
    }
    if (field.nillable) return [];
    return refuse(spec, "CHECK_NULLS", place, {
      detail: `${shape.name}.${field.name} always has a value, so it can't be cleared.`,
      hint: "Use nulls: ignore to keep the old value, nulls: error to refuse the row, or a default.",
    });
  });
}
