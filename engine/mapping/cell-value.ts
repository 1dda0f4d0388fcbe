import { compileBoolean } from "./boolean-words.ts";
import type { ColumnPlan } from "./column-plan.ts";
import { compileDateTime } from "./date-time-value.ts";
import { compileDate } from "./date-value.ts";
import { foldKey } from "./fold-key.ts";
import { compileNumber } from "./number-locale.ts";
import { compileTransforms } from "./transforms.ts";
import { type Converted, shown, type ValueProblem } from "./value-problem.ts";
import { blankWhenSpaces, compileValueRule } from "./value-rules.ts";

/** What goes on the wire for one cell. */
export interface CellValue {
  /** Empty: Salesforce keeps the field. */
  readonly wire: string;
  /** The cell erases the field. */
  readonly cleared: boolean;
  /** The source said #N/A, which was taken for a blank. */
  readonly literalNull: boolean;
}

/** Salesforce's text for "make this field null". Passed through from a source, it would erase. */
export const NULL_TEXT = "#N/A";

/** A column's rules as one function from source text to wire value: transforms, the reading of dates,
 *  numbers and booleans, the values table, the default, nulls, describe's rules. This is the whole
 *  meaning of a column; the path over bytes only repeats it faster. `missing` says that the file has
 *  no such column: then a blank never clears. */
export function compileCellValue(
  plan: ColumnPlan,
): (text: string, missing: boolean) => CellValue | ValueProblem {
  const { mapping } = plan;
  const transform = compileTransforms(mapping.transform);
  const convert = compileConversion(plan);
  const table = mapping.values === null ? null : new Map(Object.entries(mapping.values));
  const finish = compileFinish(plan);
  return (text, missing) => {
    const transformed = text === NULL_TEXT ? text : transform(text);
    // Judged after transforms too: trim and upper can bring the text about.
    const literalNull = transformed === NULL_TEXT;
    let value = literalNull ? "" : transformed;
    if (convert !== null && value !== "") {
      const converted = convert(value);
      if (typeof converted !== "string") return converted;
      value = converted;
    }
    const entry = table?.get(value);
    if (entry !== undefined) return finish(entry, { literalNull, missing });
    if (value === "" || table !== null) {
      if (mapping.default !== null) return finish(mapping.default, { literalNull, missing });
      if (value !== "") return unmatched(value);
    }
    return finish(value, { literalNull, missing });
  };
}

interface BlankCause {
  readonly literalNull: boolean;
  readonly missing: boolean;
}

function compileConversion({ mapping }: ColumnPlan): ((text: string) => Converted) | null {
  const { date, dateTime, number, boolean } = mapping;
  if (date !== null) return unlessSpaces(compileDate(date));
  if (dateTime !== null) return unlessSpaces(compileDateTime(dateTime, mapping.zone));
  if (number !== null) return unlessSpaces(compileNumber(number));
  return boolean === null ? null : unlessSpaces(compileBoolean(boolean));
}

function unlessSpaces(convert: (text: string) => Converted): (text: string) => Converted {
  return (text) => (text.trim() === "" ? "" : convert(text));
}

/** The way of a final value: record type, blanks, describe's rules, line ends. */
function compileFinish(plan: ColumnPlan) {
  const rule = compileValueRule(plan.valueField, plan.prefixes);
  const spacesAreBlank = blankWhenSpaces(plan.valueField);
  return (text: string, cause: BlankCause): CellValue | ValueProblem => {
    const blank =
      text === "" ||
      text === NULL_TEXT ||
      (spacesAreBlank && text.trim() === "") ||
      // Salesforce trims a key before it looks it up, so that a key of spaces is none.
      (plan.key && foldKey(text, "text") === "");
    if (blank) return blankCell(plan, { cause, written: text });
    const id = plan.recordTypes === null ? text : recordTypeId(plan.recordTypes, text);
    if (typeof id !== "string") return id;
    const ruled = rule === null ? id : rule(id);
    if (typeof ruled !== "string") return ruled;
    // A foreign line end inside a value trips Salesforce's check of the file's own line ends.
    const wire = ruled.includes("\r") ? ruled.replace(/\r\n?/g, "\n") : ruled;
    return { wire, cleared: false, literalNull: cause.literalNull };
  };
}

interface Blank {
  readonly cause: BlankCause;
  readonly written: string;
}

function blankCell(plan: ColumnPlan, { cause, written }: Blank): CellValue | ValueProblem {
  if (plan.key) return { code: "KEY_EMPTY", reason: `The key ${plan.name} is blank in this row.` };
  if (plan.required) {
    return {
      code: "VALUE_REQUIRED",
      reason: `${plan.name} must have a value, and it is blank in this row.`,
    };
  }
  if (plan.nulls === "error") {
    return {
      code: "VALUE_NULL",
      reason: `${plan.name} is blank, and the spec says "nulls: error" for it.`,
    };
  }
  const cleared = plan.nulls === "clear" && !cause.missing;
  const literalNull = cause.literalNull || written === NULL_TEXT;
  return { wire: cleared ? NULL_TEXT : "", cleared, literalNull };
}

function recordTypeId(types: ReadonlyMap<string, string>, text: string): Converted {
  return (
    types.get(text.trim().toLowerCase()) ?? {
      code: "VALUE_RECORD_TYPE",
      reason: `There is no active record type ${shown(text)}.`,
    }
  );
}

function unmatched(value: string): ValueProblem {
  return {
    code: "VALUE_UNMATCHED",
    reason: `The values table has no entry for ${shown(value)}, and the mapping has no default.`,
  };
}
