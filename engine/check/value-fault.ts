import { suggest } from "../base/suggest.ts";
import type { FieldShape } from "../describe/object-shape.ts";

/** Why the org would certainly refuse a value that stands in the spec; null where it may take it. The
 *  values of rows are judged by mapping, with the same rules, when the rows are read. */
export function valueFault(value: string, field: FieldShape): string | null {
  const text = value.trim();
  switch (field.type) {
    case "boolean":
      return /^(true|false|1|0)$/i.test(text) ? null : "is neither true nor false";
    case "int":
    case "long":
      return /^[+-]?\d+(\.0*)?$/.test(text) ? null : "is no whole number";
    case "double":
    case "currency":
    case "percent":
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? null : "is no number";
    case "date":
      return isDay(text.slice(0, 10)) && /^.{10}(Z|T.*)?$/.test(text)
        ? null
        : "is no date of the form 2026-03-31";
    case "datetime":
      return isDay(text.slice(0, 10)) && /^.{10}(T\d\d:\d\d.*)?$/.test(text)
        ? null
        : "is no time of the form 2026-03-31T10:00:00Z";
    case "email":
      return /^\S+@\S+$|"/.test(text) ? tooLong(value, field) : "can't be an email address";
    case "id":
    case "reference":
      return /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(text) ? null : "can't be a Salesforce Id";
    case "picklist":
      return picklistFault([value], field) ?? tooLong(value, field);
    case "multipicklist":
      return picklistFault(value.split(";"), field);
    default:
      return tooLong(value, field);
  }
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function tooLong(value: string, { length }: FieldShape): string | null {
  const characters = [...value.trim()].length;
  if (length <= 0 || characters <= length) return null;
  return `has ${characters} characters, and the field holds ${length}`;
}

/** An unrestricted picklist stores any text. */
function picklistFault(values: readonly string[], field: FieldShape): string | null {
  if (!field.restrictedPicklist || field.picklistValues.length === 0) return null;
  const find = (text: string) =>
    field.picklistValues.find(({ value }) => value.toLowerCase() === text.trim().toLowerCase());
  for (const value of values) {
    if (value.trim() === "") continue;
    const entry = find(value);
    if (entry?.active) continue;
    if (entry !== undefined) return "is an inactive value of the restricted picklist";
    const active = field.picklistValues.filter((each) => each.active).map((each) => each.value);
    const near = suggest(value, active);
    return `is no value of the restricted picklist${near === null ? "" : `; did you mean "${near}"?`}`;
  }
  return null;
}
