import type { Diagnostic } from "../base/diagnostic.ts";
import type { FieldShape, ObjectShape } from "../describe/object-shape.ts";
import { type CheckContext, listed, refuse, sameName } from "./check-context.ts";

/** A compound field (Name of a contact, MailingAddress) is read as a whole and written in parts. */
export function checkCompoundField({ spec, shape, columns }: CheckContext): Diagnostic[] {
  return columns.flatMap(({ column, pointer }) => {
    if (column?.kind !== "field" || !isCompound(column.field, shape)) return [];
    const parts = partsOf(column.field, shape).map(({ name }) => name);
    return refuse(spec, "CHECK_FIELD_COMPOUND", pointer, {
      detail: `${shape.name}.${column.field.name} is put together by Salesforce from other fields and can't be written itself.`,
      hint: parts.length === 0 ? "Remove it." : `Map its parts instead: ${listed(parts)}.`,
    });
  });
}

/** An account's Name names itself as its compound, and is writable: no whole of parts. */
export function isCompound(field: FieldShape, shape: ObjectShape): boolean {
  if (field.createable || field.updateable) return false;
  return field.type === "address" || field.type === "location" || partsOf(field, shape).length > 0;
}

function partsOf(whole: FieldShape, shape: ObjectShape): FieldShape[] {
  return shape.fields.filter(
    (field) =>
      sameName(field.compoundFieldName, whole.name) &&
      field.name !== whole.name &&
      (field.createable || field.updateable),
  );
}
