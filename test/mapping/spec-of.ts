import type { FieldMapping, SyncSpec } from "../../engine/config/sync-spec.ts";
import type { FieldShape, ObjectShape } from "../../engine/describe/object-shape.ts";

/** A mapping of one field, with everything not given left out. */
export function mapping(field: string, given: Partial<FieldMapping> | string): FieldMapping {
  const settings = typeof given === "string" ? { from: given } : given;
  return {
    field,
    from: null,
    value: null,
    expr: null,
    transform: [],
    date: null,
    dateTime: null,
    zone: null,
    number: null,
    boolean: null,
    values: null,
    default: null,
    nulls: null,
    recordType: false,
    ...settings,
  };
}

/** A spec with defaults filled in, as `config` would give it. */
export function specOf(
  fields: Readonly<Record<string, Partial<FieldMapping> | string>>,
  given: Partial<SyncSpec> & {
    readonly operation?: SyncSpec["target"]["operation"];
    readonly key?: string | null;
  } = {},
): SyncSpec {
  const { operation = "upsert", key = "Key__c", ...rest } = given;
  return {
    name: "test",
    file: "/test.sync.yaml",
    fileShown: "test.sync.yaml",
    org: null,
    source: {
      files: ["rows.csv"],
      folder: "/",
      delimiter: null,
      quote: '"',
      encoding: "utf-8",
      comment: null,
      skipLines: 0,
      columns: null,
    },
    target: { object: "Thing__c", operation, externalId: key, assignmentRuleId: null },
    mapping: Object.entries(fields).map(([field, settings]) => mapping(field, settings)),
    where: null,
    nulls: "ignore",
    duplicates: "reject",
    onInvalid: "skip",
    dependsOn: [],
    chunk: { bytesMax: 100_000_000, rowsMax: 500_000 },
    parallelJobs: 4,
    results: "full",
    retry: { roundsMax: 3 },
    pollTimeoutMs: 3_600_000,
    repeat: false,
    mirror: null,
    guards: {
      maxFailed: { rows: 0 },
      maxChangeRatio: null,
      minSourceRows: null,
      maxDeletes: null,
      maxAgeMs: null,
    },
    schedule: null,
    positions: {},
    ...rest,
  };
}

export function field(name: string, type: string, given: Partial<FieldShape> = {}): FieldShape {
  return {
    name,
    label: name,
    type,
    soapType: "xsd:string",
    length: 0,
    digits: 0,
    precision: 0,
    scale: 0,
    createable: true,
    updateable: true,
    nillable: true,
    defaultedOnCreate: false,
    calculated: false,
    autoNumber: false,
    externalId: false,
    idLookup: false,
    unique: false,
    caseSensitive: false,
    restrictedPicklist: false,
    picklistValues: [],
    referenceTo: [],
    relationshipName: null,
    polymorphic: false,
    compoundFieldName: null,
    ...given,
  };
}

export function shapeOf(
  name: string,
  fields: readonly FieldShape[],
  given: Partial<ObjectShape> = {},
): ObjectShape {
  return {
    name,
    label: name,
    createable: true,
    updateable: true,
    deletable: true,
    keyPrefix: null,
    fields,
    recordTypes: [],
    ...given,
  };
}

const values = (...names: string[]) =>
  names.map((value) => ({ value, active: !value.startsWith("-") }));

/** An object with a field of every kind that mapping tells apart. */
export const THING = shapeOf(
  "Thing__c",
  [
    field("Id", "id", { length: 18, nillable: false, defaultedOnCreate: true, idLookup: true }),
    field("Key__c", "string", { length: 40, externalId: true, idLookup: true }),
    field("CaseKey__c", "string", {
      length: 40,
      externalId: true,
      idLookup: true,
      caseSensitive: true,
    }),
    field("NumberKey__c", "double", { precision: 15, scale: 0, externalId: true, idLookup: true }),
    field("Name", "string", { length: 20, nillable: false }),
    field("Text__c", "string", { length: 255 }),
    field("Short__c", "string", { length: 5 }),
    field("Notes__c", "textarea", { length: 32_000 }),
    field("Email", "email", { length: 80 }),
    field("Amount__c", "currency", { precision: 10, scale: 2 }),
    field("Count__c", "int", { digits: 8 }),
    field("Active__c", "boolean", { nillable: false, defaultedOnCreate: true }),
    field("Born__c", "date"),
    field("Seen__c", "datetime"),
    field("Tier__c", "picklist", {
      length: 255,
      restrictedPicklist: true,
      picklistValues: values("Gold", "Silver", "-Lead"),
    }),
    field("Open__c", "picklist", { length: 255, picklistValues: values("Web") }),
    field("Tags__c", "multipicklist", {
      length: 4099,
      restrictedPicklist: true,
      picklistValues: values("a", "b"),
    }),
    field("RecordTypeId", "reference", {
      length: 18,
      referenceTo: ["RecordType"],
      relationshipName: "RecordType",
    }),
    field("AccountId", "reference", {
      length: 18,
      referenceTo: ["Account"],
      relationshipName: "Account",
    }),
    field("OwnerId", "reference", {
      length: 18,
      referenceTo: ["Group", "User"],
      relationshipName: "Owner",
      polymorphic: true,
      nillable: false,
      defaultedOnCreate: true,
    }),
  ],
  {
    keyPrefix: "a00",
    recordTypes: [
      { developerName: "Partner", id: "012000000000001AAA", active: true, available: true },
      { developerName: "Old", id: "012000000000002AAA", active: false, available: true },
    ],
  },
);

export const ACCOUNT = shapeOf(
  "Account",
  [
    field("Id", "id", { length: 18, nillable: false }),
    field("ERP_Id__c", "string", { length: 10, externalId: true, idLookup: true }),
  ],
  { keyPrefix: "001" },
);

export const USER = shapeOf(
  "User",
  [field("Id", "id", { length: 18 }), field("Email", "email", { length: 80, idLookup: true })],
  { keyPrefix: "005" },
);

export const PARENTS: ReadonlyMap<string, ObjectShape> = new Map([
  ["account", ACCOUNT],
  ["user", USER],
]);
