/** A regular expression as a tree, for `text-pattern.ts`. */
export type PatternNode =
  | { readonly kind: "character"; readonly source: string }
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "sequence"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly parts: readonly PatternNode[] }
  | {
      readonly kind: "repeat";
      readonly part: PatternNode;
      readonly min: number;
      /** Infinity for no end. */
      readonly max: number;
    };

export type Place = "start" | "end" | "wordEdge" | "noWordEdge";

export interface ParsedPattern {
  readonly root: PatternNode;
  /** Flags of JavaScript: u, and i or s where the pattern starts with (?i) or (?s). */
  readonly flags: string;
}

/** Why a text is no pattern that can be used: a sentence for the user. */
export class PatternError extends Error {}

/** Parses the part of RE2's syntax (which CEL names) that needs no memory of what was matched. What
 *  stands for one character is kept as it is written: JavaScript knows what it means. */
export function parsePattern(pattern: string): ParsedPattern {
  const [whole = "", letters = ""] = /^\(\?([is]+)\)/.exec(pattern) ?? [];
  const reader = { pattern, at: whole.length, depth: 0 };
  const root = parseChoice(reader);
  if (reader.at < pattern.length) throw new PatternError("A ) closes a group that was not opened.");
  return { root, flags: `u${[...new Set(letters)].join("")}` };
}

interface Reader {
  readonly pattern: string;
  at: number;
  depth: number;
}

const DEPTH_MAX = 20;
const REPEATS_MAX = 200;

function parseChoice(reader: Reader): PatternNode {
  const parts = [parseSequence(reader)];
  while (reader.pattern[reader.at] === "|") {
    reader.at++;
    parts.push(parseSequence(reader));
  }
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : { kind: "choice", parts };
}

function parseSequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = [];
  while (reader.at < reader.pattern.length && !"|)".includes(reader.pattern[reader.at] ?? "")) {
    parts.push(parseRepeat(reader, parseAtom(reader)));
  }
  return { kind: "sequence", parts };
}

function parseRepeat(reader: Reader, part: PatternNode): PatternNode {
  const match = /^(?:[*+?]|\{(\d{1,4})(,(\d{1,4})?)?\})\??/.exec(reader.pattern.slice(reader.at));
  if (match === null) return part;
  if (part.kind === "place")
    throw new PatternError(`There is nothing before ${match[0]} to repeat.`);
  reader.at += match[0].length;
  if (/^[*+?{]/.test(reader.pattern.slice(reader.at))) {
    throw new PatternError(`${reader.pattern[reader.at]} cannot follow another repetition.`);
  }
  const [sign, least = "0", open, most = least] = match;
  if (sign.startsWith("*")) return { kind: "repeat", part, min: 0, max: Number.POSITIVE_INFINITY };
  if (sign.startsWith("+")) return { kind: "repeat", part, min: 1, max: Number.POSITIVE_INFINITY };
  if (sign.startsWith("?")) return { kind: "repeat", part, min: 0, max: 1 };
  const endless = open === ",";
  const [min, max] = [Number(least), endless ? Number.POSITIVE_INFINITY : Number(most)];
  if (min > max || min > REPEATS_MAX || (max > REPEATS_MAX && !endless)) {
    throw new PatternError(`${sign} repeats too often, or its numbers are in the wrong order.`);
  }
  return { kind: "repeat", part, min, max };
}

const PLACES: Readonly<Record<string, Place>> = {
  "^": "start",
  $: "end",
  "\\b": "wordEdge",
  "\\B": "noWordEdge",
};

/** One character of the text: a class, an escape, a dot, a letter. */
const CHARACTER =
  /\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|[^[\\]/suy;

function parseAtom(reader: Reader): PatternNode {
  const { pattern, at } = reader;
  if (pattern[at] === "(") return parseGroup(reader);
  const place = PLACES[pattern[at] ?? ""] ?? PLACES[pattern.slice(at, at + 2)];
  if (place !== undefined) {
    reader.at += pattern[at] === "\\" ? 2 : 1;
    return { kind: "place", place };
  }
  CHARACTER.lastIndex = at;
  const [source] = CHARACTER.exec(pattern) ?? [];
  if (source === undefined) throw new PatternError("A [ or a \\ at the end is not completed.");
  if (/^[*+?{]/.test(source))
    throw new PatternError(`There is nothing before ${source} to repeat.`);
  if (/^\\[1-9k]/.test(source)) {
    throw new PatternError(
      `${source} refers back to what was matched, which takes time without bound.`,
    );
  }
  reader.at += source.length;
  return { kind: "character", source: /^[}\]]$/.test(source) ? `\\${source}` : source };
}

function parseGroup(reader: Reader): PatternNode {
  const { pattern } = reader;
  if (++reader.depth > DEPTH_MAX) throw new PatternError("The groups are nested too deeply.");
  reader.at++;
  if (pattern[reader.at] === "?") {
    if (pattern[reader.at + 1] !== ":") {
      throw new PatternError(
        "Of the groups that start with (?, only (?: can be used, and (?i) at the very start.",
      );
    }
    reader.at += 2;
  }
  const inner = parseChoice(reader);
  if (pattern[reader.at] !== ")") throw new PatternError("A ( opens a group that is not closed.");
  reader.at++;
  reader.depth--;
  return inner;
}
