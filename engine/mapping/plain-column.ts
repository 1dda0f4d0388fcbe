import type { FieldMapping, Transform } from "../config/sync-spec.ts";
import { type ByteRule, byteRuleOf } from "./byte-rule.ts";
import type { CellValue } from "./cell-value.ts";
import type { ColumnPlan } from "./column-plan.ts";
import { datePattern } from "./date-pattern.ts";
import { hasThreesInAscii } from "./number-locale.ts";
import type { ValueProblem } from "./value-problem.ts";
import { lengthMaxOf } from "./value-rules.ts";

/** A column that can be done on bytes, as data: what `plain-cell.ts` works by, and a kernel can. */
export interface PlainColumn {
  readonly trim: boolean;
  readonly change: PlainChange;
  /** Characters at most; 0 for no limit. */
  readonly lengthMax: number;
  readonly rule: ByteRule | null;
  /** What a blank becomes. */
  readonly blank: CellValue | ValueProblem;
  /** What a column becomes that the file lacks. */
  readonly missing: CellValue | ValueProblem;
}

/** How the bytes of a source text become those of the value. */
export type PlainChange =
  | PlainTransforms
  | { readonly kind: "number"; readonly locale: string }
  | { readonly kind: "date"; readonly format: string }
  | { readonly kind: "dateTime"; readonly format: string; readonly zone: string };

export type PlainTransforms =
  | { readonly kind: "copy" }
  /** On ASCII. */
  | {
      readonly kind: "letters";
      readonly letters: "keep" | "lower" | "upper";
      readonly collapse: boolean;
      /** Keeps nothing but digits. */
      readonly digits: boolean;
    };

/** Tells whether a column can be done on bytes, and how; null where every cell needs a string. */
export function planPlain(
  plan: ColumnPlan,
  compute: (text: string, missing: boolean) => CellValue | ValueProblem,
): PlainColumn | null {
  const { mapping, valueField, prefixes } = plan;
  if (mapping.from === null || mapping.values !== null || mapping.recordType) return null;
  const change = planChange(mapping);
  const rule = byteRuleOf(valueField, prefixes);
  if (change === null || rule === undefined) return null;
  return {
    trim: mapping.transform.includes("trim"),
    change,
    lengthMax: lengthMaxOf(valueField),
    rule,
    blank: compute("", false),
    missing: compute("", true),
  };
}

function planChange(mapping: FieldMapping): PlainChange | null {
  const { date, dateTime, zone, number, boolean, transform } = mapping;
  if (boolean !== null) return null;
  if (date === null && dateTime === null && number === null) return planTransforms(transform);
  // A conversion trims for itself; what other transforms leave of the text is seldom worth bytes.
  if (transform.some((name) => name !== "trim")) return null;
  if (number !== null) {
    return hasThreesInAscii(number) ? { kind: "number", locale: number } : null;
  }
  if (date !== null) {
    const format = date === "iso" ? "yyyy-MM-dd" : date;
    return datePattern(format) === null ? null : { kind: "date", format };
  }
  if (dateTime === null || zone === null || datePattern(dateTime) === null) return null;
  return { kind: "dateTime", format: dateTime, zone };
}

/** Transforms in any order come to the same on ASCII; null for one that needs to know letters. */
export function planTransforms(transforms: readonly Transform[]): PlainTransforms | null {
  if (transforms.includes("title")) return null;
  const last = transforms.findLast((name) => name === "lower" || name === "upper");
  const letters = last === "lower" || last === "upper" ? last : "keep";
  const collapse = transforms.includes("collapseSpaces");
  const digits = transforms.includes("digits");
  if (letters === "keep" && !collapse && !digits) return { kind: "copy" };
  return { kind: "letters", letters, collapse, digits };
}
