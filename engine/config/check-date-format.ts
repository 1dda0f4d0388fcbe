import { complain, type Findings } from "./findings.ts";
import { nameOf } from "./name-of.ts";

/** Complains about a format of Luxon's tokens that would read dates wrongly or not at all. */
export function checkDateFormat(findings: Findings, pointer: string, format: string): void {
  const problem = format === "iso" ? null : problemOf(format);
  if (problem === null) return;
  complain(findings, "CONFIG_BAD_DATE_FORMAT", pointer, {
    detail: `${nameOf(pointer)}: ${problem.detail}`,
    hint: problem.hint,
  });
}

/** True when texts of this format say how far they are from UTC. */
export function holdsOffset(format: string): boolean {
  return tokensOf(format).some((token) => /^[Zz]+$/.test(token));
}

/** The runs of equal letters outside of quotes. */
function tokensOf(format: string): string[] {
  const unquoted = format.replaceAll(/'[^']*'/g, " ");
  return unquoted.match(/([A-Za-z])\1*/g) ?? [];
}

/** Luxon's tokens that stand for parts of a date and time; macros, weeks and eras are left out. */
const TOKENS = new Set(
  `d dd M MM MMM MMMM L LL LLL LLLL yyyy o ooo E EEE EEEE c ccc cccc
   H HH h hh a m mm s ss S SSS u uu uuu Z ZZ ZZZ z`.split(/\s+/),
);

function problemOf(format: string): { detail: string; hint: string } | null {
  const tokens = tokensOf(format);
  const has = (pattern: RegExp) => tokens.some((token) => pattern.test(token));
  if (has(/^yy?$/)) {
    return {
      detail: "a year needs four digits (yyyy). With fewer, the century would be a guess.",
      hint: "If the source has only two, derive the year in an expression, where the rule is yours to write.",
    };
  }
  const mended = mend(format);
  if (mended !== format && problemOf(mended) === null) {
    return { detail: whyMended(format), hint: `Did you mean "${mended}"?` };
  }
  const unknown = tokens.find((token) => !TOKENS.has(token));
  if (unknown !== undefined) {
    return {
      detail: `"${unknown}" is no token of a date format.`,
      hint: "Letters that stand for themselves go in single quotes, as in yyyy-MM-dd'T'HH:mm. Tokens are those of Luxon: dd MM yyyy HH mm ss SSS ZZ.",
    };
  }
  if (!has(/^yyyy$/)) return missing("a year (yyyy)");
  if (!has(/^(M+|L+|o|ooo)$/)) return missing("a month (MM)");
  if (!has(/^(d+|o|ooo)$/)) return missing("a day (dd)");
  if (has(/^o/) && has(/^[MLd]/)) {
    return {
      detail: "a day of the year (ooo) already says month and day.",
      hint: "Use ooo, or MM and dd.",
    };
  }
  if (has(/^H+$/) && has(/^(h+|a)$/)) {
    return {
      detail: "hours of twenty-four (H) and of twelve (h, a) exclude each other.",
      hint: "Use HH, or hh with a.",
    };
  }
  if (has(/^h+$/) && !has(/^a$/)) {
    return {
      detail: "hours of twelve (h) without am or pm (a) leave half the day open.",
      hint: "Use HH for hours of twenty-four, or add a.",
    };
  }
  return null;
}

function missing(what: string): { detail: string; hint: string } {
  return {
    detail: `the format lacks ${what}, so a text in it names no calendar day.`,
    hint: "For example dd.MM.yyyy or yyyy-MM-dd HH:mm.",
  };
}

/** The two slips that nearly everyone makes: the tokens of another library, and mm for the month. */
function mend(format: string): string {
  const letters = format
    .replaceAll(/YYYY/g, "yyyy")
    .replaceAll(/D+/g, (days) => days.toLowerCase());
  if (/M|L/.test(letters)) return letters.replace(/(?<=[dMy])T(?=H)/, "'T'");
  return letters.replace(/mm?/, (months) => months.toUpperCase());
}

function whyMended(format: string): string {
  if (/[YD]/.test(format)) return "days are written d and years y; other libraries use D and Y.";
  if (/T/.test(format)) return "a letter that stands for itself goes in single quotes.";
  return "mm are minutes; months are written MM.";
}
