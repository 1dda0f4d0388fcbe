import type { Parsed } from "./parsed.ts";

/** Milliseconds of a duration such as 500ms, 30s, 15m, 1h, 7d, or several of them: 1h30m. A plain
 *  number is refused, because its unit would be a guess; only 0 needs none. */
export function parseDuration(written: string | number): Parsed<number> {
  const text = String(written).trim();
  if (text === "0") return { value: 0, problem: null };
  if (/^\d+(\.\d+)?$/.test(text)) {
    return { value: null, problem: `"${text}" has no unit.`, hint: `Did you mean ${text}s?` };
  }
  if (!/^(\d+(?:\.\d+)?\s*[a-z]+\s*)+$/i.test(text)) return notOne(text);
  let total = 0;
  let previous = Number.POSITIVE_INFINITY;
  for (const [, digits = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
    const factor = FACTORS[unit.toLowerCase()];
    // From the largest unit to the smallest, each once: 30m1h is more likely a slip than a wish.
    if (factor === undefined || factor >= previous) return notOne(text);
    previous = factor;
    total += Number(digits) * factor;
  }
  const milliseconds = Math.round(total);
  return Number.isSafeInteger(milliseconds) ? { value: milliseconds, problem: null } : notOne(text);
}

function notOne(text: string): Parsed<number> {
  return {
    value: null,
    problem: `"${text}" is no duration.`,
    hint: "Write it such as 30s, 15m, 1h, 1h30m or 7d.",
  };
}

const FACTORS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
