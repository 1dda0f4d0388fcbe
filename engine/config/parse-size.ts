import type { Parsed } from "./parsed.ts";

/** Bytes of a size such as 100MB or 1.5 GiB: KB, MB, GB are thousands, KiB, MiB, GiB are 1024s.
 *  A plain number is bytes. Letter case does not count. */
export function parseSize(written: string | number): Parsed<number> {
  if (typeof written === "number") return wholeBytes(written, written);
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(written.trim());
  if (match === null) return { value: null, problem: `"${written}" is no size.`, hint: EXAMPLES };
  const [, digits = "", unit = ""] = match;
  const factor = FACTORS[unit.toLowerCase()];
  if (factor === undefined) {
    const near = LETTERS[unit.toLowerCase()];
    return {
      value: null,
      problem: `"${written}" has no unit of bytes that is known.`,
      hint: near === undefined ? EXAMPLES : `Did you mean ${digits}${near}?`,
    };
  }
  return wholeBytes(Math.round(Number(digits) * factor), written);
}

function wholeBytes(bytes: number, written: string | number): Parsed<number> {
  if (Number.isSafeInteger(bytes) && bytes >= 0) return { value: bytes, problem: null };
  return { value: null, problem: `"${written}" is no size.`, hint: EXAMPLES };
}

const EXAMPLES = "Write it such as 100MB, 500KB or 64MiB.";

const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

const LETTERS: Readonly<Record<string, string>> = { k: "KB", m: "MB", g: "GB" };
