import { suggest } from "../base/suggest.ts";
import type { FieldShape, ObjectShape } from "../describe/object-shape.ts";

/** The field that was probably meant, as a sentence for a hint; null where nothing is near. People
 *  write labels for names, forget the __c of custom fields, and mistype. */
export function suggestField(written: string, shape: ObjectShape): string | null {
  const wanted = fold(written);
  const alike = shape.fields.filter((field) => fold(field.name) === wanted);
  const custom = shape.fields.filter((field) => fold(field.name) === `${wanted}c`);
  const meant = alike[0] ?? custom[0];
  if (meant !== undefined) return `Did you mean "${meant.name}"?`;
  const labelled = shape.fields.filter((field) => fold(field.label) === wanted);
  if (labelled.length > 0) return labelled.map(byLabel).join(" ");
  const near = suggest(
    written,
    shape.fields.map((field) => field.name),
  );
  if (near !== null) return `Did you mean "${near}"?`;
  const nearLabel = suggest(
    written,
    shape.fields.map((field) => field.label),
  );
  const field = shape.fields.find(({ label }) => label === nearLabel);
  return field === undefined ? null : byLabel(field);
}

function byLabel({ label, name }: FieldShape): string {
  return `The field labelled "${label}" is ${name}.`;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
