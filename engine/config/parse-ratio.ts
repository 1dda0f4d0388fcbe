import type { Parsed } from "./parsed.ts";

/** The fraction of a percentage such as 50% or 0.5%. A number without % is refused: 0.5 could mean
 *  half or half a percent. */
export function parseRatio(written: string | number): Parsed<number> {
  const text = String(written).trim();
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  if (match === null) {
    const number = Number(text);
    const fraction = text !== "" && number > 0 && number < 1;
    const percent = fraction ? Number((number * 100).toPrecision(12)) : number;
    const sure = /^\d+(\.\d+)?$/.test(text) && percent <= 100;
    return {
      value: null,
      problem: `"${text}" is no percentage.`,
      hint: sure ? `Did you mean ${percent}%?` : "Write it such as 50% or 0.5%.",
    };
  }
  const ratio = Number(match[1]) / 100;
  if (ratio <= 1) return { value: ratio, problem: null };
  return { value: null, problem: `"${text}" is more than all.`, hint: "Write at most 100%." };
}
