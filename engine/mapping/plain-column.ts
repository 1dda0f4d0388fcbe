import type { FieldMapping, Transform } from "../config/sync-spec.ts";
import { type ByteCopy, changesBytes, changingCopy, copyBytes } from "./byte-copy.ts";
import { byteRuleOf } from "./byte-rule.ts";
import type { CellValue } from "./cell-value.ts";
import type { ColumnPlan } from "./column-plan.ts";
import { dateCopy, dateTimeCopy } from "./date-copy.ts";
import { numberCopy } from "./number-copy.ts";
import type { PlainColumn } from "./plain-cell.ts";
import type { ValueProblem } from "./value-problem.ts";
import { lengthMaxOf } from "./value-rules.ts";

/** Tells whether a column can be done on bytes, and how; null where every cell needs a string. */
export function planPlain(
  plan: ColumnPlan,
  compute: (text: string, missing: boolean) => CellValue | ValueProblem,
): PlainColumn | null {
  const { mapping, valueField, prefixes } = plan;
  if (mapping.from === null || mapping.values !== null || mapping.recordType) return null;
  const copy = planCopy(mapping);
  const rule = byteRuleOf(valueField, prefixes);
  if (copy === null || rule === undefined) return null;
  return {
    trim: mapping.transform.includes("trim"),
    copy,
    lengthMax: lengthMaxOf(valueField),
    rule,
    blank: compute("", false),
    missing: compute("", true),
  };
}

function planCopy({
  date,
  dateTime,
  zone,
  number,
  boolean,
  transform,
}: FieldMapping): ByteCopy | null {
  if (boolean !== null) return null;
  const converts = date !== null || dateTime !== null || number !== null;
  if (!converts) return transformCopy(transform);
  // A conversion trims for itself; what other transforms leave of the text is seldom worth bytes.
  if (transform.some((name) => name !== "trim")) return null;
  if (date !== null) return dateCopy(date);
  return dateTime !== null ? dateTimeCopy(dateTime, zone) : numberCopy(number ?? "en");
}

/** Transforms in any order come to the same on ASCII; null for one that needs to know letters. */
function transformCopy(transforms: readonly Transform[]): ByteCopy | null {
  if (transforms.includes("title")) return null;
  const letters = transforms.findLast((name) => name === "lower" || name === "upper");
  const changes = {
    letters: letters === "lower" || letters === "upper" ? letters : "keep",
    collapse: transforms.includes("collapseSpaces"),
    digits: transforms.includes("digits"),
  } as const;
  return changesBytes(changes) ? changingCopy(changes) : copyBytes;
}
