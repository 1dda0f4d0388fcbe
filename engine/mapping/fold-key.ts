import type { KeyKind } from "./row-program.ts";

/** The form in which two keys are compared, as Salesforce compares them: used by delta, by the
 *  search for duplicates and by the join of results. Equal keys have equal forms. */
export function foldKey(text: string, kind: KeyKind): string {
  const trimmed = trimAscii(text);
  switch (kind) {
    case "text":
      return lowerSimple(trimmed);
    case "textCaseSensitive":
      return trimmed;
    case "number":
      return foldNumber(trimmed) ?? lowerSimple(trimmed);
    case "id":
      return trimmed.slice(0, ID_LENGTH);
  }
}

/** The last three characters of an 18-character Id repeat the letter case of the first 15. */
const ID_LENGTH = 15;

/** Control characters and the space, as Java's String.trim cuts them. Other spaces are kept apart:
 *  taking two records for one is worse than sending one twice. */
function trimAscii(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** Unicode's simple lower case: one character becomes one. JavaScript's toLowerCase is the full
 *  mapping, which differs in exactly two places: İ becomes two characters, and Σ depends on whether
 *  it ends a word. */
function lowerSimple(text: string): string {
  return text.replaceAll("\u0130", "i").replaceAll("\u03a3", "\u03c3").toLowerCase();
}

/** The number's value as text: `9.1E8`, `0910000000.0` and `910000000` are one key. Null when the
 *  text is no number. No floating point is involved, so any count of digits stays exact. */
function foldNumber(text: string): string | null {
  const match = /^([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]{1,6}))?$/.exec(text);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = "", exponentText = "0"] = match;
  if (whole + fraction === "") return null;
  const significant = (whole + fraction).replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  if (digits === "") return "0";
  const exponent = Number(exponentText) - fraction.length + (significant.length - digits.length);
  const minus = sign === "-" ? "-" : "";
  // Written out where that is short, so that an ordinary whole number folds to itself.
  const plain = exponent >= 0 && digits.length + exponent <= PLAIN_DIGITS_MAX;
  return plain ? `${minus}${digits}${"0".repeat(exponent)}` : `${minus}${digits}e${exponent}`;
}

const PLAIN_DIGITS_MAX = 40;
