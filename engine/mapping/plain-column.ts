import type { Transform } from "../config/sync-spec.ts";
import { type ByteRule, byteRuleOf } from "./byte-rule.ts";
import type { CellValue } from "./cell-value.ts";
import type { ColumnPlan } from "./column-plan.ts";
import type { PlainColumn } from "./plain-cell.ts";
import type { ValueProblem } from "./value-problem.ts";
import { lengthMaxOf } from "./value-rules.ts";

/** Tells whether a column can be done on bytes, and how; null where every cell needs a string. */
export function planPlain(
  plan: ColumnPlan,
  compute: (text: string, missing: boolean) => CellValue | ValueProblem,
): PlainColumn | null {
  const { mapping, valueField, prefixes } = plan;
  const converts =
    mapping.date ?? mapping.dateTime ?? mapping.number ?? mapping.boolean ?? mapping.values;
  if (mapping.from === null || converts !== null || mapping.recordType) return null;
  const changes = planChanges(mapping.transform);
  const rule: ByteRule | null | undefined = byteRuleOf(valueField, prefixes);
  if (changes === null || rule === undefined) return null;
  return {
    ...changes,
    lengthMax: lengthMaxOf(valueField),
    rule,
    blank: compute("", false),
    missing: compute("", true),
  };
}

/** Transforms in any order that comes to the same on bytes; null for one that needs letters. */
function planChanges(transforms: readonly Transform[]) {
  if (transforms.includes("title")) return null;
  const letters = transforms.findLast((name) => name === "lower" || name === "upper");
  return {
    trim: transforms.includes("trim"),
    letters: letters ?? "keep",
    collapse: transforms.includes("collapseSpaces"),
    digits: transforms.includes("digits"),
  } as const;
}
