import { idFromName } from "../ids.ts";
import { type CompactObject, readCompactFields } from "./compact.ts";
import type { DescribeField } from "./describe-field.ts";

export interface RecordType {
  readonly id: string;
  readonly name: string;
  readonly developerName: string;
  readonly isDefault: boolean;
}

/** One object of the org: what describe says of it, with the look-ups that row processing needs. */
export interface ObjectShape {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly custom: boolean;
  readonly fields: readonly DescribeField[];
  /** By lower-case name: Salesforce matches field names without regard to case. */
  readonly byName: ReadonlyMap<string, DescribeField>;
  /** Reference fields by lower-case relationship name, `account` for `AccountId`. */
  readonly byRelationship: ReadonlyMap<string, DescribeField>;
  /** Without the master record type, which every object has. */
  readonly recordTypes: readonly RecordType[];
  /**
   * Top-level describe keys that differ from the usual ones, or all of them from a saved describe.
   */
  readonly differs: Readonly<Record<string, unknown>>;
  readonly scopes: readonly (readonly [name: string, label: string])[];
}

/** Everything an {@link ObjectShape} has but the look-ups. */
export type ObjectParts = Omit<ObjectShape, "byName" | "byRelationship">;

export function makeShape(parts: ObjectParts): ObjectShape {
  return {
    ...parts,
    byName: new Map(parts.fields.map((field) => [field.name.toLowerCase(), field])),
    byRelationship: new Map(
      parts.fields.flatMap((field) =>
        field.relationshipName && field.referenceTo.length > 0
          ? [[field.relationshipName.toLowerCase(), field]]
          : [],
      ),
    ),
  };
}

export function shapeFromCompact(compact: CompactObject): ObjectShape {
  return makeShape({
    name: compact.name,
    label: compact.label,
    labelPlural: compact.labelPlural,
    keyPrefix: compact.keyPrefix,
    custom: false,
    fields: readCompactFields(compact.fields),
    recordTypes: [],
    differs: compact.differs ?? {},
    scopes: compact.scopes ?? [],
  });
}

/** The Id of a record type follows from its name, so that specs and tests can rely on it. */
export function recordTypeId(objectName: string, developerName: string): string {
  return idFromName("012", `${objectName}.${developerName}`);
}

export function fieldOf(shape: ObjectShape, name: string): DescribeField | undefined {
  return shape.byName.get(name.toLowerCase());
}

/**
 * May the field be the key of an upsert? Bulk API 2.0 guide: an external id, or a field with
 * idLookup.
 */
export function isUpsertKey(field: DescribeField): boolean {
  return field.idLookup || field.externalId;
}

/**
 * Fields whose values are looked up by their folded text, so that they have a column of their own.
 */
export function isKeyed(field: DescribeField): boolean {
  return field.type !== "id" && (isUpsertKey(field) || field.unique);
}

/** A compound address has no value of its own: its parts have. */
export function isStored(field: DescribeField): boolean {
  return field.type !== "address";
}
