import type { FieldShape, ObjectShape } from "../describe/object-shape.ts";
import { compileBoolean } from "./boolean-words.ts";
import { picklistRule } from "./picklist-rule.ts";
import { looksLikeId } from "./salesforce-id.ts";
import { type Converted, shown, type ValueProblem } from "./value-problem.ts";

/** Judges a final value, and may rewrite it into the form that is safest to send. */
export type ValueRule = (value: string) => Converted;

/** What a field's describe says about its values, as one function; null when it says nothing.
 *  Refuses only what the org certainly refuses: a value in doubt is sent, and the org decides.
 *  Outer spaces are ignored here, because Salesforce ignores them in most types. */
export function compileValueRule(
  field: FieldShape,
  prefixes: readonly string[] | null,
): ValueRule | null {
  const rules = [typeRule(field, prefixes), lengthRule(field)].filter((rule) => rule !== null);
  if (rules.length === 0) return null;
  return (value) => {
    let text = value;
    for (const rule of rules) {
      const result = rule(text);
      if (typeof result !== "string") return result;
      text = result;
    }
    return text;
  };
}

/** Characters that the field holds; 0 where its length does not count the text's. */
export function lengthMaxOf(field: FieldShape): number {
  return TEXT_TYPES.has(field.type) ? Math.max(0, field.length) : 0;
}

/** Digits that the field holds before the point; 0 where describe does not say. */
export function integerDigitsMax(field: FieldShape): number {
  if (field.type === "int" || field.type === "long") return field.digits;
  return field.precision > 0 ? field.precision - field.scale : 0;
}

/** Whether blank text (spaces only) is no value for this type. */
export function blankWhenSpaces(field: FieldShape): boolean {
  return !TEXT_TYPES.has(field.type);
}

/** The key prefixes an Id in this field can have; null when that is not certain. */
export function idPrefixes(
  field: FieldShape,
  owner: ObjectShape,
  shapes: ReadonlyMap<string, ObjectShape>,
): readonly string[] | null {
  if (field.type === "id") return owner.keyPrefix === null ? null : [owner.keyPrefix];
  if (field.type !== "reference" || field.referenceTo.length === 0) return null;
  const prefixes: string[] = [];
  for (const name of field.referenceTo) {
    const prefix = shapes.get(name.toLowerCase())?.keyPrefix ?? null;
    if (prefix === null) return null;
    prefixes.push(prefix);
  }
  return prefixes;
}

function typeRule(field: FieldShape, prefixes: readonly string[] | null): ValueRule | null {
  switch (field.type) {
    case "boolean":
      return compileBoolean(null);
    case "int":
    case "long":
    case "double":
    case "currency":
    case "percent":
      return numberRule(field);
    case "date":
      return dateRule;
    case "datetime":
      return dateTimeRule;
    case "email":
      return emailRule;
    case "id":
    case "reference":
      return idRule(prefixes);
    case "picklist":
    case "multipicklist":
      return picklistRule(field);
    default:
      return null;
  }
}

/** Types whose `length` counts the characters of the text itself. */
const TEXT_TYPES = new Set(
  "string textarea picklist multipicklist combobox email phone url encryptedstring".split(" "),
);

/** Counted in code points, the smallest of the counts Salesforce might use, and without outer
 *  spaces, which it cuts off: what is too long even so is refused for certain. */
function lengthRule(field: FieldShape): ValueRule | null {
  const max = lengthMaxOf(field);
  if (max === 0) return null;
  return (value) => {
    if (value.length <= max) return value;
    let count = 0;
    for (const _ of value.trim()) count++;
    if (count <= max) return value;
    return {
      code: "VALUE_TOO_LONG",
      reason: `The text has ${count} characters; the field holds ${max}.`,
    };
  };
}

function numberRule(field: FieldShape): ValueRule {
  const digitsMax = integerDigitsMax(field);
  return (value) => {
    const text = value.trim();
    const match = /^[+-]?([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,6}))?$/.exec(text);
    if (match === null || (match[1] ?? "") + (match[2] ?? "") === "") {
      if (/^(?:NaN|-?INF)$/.test(text)) return value;
      return {
        code: "VALUE_NOT_NUMBER",
        reason: `${shown(value)} is not a number. Salesforce wants digits with a point, such as 1234.5.`,
      };
    }
    const digits = integerDigits(match[1] ?? "", match[2] ?? "", Number(match[3] ?? "0"));
    if (digitsMax <= 0 || digits <= digitsMax) return value;
    return {
      code: "VALUE_NUMBER_RANGE",
      reason: `${shown(value)} has ${digits} digits before the point; the field holds ${digitsMax}.`,
    };
  };
}

/** Digits before the point once the exponent is applied. */
function integerDigits(whole: string, fraction: string, exponent: number): number {
  const digits = whole + fraction;
  const leading = digits.length - digits.replace(/^0+/, "").length;
  return leading === digits.length ? 0 : Math.max(0, whole.length + exponent - leading);
}

/** A calendar day, alone or with something behind it that Salesforce may cut off. */
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})/;

function isDay(text: string): boolean {
  const match = DAY.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function dateRule(value: string): Converted {
  const text = value.trim();
  if (isDay(text) && /^.{10}(?:$|[TZ+ -])/.test(text)) return value;
  return {
    code: "VALUE_NOT_DATE",
    reason: `${shown(value)} is no date in the form yyyy-MM-dd. The mapping's date: reads other forms.`,
  };
}

const TIME =
  /^.{10}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$/;

function dateTimeRule(value: string): Converted {
  const text = value.trim();
  if (isDay(text) && TIME.test(text)) return value;
  return {
    code: "VALUE_NOT_DATETIME",
    reason: `${shown(value)} is no date and time in the form yyyy-MM-ddTHH:mm:ssZ. The mapping's dateTime: reads other forms.`,
  };
}

/** One @ with something on both sides and no spaces. A quoted local part may hold anything. */
function emailRule(value: string): Converted {
  const text = value.trim();
  if (text.includes('"') || /^[^\s@]+@[^\s@]+$/.test(text)) return value;
  return { code: "VALUE_NOT_EMAIL", reason: `${shown(value)} cannot be an email address.` };
}

function idRule(prefixes: readonly string[] | null): ValueRule {
  return (value) => {
    const text = value.trim();
    if (!looksLikeId(text)) return notId(`${shown(value)} cannot be a Salesforce Id.`);
    // A key prefix is compared without letter case: the wrong case can be mended by the checksum.
    const prefix = text.slice(0, 3).toLowerCase();
    if (prefixes === null || prefixes.some((one) => one.toLowerCase() === prefix)) return value;
    return notId(
      `${shown(value)} is an Id of another object: here Ids start with ${prefixes.join(" or ")}.`,
    );
  };
}

function notId(reason: string): ValueProblem {
  return { code: "VALUE_NOT_ID", reason };
}
