import type { Diagnostic } from "../base/diagnostic.ts";
import type { FieldShape } from "../describe/object-shape.ts";
import { type CheckContext, listed, refuse, warn } from "./check-context.ts";
import { meantFields } from "./suggest-field.ts";

/** Fields without which no record is created must be mapped for an insert. An upsert may only meet
 *  records that exist, so there it is a doubt; update and delete create nothing. */
export function checkRequiredField({ spec, shape, columns }: CheckContext): Diagnostic[] {
  const { operation } = spec.target;
  if (operation === "update" || operation === "delete") return [];
  // A misspelt field is told as such; that it is missing too would be the same mistake again.
  const mapped = new Set(
    columns.flatMap(({ field, mapping }) =>
      field === null ? meantFields(mapping.field, shape).map(({ name }) => name) : field.name,
    ),
  );
  const missing = shape.fields
    .filter((field) => isRequired(field) && !mapped.has(field.name))
    .map(({ name }) => name);
  if (missing.length === 0) return [];
  const hint = `Map ${missing.length === 1 ? "it" : "them"}, from a column or as a constant:\n${missing
    .map((name) => `    ${name}: { value: ... }`)
    .join("\n")}`;
  const what = `Salesforce creates no ${shape.name} without ${listed(missing)}, and the mapping has no such field.`;
  if (operation === "insert") {
    return [refuse(spec, "CHECK_FIELD_REQUIRED", "/mapping", { detail: what, hint })];
  }
  const detail = `${what} Rows whose record does not exist yet will fail.`;
  return [warn(spec, "CHECK_FIELD_REQUIRED", "/mapping", { detail, hint })];
}

/** The rule by which describe tells it. */
export function isRequired(field: FieldShape): boolean {
  return field.createable && !field.nillable && !field.defaultedOnCreate;
}
