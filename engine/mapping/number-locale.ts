import { type Converted, shown } from "./value-problem.ts";

/** Reads a number as the locale writes it and gives it as Salesforce wants it: `1.234,5` in `de` is
 *  `1234.5`. The digits are moved, never computed with, so that none is lost. */
export function compileNumber(locale: string): (text: string) => Converted {
  const marks = numberMarks(locale);
  const groupMark = pattern(marks.group);
  const digit = `[0-9${marks.digits}]`;
  const [last, other] = marks.groups;
  const grouped = `${digit}{1,${other}}(?:${groupMark}${digit}{${other}})*${groupMark}${digit}{${last}}`;
  const shape = new RegExp(
    `^([+-])?(${marks.group === "" ? "" : `${grouped}|`}${digit}+)?(?:${pattern(marks.decimal)}(${digit}+)?)?$`,
    "u",
  );
  const group = marks.group === "" ? null : new RegExp(groupMark, "gu");
  return (text) => {
    const match = shape.exec(plainSign(text.trim()));
    const whole = match?.[2] ?? "";
    const fraction = match?.[3] ?? "";
    if (match === null || whole + fraction === "") {
      return {
        code: "VALUE_NOT_NUMBER",
        reason: `${shown(text)} is not a number as written in the locale ${locale}, such as ${marks.sample}.`,
      };
    }
    const digits = marks.ascii(group === null ? whole : whole.replace(group, ""));
    const sign = match[1] === "-" ? "-" : "";
    const rest = fraction === "" ? "" : `.${marks.ascii(fraction)}`;
    return `${sign}${digits.replace(/^0+(?=[0-9])/, "") || "0"}${rest}`;
  };
}

/** Whether the locale writes ASCII digits in groups of three, so that bytes can be read one by one. */
export function hasThreesInAscii(locale: string): boolean {
  const { digits, groups } = numberMarks(locale);
  return digits === "" && groups.join() === "3,3";
}

/** How a locale writes numbers, by the data of Intl. */
export interface NumberMarks {
  /** Characters that can stand between groups; empty where the locale has none. */
  readonly group: string;
  /** Characters that can stand before the fraction. */
  readonly decimal: string;
  /** The locale's own digits, zero to nine, when they are not ASCII; else empty. */
  readonly digits: string;
  /** Digits in the last group, and in those before it: 3 and 3, in India 3 and 2. */
  readonly groups: readonly [number, number];
  readonly sample: string;
  ascii(text: string): string;
}

export function numberMarks(locale: string): NumberMarks {
  const format = new Intl.NumberFormat(locale, { useGrouping: true, minimumFractionDigits: 1 });
  // Nine digits, because some locales (es, pl) put no mark into four.
  const parts = format.formatToParts(123_456_789.5);
  const integers = parts.filter((part) => part.type === "integer").map((part) => part.value);
  const last = integers.at(-1)?.length ?? 3;
  const digits = readDigits(locale);
  return {
    group: integers.length > 1 ? alike(parts.find((part) => part.type === "group")?.value) : "",
    decimal: alike(parts.find((part) => part.type === "decimal")?.value ?? "."),
    digits: digits.join(""),
    groups: [last, integers.at(-2)?.length ?? last],
    sample: new Intl.NumberFormat(locale, { useGrouping: "always" }).format(1234.5),
    ascii: (text) => {
      if (digits.length === 0) return text;
      return Array.from(text, (one) => (digits.includes(one) ? digits.indexOf(one) : one)).join("");
    },
  };
}

function readDigits(locale: string): string[] {
  const format = new Intl.NumberFormat(locale, { useGrouping: false });
  const digits = Array.from({ length: 10 }, (_, value) => format.format(value));
  return digits[0] === "0" ? [] : digits;
}

/** Marks that people type for one another: files rarely hold the exact one of the locale data. */
const ALIKE = ["'\u2019", " \u00a0\u202f\u2009", "\u066b,", "\u066c\u060c"];

function alike(mark: string | undefined): string {
  if (mark === undefined) return "";
  return ALIKE.find((marks) => mark !== "" && marks.includes(mark)) ?? mark;
}

function pattern(marks: string): string {
  return `[${marks.replace(/[\\\]^-]/g, "\\$&")}]`;
}

/** The minus signs of typography, and direction marks beside a sign, which carry no value. */
function plainSign(text: string): string {
  return text.replace(/[\u200e\u200f\u061c]/gu, "").replace(/^[\u2212\u2012\u2013]/u, "-");
}
