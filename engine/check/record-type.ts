import type { Diagnostic } from "../base/diagnostic.ts";
import { suggest } from "../base/suggest.ts";
import { type CheckContext, listed, refuse, warn } from "./check-context.ts";

/** `recordType: true` turns a DeveloperName into an Id, which only RecordTypeId takes; and every name
 *  that the spec itself writes must be one that the connected user can use. */
export function checkRecordType({ spec, shape, columns }: CheckContext): Diagnostic[] {
  return columns.flatMap(({ mapping, column, pointer }) => {
    if (!mapping.recordType || column === null) return [];
    if (column.kind !== "field" || column.field.name !== "RecordTypeId") {
      return refuse(spec, "CHECK_RECORD_TYPE", `${pointer}/recordType`, {
        detail: `recordType turns a record type's DeveloperName into its Id, which only the field RecordTypeId takes.`,
        hint: 'Map RecordTypeId, or remove "recordType".',
      });
    }
    const active = shape.recordTypes.filter((type) => type.active);
    const names = active.map((type) => type.developerName);
    return writtenNames(mapping).flatMap(({ name, place }) => {
      const type = active.find(
        ({ developerName }) => developerName.toLowerCase() === name.trim().toLowerCase(),
      );
      if (type === undefined) {
        const near = suggest(name, names);
        return refuse(spec, "CHECK_RECORD_TYPE", pointer + place, {
          detail: `${shape.name} has no active record type with the DeveloperName "${name}".`,
          hint: near === null ? `There are ${listed(names)}.` : `Did you mean "${near}"?`,
        });
      }
      if (type.available) return [];
      return warn(spec, "CHECK_RECORD_TYPE", pointer + place, {
        detail: `The record type ${type.developerName} is not assigned to the connected user, so Salesforce may refuse it.`,
        hint: "Assign the record type to the user's profile or permission set.",
      });
    });
  });
}

interface WrittenName {
  readonly name: string;
  readonly place: string;
}

function writtenNames(mapping: {
  readonly value: string | null;
  readonly default: string | null;
  readonly values: Readonly<Record<string, string>> | null;
}): WrittenName[] {
  const names: WrittenName[] = Object.entries(mapping.values ?? {}).map(([key, name]) => ({
    name,
    place: `/values/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
  }));
  if (mapping.value !== null) names.push({ name: mapping.value, place: "/value" });
  if (mapping.default !== null) names.push({ name: mapping.default, place: "/default" });
  return names.filter(({ name }) => name.trim() !== "");
}
