import type { CodeEntry } from "./code-entry.ts";

/** Codes of describe and of the checks against it. */
export const CHECK_CODES = {
  DESCRIBE_NOT_FOUND: {
    remedy: "fix",
    exit: 3,
    summary: "The org has no such object",
    explain:
      "The object does not exist in the org, or the connected user may not see it: Salesforce does not tell the two apart. Custom objects end in __c.",
  },
  DESCRIBE_ANSWER: {
    remedy: "fix",
    exit: 3,
    summary: "Not a describe answer",
    explain:
      "A snapshot or an answer of the org lacks what every describe answer has. Save the snapshot again with `sluice describe <object> --save`.",
  },
  CHECK_OBJECT_OPERATION: {
    remedy: "fix",
    exit: 3,
    summary: "The object does not allow this operation",
    explain:
      "Describe says whether the connected user may create, update and delete records of an object. Without the permission every row would fail.",
  },
  CHECK_ASSIGNMENT_RULE: {
    remedy: "fix",
    exit: 3,
    summary: "Assignment rules are for leads and cases",
    explain: "Salesforce runs assignment rules for the objects Lead and Case and no others.",
  },
  CHECK_FIELD_UNKNOWN: {
    remedy: "fix",
    exit: 3,
    summary: "The object has no such field",
    explain:
      "Salesforce fails a whole job for one unknown column. The field does not exist, is spelled otherwise, or is hidden from the connected user by field-level security.",
  },
  CHECK_FIELD_COMPOUND: {
    remedy: "fix",
    exit: 3,
    summary: "The field is written in parts",
    explain:
      "Names of people, addresses and geolocations are compound fields: they are read as a whole and written by their parts, such as FirstName and LastName.",
  },
  CHECK_FIELD_READONLY: {
    remedy: "fix",
    exit: 3,
    summary: "The field can't be written",
    explain:
      "A field must be createable for an insert, updateable for an update, and at least one of them for an upsert. Formulas, numbers given by Salesforce and audit fields are neither.",
  },
  CHECK_FIELD_REQUIRED: {
    remedy: "fix",
    exit: 3,
    summary: "A required field is not mapped",
    explain:
      "Salesforce creates no record without a value in this field. For an insert that is an error; for an upsert it fails the rows whose record is new.",
  },
  CHECK_FIELD_TWICE: {
    remedy: "fix",
    exit: 3,
    summary: "Two columns fill one field",
    explain:
      "A field takes one value. Names that differ in letter case only are the same field, and so are a reference (AccountId) and its relationship (Account.ERP_Id__c).",
  },
  CHECK_RELATIONSHIP: {
    remedy: "fix",
    exit: 3,
    summary: "The relationship column can't be used",
    explain:
      "A relationship column is a relationship's name and an external id of its parent, such as Account.ERP_Id__c. Where the parent can be of several objects, and only there, the object stands before it: User:Owner.Email.",
  },
  CHECK_DEPENDENCY: {
    remedy: "fix",
    exit: 3,
    summary: "A sync that makes the parents should run first",
    explain:
      "A relationship column finds its parent by an external id, and another sync of the project makes records of that object by that same field. Named under dependsOn, it runs first, and this sync waits until it has arrived; otherwise rows whose parent is not there yet fail and are tried again by the next run. Only a warning: the parents may all be there.",
  },
  CHECK_DELETE_MAPPING: {
    remedy: "fix",
    exit: 3,
    summary: "A delete maps only its key",
    explain: "Deleting needs to know which records are meant and nothing else.",
  },
  CHECK_KEY_UNMAPPED: {
    remedy: "fix",
    exit: 3,
    summary: "The key has no column",
    explain:
      "The key tells which record a row means, so it must come from a source column. An upsert by Id without an Id column would insert every row.",
  },
  CHECK_KEY_UNUSABLE: {
    remedy: "fix",
    exit: 3,
    summary: "The field can't be the key",
    explain:
      "The key of an upsert is Id, a field marked External ID, or a field that Salesforce looks records up by. Encrypted fields and numbers of more than 15 digits can't tell records apart.",
  },
  CHECK_KEY_DOUBTFUL: {
    remedy: "fix",
    exit: 3,
    summary: "The key is not unique",
    explain:
      "Several records of the org can carry the same key. Salesforce refuses a row whose key fits several records.",
  },
  CHECK_CAMPAIGN_MEMBER: {
    remedy: "fix",
    exit: 3,
    summary: "A campaign member needs one person and a key of its own",
    explain:
      "A campaign member joins a campaign to exactly one of a contact and a lead. No standard field tells members apart, so an upsert needs a custom external id.",
  },
  CHECK_NULLS: {
    remedy: "fix",
    exit: 3,
    summary: "The field can't be cleared",
    explain:
      "nulls: clear writes #N/A for blank cells. Keys, relationship columns and fields that always have a value can't be cleared.",
  },
  CHECK_VALUE_TYPE: {
    remedy: "fix",
    exit: 3,
    summary: "The conversion does not fit the field's type",
    explain:
      "date, dateTime, number and boolean make values of one kind. In a field of another kind Salesforce refuses them; in a text field they are stored as text.",
  },
  CHECK_VALUE: {
    remedy: "fix",
    exit: 3,
    summary: "The field does not take this value",
    explain:
      "A value that stands in the spec is too long for the field, of another type, or not in its restricted picklist. It would fail every row that it goes into.",
  },
  CHECK_RECORD_TYPE: {
    remedy: "fix",
    exit: 3,
    summary: "The record type can't be used",
    explain:
      "recordType: true maps the DeveloperName of an active record type to its Id, in the field RecordTypeId.",
  },
  CHECK_COLUMN_MISSING: {
    remedy: "fix",
    exit: 3,
    summary: "A source file lacks a column",
    explain:
      "The mapping or an expression reads a column that is not in the header of every source file. Names must match exactly.",
  },
} as const satisfies Record<string, CodeEntry>;
