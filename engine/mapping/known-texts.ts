import type { CellValue } from "./cell-value.ts";
import type { ColumnPlan } from "./column-plan.ts";
import { planTransforms } from "./plain-column.ts";
import { compileTransforms } from "./transforms.ts";
import type { ValueProblem } from "./value-problem.ts";

/** A column of which it is known beforehand what some texts become: a table of values, a picklist,
 *  words for true and false, record types. */
export interface KnownTexts {
  /** What is done to a source text before it is looked up: on ASCII, else only strings know. */
  readonly trim: boolean;
  readonly letters: "keep" | "lower" | "upper";
  readonly collapse: boolean;
  readonly digits: boolean;
  readonly cells: readonly (readonly [text: string, cell: CellValue | ValueProblem])[];
  /** What every other text becomes; null where that depends on the text. */
  readonly others: CellValue | ValueProblem | null;
  readonly blank: CellValue | ValueProblem;
}

/** Finds the texts of a column and computes their cells; null where there are none, or so many that
 *  nothing is gained. */
export function planKnownTexts(
  plan: ColumnPlan,
  compute: (text: string, missing: boolean) => CellValue | ValueProblem,
): KnownTexts | null {
  const { mapping, key } = plan;
  const { date, dateTime, number, boolean, transform, values } = mapping;
  const converted = date !== null || dateTime !== null || number !== null;
  if (mapping.from === null || key || converted || (values !== null && boolean !== null))
    return null;
  const change = planTransforms(transform);
  const texts = values === null ? wordsOf(plan) : { words: Object.keys(values), folded: false };
  if (change === null || texts === null) return null;
  // Spaces around words are cut; where spaces alone are no blank for the default, that would be one.
  if (texts.folded && boolean === null && mapping.default !== null) return null;
  const kept = change.kind === "copy" ? COPY : change;
  const applied = compileTransforms(transform);
  const words = texts.words.filter((text) => text !== "" && applied(text) === text);
  if (words.length === 0 || words.length > TEXTS_MAX) return null;
  return {
    ...kept,
    ...(texts.folded ? { letters: "lower" as const } : {}),
    trim: texts.folded || transform.includes("trim"),
    cells: words.map((text) => [text, compute(text, false)]),
    others: values === null ? null : compute(unlisted(values), false),
    blank: compute("", false),
  };
}

const TEXTS_MAX = 500;
const COPY = { letters: "keep", collapse: false, digits: false } as const;

/** The words that a field's type takes. Folded words are compared in lower case and without spaces around
 *  them, whatever the transforms leave of those. */
function wordsOf({
  mapping,
  valueField,
  recordTypes,
}: ColumnPlan): { readonly words: readonly string[]; readonly folded: boolean } | null {
  const lower = (words: readonly string[]) => words.map((word) => word.trim().toLowerCase());
  if (mapping.boolean !== null) {
    return { words: lower([...mapping.boolean.true, ...mapping.boolean.false]), folded: true };
  }
  if (recordTypes !== null) return { words: [...recordTypes.keys()], folded: true };
  if (valueField.type === "boolean") return { words: ["true", "false", "1", "0"], folded: true };
  if (valueField.type !== "picklist" && valueField.type !== "multipicklist") return null;
  if (!valueField.restrictedPicklist) return null;
  const active = valueField.picklistValues.filter((entry) => entry.active);
  return { words: active.map((entry) => entry.value), folded: false };
}

/** A text that the table lacks and that no transform changes. */
function unlisted(values: Readonly<Record<string, string>>): string {
  let number = 0;
  while (Object.hasOwn(values, String(number))) number++;
  return String(number);
}
