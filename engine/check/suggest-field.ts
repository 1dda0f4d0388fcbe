import { suggest } from "../base/suggest.ts";
import type { FieldShape, ObjectShape } from "../describe/object-shape.ts";

/** The field that was probably meant, as a sentence for a hint; null where nothing is near. */
export function suggestField(written: string, shape: ObjectShape): string | null {
  const meant = meantFields(written, shape);
  const [first] = meant;
  if (first === undefined) return null;
  const byName = fold(first.name).startsWith(fold(written)) || isNear(written, first.name);
  if (byName) return `Did you mean "${first.name}"?`;
  return meant.map(({ label, name }) => `The field labelled "${label}" is ${name}.`).join(" ");
}

/** People write labels for names, forget the __c of custom fields, and mistype. Labels need not be
 *  unique, so there can be several; the first kind of likeness that finds any decides. */
export function meantFields(written: string, { fields }: ObjectShape): readonly FieldShape[] {
  const wanted = fold(written);
  const likenesses: readonly ((field: FieldShape) => boolean)[] = [
    ({ name }) => fold(name) === wanted,
    ({ name }) => fold(name) === `${wanted}c`,
    ({ label }) => fold(label) === wanted,
  ];
  for (const isAlike of likenesses) {
    const alike = fields.filter(isAlike);
    if (alike.length > 0) return alike;
  }
  const names = fields.map(({ name }) => name);
  const labels = fields.map(({ label }) => label);
  const near = suggest(written, names);
  if (near !== null) return fields.filter(({ name }) => name === near);
  const nearLabel = suggest(written, labels);
  return fields.filter(({ label }) => label === nearLabel);
}

function isNear(written: string, name: string): boolean {
  return suggest(written, [name]) !== null;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
