import { idFromName } from "../ids.ts";
import { readCompactFields } from "./compact.ts";
import { type DescribeField, makeField } from "./describe-field.ts";
import { makeShape, type ObjectShape, recordTypeId } from "./object-shape.ts";
import { OrgShapeError, type YamlField, type YamlObject } from "./org-yaml.ts";

/** Adds what a user's YAML says to a standard object, or makes a new object of it. */
export function applyYaml(yaml: YamlObject, base: ObjectShape | undefined): ObjectShape {
  const shape = base ?? newObject(yaml);
  const added = yaml.fields.map((field) => customField(field, yaml.name));
  const names = new Set([...added.map((field) => field.name.toLowerCase()), ...lower(yaml.hide)]);
  const kept = shape.fields.filter((field) => !names.has(field.name.toLowerCase()));
  const missing = yaml.hide.find((name) => !shape.byName.has(name.toLowerCase()));
  if (missing) throw new OrgShapeError(`${yaml.name}.hide: there is no field "${missing}"`);
  const recordTypes = [
    ...shape.recordTypes,
    ...yaml.recordTypes.map((type) => ({
      ...type,
      id: recordTypeId(yaml.name, type.developerName),
    })),
  ];
  const needsTypeField = recordTypes.length > 0 && !shape.byName.has("recordtypeid");
  return makeShape({
    ...shape,
    label: yaml.label ?? shape.label,
    labelPlural: yaml.labelPlural ?? shape.labelPlural,
    recordTypes,
    fields: [...kept, ...(needsTypeField ? [recordTypeField()] : []), ...added],
  });
}

function newObject(yaml: YamlObject): ObjectShape {
  if (!/__[a-z]+$/i.test(yaml.name)) {
    throw new OrgShapeError(
      `objects.${yaml.name}: this is no standard object of the local org; a custom object ends in __c`,
    );
  }
  const label = yaml.label ?? yaml.name.replace(/__c$/, "").replaceAll("_", " ");
  const fields = readCompactFields(CUSTOM_OBJECT_FIELDS).map((field) =>
    field.name === "Name" ? nameField(field, yaml, label) : field,
  );
  return makeShape({
    name: yaml.name,
    label,
    labelPlural: yaml.labelPlural ?? `${label}s`,
    // Custom objects have key prefixes from a00 on.
    keyPrefix: yaml.keyPrefix ?? `a${idFromName("000", yaml.name).slice(13, 15)}`,
    custom: true,
    fields,
    recordTypes: [],
    differs: { feedEnabled: false, mergeable: false },
    scopes: [["everything", `All ${yaml.labelPlural ?? `${label}s`}`]],
  });
}

function nameField(field: DescribeField, yaml: YamlObject, label: string): DescribeField {
  const named = { ...field, label: yaml.nameLabel ?? `${label} Name` };
  if (!yaml.autoNumber) return named;
  return { ...named, autoNumber: true, createable: false, updateable: false, nillable: false };
}

function customField(yaml: YamlField, objectName: string): DescribeField {
  const chosen = yaml.default ?? yaml.values.find((entry) => entry.default)?.value ?? null;
  const number = yaml.type === "double" || yaml.type === "currency" || yaml.type === "percent";
  const fieldLength = yaml.length ?? (yaml.type === "string" ? 255 : null);
  if (yaml.scale !== null && yaml.precision !== null && yaml.scale > yaml.precision) {
    throw new OrgShapeError(`${objectName}.${yaml.name}: scale is larger than precision`);
  }
  return makeField({
    name: yaml.name,
    type: yaml.type,
    label: yaml.label,
    custom: yaml.name.endsWith("__c"),
    ...(fieldLength === null ? {} : { length: fieldLength }),
    ...(number ? { precision: yaml.precision ?? 18, scale: yaml.scale ?? 0 } : {}),
    externalId: yaml.externalId,
    unique: yaml.unique,
    caseSensitive: yaml.caseSensitive,
    nillable: yaml.type !== "boolean" && !yaml.required,
    createable: !yaml.readOnly,
    updateable: !yaml.readOnly,
    permissionable: !yaml.required,
    restrictedPicklist: yaml.restricted,
    picklistValues: yaml.values.map((entry) => ({
      active: entry.active,
      defaultValue: entry.value === chosen,
      label: entry.label,
      validFor: null,
      value: entry.value,
    })),
    defaultValue: chosen ?? (yaml.type === "boolean" ? false : null),
    defaultedOnCreate: yaml.type === "boolean" || chosen !== null,
    referenceTo: yaml.referenceTo,
    relationshipName:
      yaml.type === "reference"
        ? (yaml.relationshipName ?? yaml.name.replace(/__c$/, "__r").replace(/Id$/, ""))
        : null,
  });
}

function recordTypeField(): DescribeField {
  return makeField({
    name: "RecordTypeId",
    type: "reference",
    label: "Record Type ID",
    permissionable: false,
    referenceTo: ["RecordType"],
    relationshipName: "RecordType",
  });
}

function lower(names: readonly string[]): string[] {
  return names.map((name) => name.toLowerCase());
}

const CUSTOM_OBJECT_FIELDS = `
Id | id |  | Record ID
OwnerId | reference | required defaulted fixed | Owner ID | to=Group,User as=Owner
IsDeleted | boolean | readonly | Deleted
Name | string 80 | defaulted fixed namefield | Name
CreatedDate | datetime | system | Created Date
CreatedById | reference | system | Created By ID | to=User as=CreatedBy
LastModifiedDate | datetime | system | Last Modified Date
LastModifiedById | reference | system | Last Modified By ID | to=User as=LastModifiedBy
SystemModstamp | datetime | system | System Modstamp
LastViewedDate | datetime | readonly fixed | Last Viewed Date
LastReferencedDate | datetime | readonly fixed | Last Referenced Date
`;
