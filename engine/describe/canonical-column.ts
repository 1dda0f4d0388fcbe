import { parseColumnName } from "./column-name.ts";
import { type FieldShape, findField, type ObjectShape } from "./object-shape.ts";

/** The objects that relationship columns point to, by lower-cased API name. */
export type ParentShapes = ReadonlyMap<string, ObjectShape>;

/** What a target column means in an org: the field of the object, and for a relationship column the
 *  field of the parent too. */
export type ResolvedColumn =
  | { readonly kind: "field"; readonly field: FieldShape }
  | {
      readonly kind: "relationship";
      /** The reference that is filled, such as AccountId. */
      readonly reference: FieldShape;
      readonly parent: ObjectShape;
      /** The parent's field that is looked up, such as ERP_Id__c. */
      readonly parentField: FieldShape;
      /** True for `User:Owner.Email`: the column names the parent's object. */
      readonly prefixed: boolean;
    };

/** Looks a written column up, without regard to letter case; null where the org has no such column
 *  or where it can't be told which parent is meant. Says nothing about whether it may be written. */
export function resolveColumn(
  written: string,
  shape: ObjectShape,
  parents: ParentShapes,
): ResolvedColumn | null {
  const name = parseColumnName(written);
  if (name.kind === "malformed") return null;
  if (name.kind === "field") {
    const field = findField(shape, name.field);
    return field === null ? null : { kind: "field", field };
  }
  const reference = findRelationship(shape, name.relationship);
  if (reference === null) return null;
  const parentName =
    name.object ?? (reference.referenceTo.length === 1 ? reference.referenceTo[0] : null);
  const parent = parents.get(parentName?.toLowerCase() ?? "");
  const parentField = parent === undefined ? null : findField(parent, name.field);
  if (parent === undefined || parentField === null) return null;
  return { kind: "relationship", reference, parent, parentField, prefixed: name.object !== null };
}

/** The header text of a column: API names in the describe's letter case, because failedResults come
 *  back with empty values where the header's case differs (Salesforce known issue a028c00000gAyI4AAK).
 *  A column that does not resolve is returned as written: check has refused it before. */
export function canonicalColumn(
  written: string,
  shape: ObjectShape,
  parents: ParentShapes,
): string {
  const column = resolveColumn(written, shape, parents);
  if (column === null) return written;
  if (column.kind === "field") return column.field.name;
  const prefix = column.prefixed ? `${column.parent.name}:` : "";
  return `${prefix}${column.reference.relationshipName}.${column.parentField.name}`;
}

/** The reference field behind a relationship's name, such as AccountId for `Account`. */
export function findRelationship(shape: ObjectShape, relationship: string): FieldShape | null {
  const wanted = relationship.toLowerCase();
  return shape.fields.find((field) => field.relationshipName?.toLowerCase() === wanted) ?? null;
}
