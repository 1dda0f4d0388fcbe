import type { Diagnostic } from "../base/diagnostic.ts";
import type { FieldMapping } from "../config/sync-spec.ts";
import type { FieldShape } from "../describe/object-shape.ts";
import { type CheckContext, refuse, warn } from "./check-context.ts";

type Conversion = "date" | "dateTime" | "number" | "boolean";

/** The types that take what a conversion makes. */
const FITTING: Readonly<Record<Conversion, ReadonlySet<string>>> = {
  date: new Set(["date"]),
  dateTime: new Set(["datetime"]),
  number: new Set(["double", "currency", "percent", "int", "long"]),
  boolean: new Set(["boolean"]),
};

/** Any of them can be stored as text, which may be what is wanted. */
const TEXT_TYPES: ReadonlySet<string> = new Set(
  "string textarea picklist multipicklist combobox email phone url encryptedstring".split(" "),
);

const PRODUCT: Readonly<Record<Conversion, string>> = {
  date: "a date such as 2026-03-31",
  dateTime: "a time such as 2026-03-31T10:00:00.000Z",
  number: "a number such as 1234.5",
  boolean: "true or false",
};

/** The kind of value that a mapping makes must fit its field. Into a text field anything fits, so
 *  there it is only a doubt. */
export function checkConversion({ spec, columns }: CheckContext): Diagnostic[] {
  return columns.flatMap(({ mapping, valueField, pointer }) => {
    const conversion = conversionOf(mapping);
    if (conversion === null || valueField === null) return [];
    if (FITTING[conversion].has(valueField.type)) return [];
    const place = `${pointer}/${conversion}`;
    const detail = `"${conversion}" makes ${PRODUCT[conversion]}, and ${valueField.name} is a field of type ${valueField.type}.`;
    if (TEXT_TYPES.has(valueField.type)) {
      return warn(spec, "CHECK_VALUE_TYPE", place, {
        detail: `${detail} It would be stored as that text.`,
        hint: `If the text shall stay as it is, remove "${conversion}".`,
      });
    }
    const fitting = fittingConversion(valueField);
    return refuse(spec, "CHECK_VALUE_TYPE", place, {
      detail: `${detail} Salesforce would refuse every row.`,
      hint: fitting === null ? `Remove "${conversion}".` : `Use "${fitting}" instead.`,
    });
  });
}

function conversionOf({ date, dateTime, number, boolean }: FieldMapping): Conversion | null {
  if (date !== null) return "date";
  if (dateTime !== null) return "dateTime";
  if (number !== null) return "number";
  return boolean === null ? null : "boolean";
}

function fittingConversion({ type }: FieldShape): Conversion | null {
  const conversions = Object.keys(FITTING) as Conversion[];
  return conversions.find((conversion) => FITTING[conversion].has(type)) ?? null;
}
