import type { Diagnostic } from "../base/diagnostic.ts";
import { type FieldShape, findField, type ObjectShape } from "../describe/object-shape.ts";
import { type CheckContext, listed, refuse, warn } from "./check-context.ts";
import { suggestField } from "./suggest-field.ts";

/** Digits that survive a trip through the double that Salesforce keeps numbers in. */
const EXACT_DIGITS_MAX = 15;

const NUMBER_TYPES: ReadonlySet<string> = new Set(["double", "currency", "percent", "int", "long"]);

/** The key must be able to tell records apart: for upsert in Salesforce itself, for the others in the
 *  query by which Sluice finds the Ids, or in what it remembers. */
export function checkKeyField(context: CheckContext): Diagnostic[] {
  const { spec, shape } = context;
  const { externalId } = spec.target;
  if (externalId === null) return [];
  const pointer = "/target/externalId";
  const field = findField(shape, externalId);
  if (field === null) {
    return [
      refuse(spec, "CHECK_KEY_UNUSABLE", pointer, {
        detail: `${shape.name} has no field "${externalId}" that the connected user may see, so it can't be the key.`,
        hint: suggestField(externalId, shape) ?? usableHint(shape),
      }),
    ];
  }
  const unusable = unusableReason(field, context);
  if (unusable !== null) return [refuse(spec, "CHECK_KEY_UNUSABLE", pointer, unusable)];
  if (NUMBER_TYPES.has(field.type) && (field.precision || field.digits) > EXACT_DIGITS_MAX) {
    const digits = field.precision || field.digits;
    return [
      refuse(spec, "CHECK_KEY_UNUSABLE", pointer, {
        detail: `${shape.name}.${field.name} is a number of up to ${digits} digits. Salesforce keeps ${EXACT_DIGITS_MAX} exactly, so two different keys could become one.`,
        hint: "Use a text field as the key.",
      }),
    ];
  }
  if (field.name === "Id" || field.unique || spec.target.operation === "insert") return [];
  return [
    warn(spec, "CHECK_KEY_DOUBTFUL", pointer, {
      detail: `${shape.name}.${field.name} is not unique, so several records can carry one key. ${
        spec.target.operation === "upsert"
          ? "Salesforce refuses such a row with DUPLICATE_EXTERNAL_ID."
          : "Such a row is invalid (KEY_AMBIGUOUS)."
      }`,
      hint: field.name.endsWith("__c")
        ? 'If its values are unique, tick "Unique" in the field\'s settings in Setup.'
        : "Safer is a custom field with both External ID and Unique ticked in Setup.",
    }),
  ];
}

function unusableReason(
  field: FieldShape,
  { spec, shape }: CheckContext,
): { detail: string; hint: string } | null {
  const shown = `${shape.name}.${field.name}`;
  const { operation } = spec.target;
  if (field.type === "encryptedstring") {
    return {
      detail: `${shown} is encrypted: Salesforce can't search it, so it can't be the key.`,
      hint: usableHint(shape),
    };
  }
  if (operation === "insert") {
    // What identifies a row must be a text: other types come back in another form than they went.
    if (TEXT_KEY_TYPES.has(field.type)) return null;
    return {
      detail: `The key of an insert must be a text field, and ${shown} is of type ${field.type}.`,
      hint: usableHint(shape),
    };
  }
  if (operation === "upsert" && field.name !== "Id" && !field.idLookup && !field.externalId) {
    return {
      detail: `${shown} is no external id, so Salesforce refuses it as the key of an upsert.`,
      hint: usableHint(shape),
    };
  }
  if (!KEY_TYPES.has(field.type)) {
    return {
      detail: `${shown} is of type ${field.type}, which can't tell records apart reliably.`,
      hint: usableHint(shape),
    };
  }
  return null;
}

const TEXT_KEY_TYPES: ReadonlySet<string> = new Set(["string", "email", "phone", "url"]);
const KEY_TYPES: ReadonlySet<string> = new Set([
  ...TEXT_KEY_TYPES,
  ...NUMBER_TYPES,
  "id",
  "reference",
  "picklist",
]);

function usableHint(shape: ObjectShape): string {
  const names = shape.fields
    .filter(({ externalId, idLookup, type }) => (externalId || idLookup) && KEY_TYPES.has(type))
    .map(({ name }) => name);
  const custom = 'A custom field becomes one when "External ID" is ticked in Setup.';
  return names.length === 0 ? custom : `${shape.name} has these: ${listed(names)}. ${custom}`;
}
