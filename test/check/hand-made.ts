import type { FieldMapping, SyncSpec } from "../../engine/config/sync-spec.ts";
import type { FieldShape, ObjectShape } from "../../engine/describe/object-shape.ts";

/** A field of a describe, with what most fields have. */
export function field(name: string, more: Partial<FieldShape> = {}): FieldShape {
  return {
    name,
    label: name.replace(/__c$/, "").replace(/([a-z])([A-Z])/g, "$1 $2"),
    type: "string",
    soapType: "xsd:string",
    length: more.type === undefined || more.type === "string" ? 80 : 0,
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
    ...more,
  };
}

export const READONLY = { createable: false, updateable: false } as const;

export function idField(): FieldShape {
  return field("Id", { type: "id", length: 18, idLookup: true, nillable: false, ...READONLY });
}

export function externalId(name: string, more: Partial<FieldShape> = {}): FieldShape {
  return field(name, { externalId: true, idLookup: true, unique: true, ...more });
}

export function reference(
  name: string,
  relationshipName: string,
  referenceTo: readonly string[],
  more: Partial<FieldShape> = {},
): FieldShape {
  const polymorphic = referenceTo.length > 1;
  return field(name, {
    type: "reference",
    length: 18,
    relationshipName,
    referenceTo,
    polymorphic,
    ...more,
  });
}

export function picklist(name: string, values: string, more: Partial<FieldShape> = {}): FieldShape {
  const picklistValues = values
    .split(" ")
    .map((value) => ({ value: value.replace("!", ""), active: !value.endsWith("!") }));
  return field(name, {
    type: "picklist",
    length: 40,
    restrictedPicklist: true,
    picklistValues,
    ...more,
  });
}

export function object(
  name: string,
  fields: readonly FieldShape[],
  more: Partial<ObjectShape> = {},
): ObjectShape {
  return {
    name,
    label: name,
    createable: true,
    updateable: true,
    deletable: true,
    keyPrefix: null,
    recordTypes: [],
    fields: [idField(), ...fields],
    ...more,
  };
}

/** A mapping entry: a column's name for the short form, or what differs from an empty entry. */
export function mapped(name: string, from: string | Partial<FieldMapping>): FieldMapping {
  const more = typeof from === "string" ? { from } : from;
  return {
    field: name,
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
    ...more,
  };
}

/** A spec whose mapping entries stand on lines 11, 12, ... */
export function spec(
  target: Partial<SyncSpec["target"]>,
  mapping: Readonly<Record<string, string | Partial<FieldMapping>>>,
  more: Partial<SyncSpec> = {},
): SyncSpec {
  const at = (line: number, column = 3) => ({ file: "contacts.sync.yaml", line, column });
  const places = Object.keys(mapping).map((name, index) => [`/mapping/${name}`, at(11 + index)]);
  return {
    name: "contacts",
    file: "/project/contacts.sync.yaml",
    fileShown: "contacts.sync.yaml",
    org: null,
    source: {
      files: ["*.csv"],
      folder: "/project",
      delimiter: null,
      quote: '"',
      encoding: "utf-8",
      comment: null,
      skipLines: 0,
      columns: null,
    },
    target: {
      object: "Contact",
      operation: "upsert",
      externalId:
        target.operation === undefined || target.operation === "upsert" ? "ERP_Id__c" : null,
      assignmentRuleId: null,
      ...target,
    },
    mapping: Object.entries(mapping).map(([name, from]) => mapped(name, from)),
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
    positions: {
      "/target": at(5),
      "/target/operation": at(6),
      "/target/externalId": at(7),
      "/mapping": at(10, 1),
      ...Object.fromEntries(places),
    },
    ...more,
  };
}

export const ACCOUNT = object("Account", [
  field("Name", { nillable: false, compoundFieldName: "Name", length: 255 }),
  externalId("ERP_Id__c"),
  field("Site"),
]);

export const USER = object("User", [
  field("Email", { type: "email", idLookup: true, length: 128 }),
]);

export const CONTACT = object(
  "Contact",
  [
    field("LastName", { nillable: false, compoundFieldName: "Name" }),
    field("FirstName", { compoundFieldName: "Name", length: 40, label: "Vorname" }),
    field("Name", { ...READONLY, nillable: false }),
    field("MailingCity", { compoundFieldName: "MailingAddress" }),
    field("MailingStreet", { type: "textarea", length: 255, compoundFieldName: "MailingAddress" }),
    field("MailingAddress", { type: "address", ...READONLY }),
    field("Email", { type: "email", length: 80, idLookup: true, label: "E-Mail" }),
    field("Phone", { type: "phone", length: 40 }),
    field("Birthdate", { type: "date" }),
    field("Last_Seen__c", { type: "datetime" }),
    field("Score__c", { type: "double", precision: 18, scale: 2 }),
    field("Employees__c", { type: "int", digits: 8 }),
    field("Active__c", { type: "boolean", nillable: false, defaultedOnCreate: true }),
    picklist("Tier__c", "Gold Silver Bronze Tin!"),
    picklist("LeadSource", "Web Phone", { restrictedPicklist: false }),
    picklist("Colours__c", "Red Green", { type: "multipicklist" }),
    externalId("ERP_Id__c"),
    externalId("Loose__c", { unique: false }),
    externalId("Number_Key__c", { type: "double", precision: 18, length: 0 }),
    externalId("Small_Key__c", { type: "double", precision: 10, length: 0 }),
    externalId("Secret__c", { type: "encryptedstring" }),
    field("Nick__c"),
    field("Age__c", { type: "double", calculated: true, ...READONLY }),
    field("No__c", { autoNumber: true, ...READONLY }),
    field("CreatedDate", { type: "datetime", ...READONLY, nillable: false }),
    field("Once__c", { updateable: false }),
    field("Later__c", { createable: false }),
    reference("AccountId", "Account", ["Account"]),
    reference("OwnerId", "Owner", ["Group", "User"], { nillable: false, defaultedOnCreate: true }),
    reference("Mentor__c", "Mentor__r", ["Contact"]),
    reference("RecordTypeId", "RecordType", ["RecordType"]),
  ],
  {
    recordTypes: [
      { developerName: "Partner", id: "0120000000000P1AAA", active: true, available: true },
      { developerName: "Press", id: "0120000000000P2AAA", active: true, available: false },
      { developerName: "Old", id: "0120000000000P3AAA", active: false, available: false },
    ],
  },
);

export const PARENTS: ReadonlyMap<string, ObjectShape> = new Map([
  ["account", ACCOUNT],
  ["user", USER],
  ["contact", CONTACT],
]);
