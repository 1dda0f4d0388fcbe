import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { FIELD_TYPES, type FieldSpec, makeField } from "./describe-field.ts";
import { makeShape, type ObjectShape } from "./object-shape.ts";
import { OrgShapeError } from "./org-yaml.ts";

/**
 * Serves an org from saved describe answers: one `<Object>.json` each, as `describe --save` writes
 * them.
 */
export function readSavedDescribes(dir: string): ObjectShape[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => path.join(dir, entry.name))
    .sort()
    .map(readSavedDescribe);
}

function readSavedDescribe(file: string): ObjectShape {
  const answer = parseObject(file);
  const { fields, recordTypeInfos, supportedScopes, childRelationships, urls, ...rest } = answer;
  const name = textOf(rest.name);
  if (name === "" || !Array.isArray(fields)) {
    throw new OrgShapeError(`${file}: this is not an sObject describe answer`);
  }
  return makeShape({
    name,
    label: textOf(rest.label) || name,
    labelPlural: textOf(rest.labelPlural) || name,
    keyPrefix: textOf(rest.keyPrefix) || "e00",
    custom: rest.custom === true,
    fields: fields.map((field: Record<string, unknown>) => savedField(field, file)),
    recordTypes: savedRecordTypes(recordTypeInfos),
    differs: rest,
    scopes: savedScopes(supportedScopes),
  });
}

function parseObject(file: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
      return { ...parsed };
    }
  } catch {
    // Falls through to the same complaint: it is not JSON at all.
  }
  throw new OrgShapeError(`${file}: this is not a JSON object`);
}

function savedField(saved: Record<string, unknown>, file: string) {
  const type = FIELD_TYPES.find((known) => known === saved.type) ?? "string";
  const name = textOf(saved.name);
  if (name === "") throw new OrgShapeError(`${file}: a field has no name`);
  const spec: FieldSpec = { name, type, label: textOf(saved.label) };
  // The saved answer wins, key by key; only what an older API version left out comes from here.
  return { ...makeField(spec), ...saved, type, name };
}

function savedRecordTypes(infos: unknown) {
  if (!Array.isArray(infos)) return [];
  return infos
    .filter((info: Record<string, unknown>) => info.master !== true)
    .map((info: Record<string, unknown>) => ({
      id: textOf(info.recordTypeId),
      name: textOf(info.name),
      developerName: textOf(info.developerName) || textOf(info.name),
      isDefault: info.defaultRecordTypeMapping === true,
    }));
}

function savedScopes(scopes: unknown): [string, string][] {
  if (!Array.isArray(scopes)) return [];
  return scopes.map((scope: Record<string, unknown>) => [textOf(scope.name), textOf(scope.label)]);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
