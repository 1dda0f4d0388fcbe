import type { Diagnostic } from "../base/diagnostic.ts";
import { suggest } from "../base/suggest.ts";
import { findRelationship } from "../describe/canonical-column.ts";
import type { ColumnName } from "../describe/column-name.ts";
import { type FieldShape, findField, type ObjectShape } from "../describe/object-shape.ts";
import { type CheckContext, listed, refuse, sameName, warn } from "./check-context.ts";
import { suggestField } from "./suggest-field.ts";

/** Relationship columns (`Account.ERP_Id__c`) must name a relationship of the object, the parent's
 *  object exactly where there are several, and a field by which Salesforce can find the parent. */
export function checkRelationship(context: CheckContext): Diagnostic[] {
  return context.columns.flatMap(({ name, pointer }) => {
    if (name.kind !== "relationship") return [];
    const problem = problemOf(name, context);
    if (problem === null) return [];
    const report = problem.isDoubt ? warn : refuse;
    return [report(context.spec, "CHECK_RELATIONSHIP", pointer, problem)];
  });
}

type RelationshipName = Extract<ColumnName, { kind: "relationship" }>;

interface Problem {
  readonly detail: string;
  readonly hint: string;
  readonly isDoubt?: boolean;
}

function problemOf(name: RelationshipName, { shape, parents }: CheckContext): Problem | null {
  const reference = findRelationship(shape, name.relationship);
  if (reference === null) return unknownRelationship(name, shape);
  const prefixed = prefixProblem(name, reference);
  if (prefixed !== null) return prefixed;
  const parentName = name.object ?? reference.referenceTo[0] ?? "";
  const parent = parents.get(parentName.toLowerCase());
  if (parent === undefined) {
    // Only offline: connected, a parent that can't be described has stopped the sync before.
    return {
      detail: `${reference.relationshipName} points to ${parentName}, of which there is no snapshot, so the column was not checked.`,
      hint: `Save one and commit it:\n    sluice describe ${parentName} --save`,
      isDoubt: true,
    };
  }
  const field = findField(parent, name.field);
  if (field === null) {
    return {
      detail: `${parent.name} has no field "${name.field}" that the connected user may see.`,
      hint:
        suggestField(name.field, parent) ??
        `To see the fields:\n    sluice describe ${parent.name}`,
    };
  }
  return lookupProblem(field, parent, reference);
}

/** The parent's object stands before a colon exactly where the relationship is polymorphic: anywhere
 *  else the prefix is an error (Bulk API 2.0 guide, "Relationship Fields in a Header Row"). */
function prefixProblem(name: RelationshipName, reference: FieldShape): Problem | null {
  const { referenceTo, relationshipName } = reference;
  const path = `${relationshipName}.${name.field}`;
  if (!reference.polymorphic && name.object !== null) {
    return {
      detail: `${relationshipName} always points to ${listed(referenceTo)}, so Salesforce refuses the "${name.object}:" before it.`,
      hint: `Write it without:\n    ${path}`,
    };
  }
  if (!reference.polymorphic) return null;
  const examples = referenceTo.map((object) => `\n    ${object}:${path}`).join("");
  if (name.object === null) {
    return {
      detail: `${relationshipName} can point to ${listed(referenceTo, "or")}, so the column must say which.`,
      hint: `Write one of these:${examples}`,
    };
  }
  if (referenceTo.some((object) => sameName(object, name.object))) return null;
  return {
    detail: `${relationshipName} can point to ${listed(referenceTo, "or")}, not to ${name.object}.`,
    hint: `Write one of these:${examples}`,
  };
}

function lookupProblem(
  field: FieldShape,
  parent: ObjectShape,
  reference: FieldShape,
): Problem | null {
  if (field.name === "Id") {
    return {
      detail: `"${reference.relationshipName}.Id" looks a parent up by its Id, which is what the field ${reference.name} itself holds.`,
      hint: `Map the Id to ${reference.name}.`,
    };
  }
  if (field.externalId || field.idLookup) return null;
  const usable = parent.fields
    .filter(({ name, externalId, idLookup }) => name !== "Id" && (externalId || idLookup))
    .map(({ name }) => `${reference.relationshipName}.${name}`);
  return {
    detail: `${parent.name}.${field.name} is neither an external id nor a lookup field, so Salesforce can't find a parent by it.`,
    hint:
      usable.length === 0
        ? `${parent.name} has no external id yet. Create a field and tick "External ID", or map ${reference.name} with Ids.`
        : `These can be used: ${listed(usable)}.`,
  };
}

/** People write the reference (AccountId) or the parent's object for the relationship's name. */
function unknownRelationship(name: RelationshipName, shape: ObjectShape): Problem {
  const references = shape.fields.filter((field) => field.relationshipName !== null);
  const meant = references.find(
    (field) =>
      sameName(field.name, name.relationship) ||
      sameName(field.name.replace(/__c$/i, ""), name.relationship) ||
      field.referenceTo.some((object) => sameName(object, name.relationship)),
  );
  const near =
    meant?.relationshipName ??
    suggest(
      name.relationship,
      references.flatMap((field) => field.relationshipName ?? []),
    );
  return {
    detail: `${shape.name} has no relationship "${name.relationship}".`,
    hint:
      near === null
        ? `Its relationships are ${listed(references.flatMap((field) => field.relationshipName ?? []))}.`
        : `Did you mean "${near}.${name.field}"?`,
  };
}
