import type { RowCode } from "./row-codes.ts";

/** Why one value cannot be sent. The column adds its field name to make a RowProblem of it. */
export interface ValueProblem {
  readonly code: RowCode;
  /** A full sentence for the user. */
  readonly reason: string;
}

/** A value on its way through the mapping, or why there is none. */
export type Converted = string | ValueProblem;

/** The text in quotes, short enough for a sentence: invalid.csv holds the whole row beside it. */
export function shown(text: string): string {
  const line = text.replace(/[\r\n\t]+/g, " ");
  return line.length > SHOWN_MAX ? `"${line.slice(0, SHOWN_MAX)}..."` : `"${line}"`;
}

const SHOWN_MAX = 60;
