import { EngineError } from "../base/engine-error.ts";
import type { FieldShape, ObjectShape, RecordTypeShape } from "./object-shape.ts";

/** Reads a describe answer, from an org or from a snapshot, into what the engine needs of it. Keys that
 *  only newer or older API versions have may be missing; what every version has may not.
 *  @throws EngineError DESCRIBE_ANSWER naming what is missing. */
export function toObjectShape(answer: unknown): ObjectShape {
  const record = asRecord(answer);
  const name = record === null ? null : record.name;
  const fields = record === null ? null : record.fields;
  if (record === null || typeof name !== "string" || name === "" || !Array.isArray(fields)) {
    throw notDescribe("It needs an object's name and a list of its fields.");
  }
  if (fields.length === 0) throw notDescribe(`${name} has no fields in it.`);
  return {
    name,
    label: text(record, "label") || name,
    createable: flag(record, "createable", name),
    updateable: flag(record, "updateable", name),
    deletable: flag(record, "deletable", name),
    keyPrefix: text(record, "keyPrefix") || null,
    fields: fields.map((field, index) => toField(field, `${name}, field ${index + 1}`)),
    recordTypes: toRecordTypes(record.recordTypeInfos),
  };
}

type Json = Readonly<Record<string, unknown>>;

function toField(value: unknown, where: string): FieldShape {
  const field = asRecord(value);
  const name = field === null ? "" : text(field, "name");
  const type = field === null ? "" : text(field, "type");
  if (field === null || name === "" || type === "") {
    throw notDescribe(`${where}: it needs a name and a type.`);
  }
  const shown = `${where} (${name})`;
  const referenceTo = list(field.referenceTo).filter((parent) => typeof parent === "string");
  return {
    name,
    label: text(field, "label") || name,
    type,
    soapType: text(field, "soapType"),
    length: number(field, "length"),
    digits: number(field, "digits"),
    precision: number(field, "precision"),
    scale: number(field, "scale"),
    createable: flag(field, "createable", shown),
    updateable: flag(field, "updateable", shown),
    nillable: flag(field, "nillable", shown),
    defaultedOnCreate: field.defaultedOnCreate === true,
    calculated: field.calculated === true,
    autoNumber: field.autoNumber === true,
    externalId: field.externalId === true,
    idLookup: field.idLookup === true,
    unique: field.unique === true,
    caseSensitive: field.caseSensitive === true,
    restrictedPicklist: field.restrictedPicklist === true,
    picklistValues: list(field.picklistValues).flatMap(toPicklistValue),
    referenceTo,
    relationshipName: text(field, "relationshipName") || null,
    // Some answers leave the flag out; several parents say the same.
    polymorphic: field.polymorphicForeignKey === true || referenceTo.length > 1,
    compoundFieldName: text(field, "compoundFieldName") || null,
  };
}

function toPicklistValue(value: unknown): { value: string; active: boolean }[] {
  const entry = asRecord(value);
  const stored = entry?.value;
  return typeof stored === "string" ? [{ value: stored, active: entry?.active !== false }] : [];
}

/** Older API versions give no developerName; such a record type can't be named in a spec. */
function toRecordTypes(value: unknown): RecordTypeShape[] {
  return list(value).flatMap((info) => {
    const entry = asRecord(info);
    const developerName = entry === null ? "" : text(entry, "developerName");
    const id = entry === null ? "" : text(entry, "recordTypeId");
    if (entry === null || developerName === "" || id === "") return [];
    return [
      { developerName, id, active: entry.active !== false, available: entry.available !== false },
    ];
  });
}

function asRecord(value: unknown): Json | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Json)
    : null;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(record: Json, key: string): string {
  const value = record[key];
  return typeof value === "string" ? value : "";
}

function number(record: Json, key: string): number {
  const value = record[key];
  return typeof value === "number" ? value : 0;
}

/** What may be written is never guessed. */
function flag(record: Json, key: string, where: string): boolean {
  const value = record[key];
  if (typeof value !== "boolean") throw notDescribe(`${where}: "${key}" must be true or false.`);
  return value;
}

function notDescribe(detail: string): EngineError {
  return new EngineError("DESCRIBE_ANSWER", `This is no describe answer. ${detail}`);
}
