import type { DescribeField } from "../shape/describe-field.ts";
import { fieldOf, isUpsertKey, type ObjectShape } from "../shape/object-shape.ts";
import type { OrgShape } from "../shape/org-shape.ts";

/** What one column of a load stands for. */
export type Binding =
  | { readonly kind: "field"; readonly field: DescribeField }
  | {
      /** `Account.ERP_Id__c`: the parent is found by its key, and its Id goes into `field`. */
      readonly kind: "parent";
      readonly field: DescribeField;
      readonly parent: ObjectShape;
      readonly key: DescribeField;
    };

/**
 * Finds what a column name means, or undefined when the org does not know it. Names match without
 * regard to case. A polymorphic reference needs the parent's object in front (`User:Owner.Email`),
 * any other must not have it (Bulk API 2.0 guide, "Relationship Fields in a Header Row").
 */
export function bindColumn(org: OrgShape, shape: ObjectShape, name: string): Binding | undefined {
  const field = fieldOf(shape, name);
  if (field !== undefined) return field.type === "address" ? undefined : { kind: "field", field };
  const match = /^(?:(\w+):)?(\w+)\.(\w+)$/.exec(name);
  if (match === null) return undefined;
  const [, objectName, relationship = "", keyName = ""] = match;
  const reference = shape.byRelationship.get(relationship.toLowerCase());
  if (reference === undefined) return undefined;
  const polymorphic = reference.referenceTo.length > 1;
  if (polymorphic !== (objectName !== undefined)) return undefined;
  const parentName = objectName ?? reference.referenceTo[0] ?? "";
  const isTarget = reference.referenceTo.some(
    (target) => target.toLowerCase() === parentName.toLowerCase(),
  );
  const parent = isTarget ? org.find(parentName) : undefined;
  const key = parent && fieldOf(parent, keyName);
  if (parent === undefined || key === undefined || !isUpsertKey(key)) return undefined;
  return { kind: "parent", field: reference, parent, key };
}
