import type { Diagnostic } from "../base/diagnostic.ts";
import { type CheckContext, type CheckedColumn, pointerTo, refuse } from "./check-context.ts";
import { valueFault } from "./value-fault.ts";

/** Values that stand in the spec (`value`, `default`, the right side of `values`) must be ones that the
 *  field takes: each of them would fail every row that it goes into. */
export function checkConstantValue({ spec, columns }: CheckContext): Diagnostic[] {
  return columns.flatMap((checked) => {
    const { valueField, column } = checked;
    if (valueField === null || column === null || checked.mapping.recordType) return [];
    return writtenValues(checked).flatMap(({ value, pointer }) => {
      // An empty text is no value: `nulls` decides about it.
      if (value.trim() === "" || value === "#N/A") return [];
      const fault = valueFault(value, valueField);
      if (fault === null) return [];
      return refuse(spec, "CHECK_VALUE", pointer, {
        detail: `"${shorten(value)}" ${fault}. The field ${valueField.name} is of type ${valueField.type}.`,
        hint: picklistHint(checked) ?? "Change the value, or map another field.",
      });
    });
  });
}

interface WrittenValue {
  readonly value: string;
  readonly pointer: string;
}

function writtenValues({ mapping, pointer }: CheckedColumn): WrittenValue[] {
  const written: WrittenValue[] = [];
  if (mapping.value !== null) written.push({ value: mapping.value, pointer: `${pointer}/value` });
  for (const [key, value] of Object.entries(mapping.values ?? {})) {
    written.push({ value, pointer: pointerTo(`${pointer}/values`, key) });
  }
  if (mapping.default !== null) {
    written.push({ value: mapping.default, pointer: `${pointer}/default` });
  }
  return written;
}

/** As many values as fit on a screen. */
const VALUES_SHOWN_MAX = 20;

function picklistHint({ valueField }: CheckedColumn): string | null {
  if (!valueField?.restrictedPicklist) return null;
  const active = valueField.picklistValues.filter((entry) => entry.active);
  const shown = active.slice(0, VALUES_SHOWN_MAX).map(({ value }) => value);
  const more = active.length - shown.length;
  return `It takes: ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

function shorten(value: string): string {
  return value.length <= 60 ? value : `${value.slice(0, 59)}…`;
}
