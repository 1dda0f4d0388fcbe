import type { FieldShape } from "../describe/object-shape.ts";
import { shown, type ValueProblem } from "./value-problem.ts";

/** A restricted picklist takes its active values only, a multi-select one several of them between
 *  semicolons; null where any text is stored. Letter case is not judged: Salesforce matches values
 *  without it in places, so a difference in case is doubt, and doubt is sent. */
export function picklistRule(field: FieldShape): ((value: string) => string | ValueProblem) | null {
  if (!field.restrictedPicklist || field.picklistValues.length === 0) return null;
  const active = field.picklistValues.filter((entry) => entry.active).map((entry) => entry.value);
  const known = new Set(active.map(fold));
  const inactive = new Set(
    field.picklistValues.filter((entry) => !entry.active).map((entry) => fold(entry.value)),
  );
  const several = field.type === "multipicklist";
  return (value) => {
    for (const part of several ? value.split(";") : [value]) {
      const folded = fold(part);
      if (known.has(folded) || (several && folded === "")) continue;
      const why = inactive.has(folded) ? "an inactive value of" : "no value of";
      return {
        code: "VALUE_NOT_PICKLIST",
        reason: `${shown(part)} is ${why} this picklist: ${list(active)}.`,
      };
    }
    return value;
  };
}

function list(values: readonly string[]): string {
  const first = values.slice(0, LISTED_MAX).join(", ");
  return values.length > LISTED_MAX ? `${first} and ${values.length - LISTED_MAX} more` : first;
}

const LISTED_MAX = 8;

function fold(value: string): string {
  return value.trim().toLowerCase();
}
