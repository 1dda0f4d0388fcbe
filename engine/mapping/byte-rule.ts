import type { FieldShape } from "../describe/object-shape.ts";
import { integerDigitsMax } from "./value-rules.ts";

/** What a value may be to pass without a string: simple forms that are surely fine. */
export type ByteRule =
  | { readonly kind: "email" }
  | { readonly kind: "number"; readonly digitsMax: number }
  | { readonly kind: "date" }
  | { readonly kind: "dateTime" }
  | { readonly kind: "id"; readonly prefixes: readonly Uint8Array[] | null };

/** The rule of a field's type: null where any text passes, undefined where bytes can't tell. */
export function byteRuleOf(
  field: FieldShape,
  prefixes: readonly string[] | null,
): ByteRule | null | undefined {
  switch (field.type) {
    case "email":
      return { kind: "email" };
    case "int":
    case "long":
    case "double":
    case "currency":
    case "percent":
      return { kind: "number", digitsMax: integerDigitsMax(field) };
    case "date":
      return { kind: "date" };
    case "datetime":
      return { kind: "dateTime" };
    case "id":
    case "reference":
      return { kind: "id", prefixes: prefixes?.map((prefix) => encoder.encode(prefix)) ?? null };
    case "boolean":
      return undefined;
    case "picklist":
    case "multipicklist":
      return field.restrictedPicklist && field.picklistValues.length > 0 ? undefined : null;
    default:
      return null;
  }
}

const encoder = new TextEncoder();

/** Whether the bytes are surely fine. False says nothing: the string decides. */
export function acceptsBytes(
  rule: ByteRule,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  switch (rule.kind) {
    case "email":
      return isEmail(bytes, start, end);
    case "number":
      return isNumber(bytes, start, end, rule.digitsMax);
    case "date":
      return end - start === 10 && isDay(bytes, start);
    case "dateTime":
      return isUtcTime(bytes, start, end);
    case "id":
      return isId(bytes, start, end, rule.prefixes);
  }
}

/** Visible ASCII with one @ that stands neither first nor last. */
function isEmail(bytes: Uint8Array, start: number, end: number): boolean {
  let at = -1;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte <= 0x20) return false;
    if (byte === 0x40) {
      if (at >= 0) return false;
      at = i;
    }
  }
  return at > start && at < end - 1;
}

/** A sign, digits, a point, digits. */
function isNumber(bytes: Uint8Array, start: number, end: number, digitsMax: number): boolean {
  const sign = bytes[start] === MINUS || bytes[start] === PLUS ? 1 : 0;
  let i = start + sign;
  const first = i;
  while (i < end && isDigit(bytes[i])) i++;
  const whole = i - first;
  if (whole === 0 || (digitsMax > 0 && whole > digitsMax)) return false;
  if (i < end && bytes[i] === POINT) i++;
  while (i < end && isDigit(bytes[i])) i++;
  return i === end;
}

/** yyyy-MM-dd with a day that every month has. */
function isDay(bytes: Uint8Array, start: number): boolean {
  if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return false;
  if (two(bytes, start) < 0 || two(bytes, start + 2) < 0) return false;
  const month = two(bytes, start + 5);
  const day = two(bytes, start + 8);
  return month >= 1 && month <= 12 && day >= 1 && day <= 28;
}

/** yyyy-MM-ddTHH:mm:ssZ, with or without parts of a second. */
function isUtcTime(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 20 || !isDay(bytes, start)) return false;
  if (bytes[start + 10] !== LETTER_T || bytes[end - 1] !== LETTER_Z) return false;
  if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return false;
  if (two(bytes, start + 11) < 0 || two(bytes, start + 14) < 0 || two(bytes, start + 17) < 0) {
    return false;
  }
  if (end - start === 20) return true;
  if (bytes[start + 19] !== POINT || end - start === 21) return false;
  for (let i = start + 20; i < end - 1; i++) if (!isDigit(bytes[i])) return false;
  return true;
}

function isId(
  bytes: Uint8Array,
  start: number,
  end: number,
  prefixes: readonly Uint8Array[] | null,
): boolean {
  const length = end - start;
  if (length !== 15 && length !== 18) return false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    const letter = byte | 0x20;
    if (isDigit(byte) ? i >= start + 15 && byte > 0x35 : letter < 0x61 || letter > 0x7a)
      return false;
  }
  if (prefixes === null) return true;
  return prefixes.some(
    (prefix) =>
      prefix[0] === bytes[start] &&
      prefix[1] === bytes[start + 1] &&
      prefix[2] === bytes[start + 2],
  );
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** The value of two digits; -1 where they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at];
  const ones = bytes[at + 1];
  if (!isDigit(tens) || !isDigit(ones)) return -1;
  return ((tens ?? 0) - 0x30) * 10 + (ones ?? 0) - 0x30;
}

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
