import { readId } from "../ids.ts";
import type { DescribeField } from "../shape/describe-field.ts";
import type { SqlValue } from "../store/database.ts";
import { type RowError, rowError } from "./row-error.ts";

export type ReadValue =
  | { readonly ok: true; readonly value: SqlValue }
  | { readonly ok: false; readonly error: RowError };

/**
 * Turns the text of one cell into the value that Salesforce would store, by the field's type.
 * `column` is the 0-based position that a deserialisation error names.
 */
export function readValue(field: DescribeField, text: string, column: number): ReadValue {
  switch (field.type) {
    case "boolean":
      return typed(field, text, column, readBoolean(text));
    case "int":
      return typed(field, text, column, readInt(text));
    case "double":
    case "currency":
    case "percent":
      return readNumber(field, text, column);
    case "date":
      return typed(field, text, column, readDate(text));
    case "datetime":
      return typed(field, text, column, readDateTime(text));
    case "time":
      return typed(field, text, column, readTime(text));
    case "id":
    case "reference":
      return readReference(field, text);
    case "picklist":
    case "multipicklist":
      return readPicklist(field, text);
    case "email":
      return readEmail(field, text);
    default:
      return readText(field, text);
  }
}

function stored(value: SqlValue): ReadValue {
  return { ok: true, value };
}

function refused(code: string, message: string, field: DescribeField): ReadValue {
  return { ok: false, error: rowError(code, message, field.name) };
}

function typed(
  field: DescribeField,
  text: string,
  column: number,
  value: SqlValue | undefined,
): ReadValue {
  if (value !== undefined) return stored(value);
  const message = `Failed to deserialize field at col ${column}. Due to, '${text}' is not a valid value for the type ${field.soapType}`;
  return refused("INVALID_FIELD", message, field);
}

function readBoolean(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  if (word === "true" || word === "1") return 1;
  return word === "false" || word === "0" ? 0 : undefined;
}

function readInt(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^[+-]?\d{1,10}$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return value >= -2147483648 && value <= 2147483647 ? value : undefined;
}

function readNumber(field: DescribeField, text: string, column: number): ReadValue {
  const trimmed = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(trimmed)) {
    return typed(field, text, column, undefined);
  }
  const value = Number(trimmed);
  const whole = field.precision - field.scale;
  if (!Number.isFinite(value) || (field.precision > 0 && Math.abs(value) >= 10 ** whole)) {
    const message = `${field.label}: value outside of valid range on numeric field: ${javaDouble(value)}`;
    return refused("NUMBER_OUTSIDE_VALID_RANGE", message, field);
  }
  return stored(field.scale < 15 ? Number(value.toFixed(field.scale)) : value);
}

/**
 * A calendar day. The samples of the Bulk API guides have a trailing zone on some: `1940-06-07Z`.
 */
function readDate(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(Z|[+-]\d{2}:\d{2})?$/.exec(text.trim());
  const [, year = "", month = "", day = ""] = match ?? [];
  return match && isDay(year, month, day) ? `${year}-${month}-${day}` : undefined;
}

function isDay(year: string, month: string, day: string): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** An instant needs a zone. Salesforce keeps whole seconds. */
function readDateTime(text: string): string | undefined {
  const shape = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/;
  const match = shape.exec(text.trim());
  const [, day = "", time = "", , zone = ""] = match ?? [];
  if (!match || readDate(day) === undefined) return undefined;
  const offset = zone === "Z" || zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const instant = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(instant) ? undefined : `${new Date(instant).toISOString().slice(0, 19)}.000Z`;
}

function readTime(text: string): string | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,3})?Z?$/.exec(text.trim());
  if (!match) return undefined;
  return `${match[1]}:${match[2]}:${match[3]}.${(match[4] ?? ".").slice(1).padEnd(3, "0")}Z`;
}

function readReference(field: DescribeField, text: string): ReadValue {
  const id = readId(text.trim());
  if (id !== null) return stored(id);
  return refused("MALFORMED_ID", `${field.label}: id value of incorrect type: ${text}`, field);
}

function readText(field: DescribeField, text: string): ReadValue {
  // Salesforce stores text without surrounding blanks, and nothing instead of blanks alone.
  const trimmed = text.trim();
  if (field.length > 0 && trimmed.length > field.length) return tooLong(field, text);
  return stored(trimmed === "" ? null : trimmed);
}

function tooLong(field: DescribeField, text: string): ReadValue {
  const message = `${field.label}: data value too large: ${text} (max length=${field.length})`;
  return refused("STRING_TOO_LONG", message, field);
}

function readPicklist(field: DescribeField, text: string): ReadValue {
  const separator = field.type === "multipicklist" ? ";" : null;
  const asked = separator === null ? [text.trim()] : text.split(separator).map((v) => v.trim());
  const found: string[] = [];
  for (const value of asked.filter((entry) => entry !== "")) {
    const known = field.picklistValues.find(
      (entry) => entry.active && entry.value.toLowerCase() === value.toLowerCase(),
    );
    if (known === undefined && field.restrictedPicklist) {
      const message = `bad value for restricted picklist field: ${value}`;
      return refused("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, field);
    }
    if (known === undefined && value.length > 255) return tooLong({ ...field, length: 255 }, value);
    found.push(known?.value ?? value);
  }
  return stored(found.length === 0 ? null : found.join(";"));
}

const EMAIL = /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\.]+(\.[^\s@,;:<>()[\]"\\.]+)+$/;

function readEmail(field: DescribeField, text: string): ReadValue {
  const trimmed = text.trim();
  if (trimmed !== "" && !EMAIL.test(trimmed)) {
    const message = `${field.label}: invalid email address: ${text}`;
    return refused("INVALID_EMAIL_ADDRESS", message, field);
  }
  return readText(field, trimmed);
}

/** A double as Java prints it: `500.0`, `9.12260031E8`. Result sets show numbers this way. */
export function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return "0.0";
  if (size >= 1e-3 && size < 1e7) {
    const plain = String(value);
    return plain.includes(".") ? plain : `${plain}.0`;
  }
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}
