import { type Converted, shown } from "./value-problem.ts";

/** The words a source uses for true and false, compared without regard to case and outer spaces. */
export interface BooleanWords {
  readonly true: readonly string[];
  readonly false: readonly string[];
}

/** What Salesforce itself understands (Bulk API 2.0 guide, "Valid Data in CSV Files"). */
const SALESFORCE_WORDS: BooleanWords = { true: ["true", "1"], false: ["false", "0"] };

/** Turns a word into `true` or `false`, the forms that every version of the API accepts. */
export function compileBoolean(words: BooleanWords | null): (text: string) => Converted {
  const accepted = words ?? SALESFORCE_WORDS;
  const table = new Map<string, string>();
  for (const word of accepted.false) table.set(fold(word), "false");
  for (const word of accepted.true) table.set(fold(word), "true");
  const allowed = [...accepted.true, ...accepted.false].join(", ");
  return (text) =>
    table.get(fold(text)) ?? {
      code: "VALUE_NOT_BOOLEAN",
      reason: `${shown(text)} is neither true nor false. Accepted are: ${allowed}.`,
    };
}

function fold(word: string): string {
  return word.trim().toLowerCase();
}
