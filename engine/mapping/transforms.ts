import type { Transform } from "../config/sync-spec.ts";

/** The transforms of a mapping as one function, applied in the order of the spec. They know all of
 *  Unicode: `lower` is no ASCII trick, and a no-break space is a space. */
export function compileTransforms(names: readonly Transform[]): (text: string) => string {
  const steps = names.map((name) => TRANSFORMS[name]);
  return (text) => steps.reduce((value, step) => step(value), text);
}

const TRANSFORMS: Readonly<Record<Transform, (text: string) => string>> = {
  trim: (text) => text.trim(),
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  title: (text) => text.replace(WORD, titleWord),
  collapseSpaces: (text) => text.replace(/\s+/gu, " "),
  digits: (text) => text.replace(/\P{Nd}+/gu, "").replace(/[^0-9]/gu, asciiDigit),
};

/** Letters and digits, with apostrophes inside: "o'neill" is one word. */
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’][\p{L}\p{M}]+)*/gu;
/** A single letter and an apostrophe before a name, as in O'Neill and D’Arcy, but not in "don't". */
const NAME_PREFIX = /^(\p{L}['’])(\p{L}\p{M}*)(\p{L}.*)$/u;

function titleWord(word: string): string {
  const parts = NAME_PREFIX.exec(word);
  if (parts === null) return titleCase(word);
  return titleCase(parts[1] ?? "") + titleCase((parts[2] ?? "") + (parts[3] ?? ""));
}

function titleCase(word: string): string {
  const first = String.fromCodePoint(word.codePointAt(0) ?? 0);
  const upper = first.toUpperCase();
  // One letter can become two (ß, ﬁ): only the first of them is the capital.
  const capital = upper.length > first.length ? upper[0] + upper.slice(1).toLowerCase() : upper;
  return capital + word.slice(first.length).toLowerCase();
}

/** Unicode keeps the decimal digits of every script in runs of ten that start at a zero. */
function asciiDigit(digit: string): string {
  let value = 0;
  let below = (digit.codePointAt(0) ?? 0) - 1;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(below))) {
    value++;
    below--;
  }
  return String(value);
}
