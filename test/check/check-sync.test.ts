import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../engine/base/diagnostic.ts";
import { checkSync } from "../../engine/check/check-sync.ts";
import type { FieldMapping, SyncSpec } from "../../engine/config/sync-spec.ts";
import type { ObjectShape } from "../../engine/describe/object-shape.ts";
import { CONTACT, externalId, field, object, PARENTS, reference, spec } from "./hand-made.ts";

type Target = Partial<SyncSpec["target"]>;
type Mapping = Record<string, string | Partial<FieldMapping>>;

const UPSERT: Target = {};
const INSERT: Target = { operation: "insert" };
const UPDATE: Target = { operation: "update" };
const DELETE: Target = { operation: "delete" };
/** What an upsert needs to be quiet. */
const BASE: Mapping = { ERP_Id__c: "no", LastName: "last" };
const BY_ID: Mapping = { Id: "id" };

function check(target: Target, mapping: Mapping, shape: ObjectShape = CONTACT): Diagnostic[] {
  return checkSync({ spec: spec(target, mapping), shape, parents: PARENTS, files: null });
}

function short({ code, severity, path, detail, hint }: Diagnostic): string {
  return `${severity} ${code} ${path}: ${detail} | ${hint}`;
}

test("a sound upsert has no problem", () => {
  const mapping: Mapping = {
    ...BASE,
    Email: { from: "email", transform: ["trim"] },
    "Account.ERP_Id__c": "account",
    "User:Owner.Email": "owner",
    Tier__c: { from: "tier", values: { G: "Gold" }, default: "Bronze" },
    Birthdate: { from: "born", date: "iso" },
    Active__c: { from: "active", boolean: { true: ["y"], false: ["n"] } },
    RecordTypeId: { from: "type", recordType: true },
  };
  expect(check(UPSERT, mapping)).toEqual([]);
});

test("a problem names the file, the line, the place in the document and what to do", () => {
  expect(check(UPSERT, { ...BASE, Emial: "email" })).toEqual([
    {
      code: "CHECK_FIELD_UNKNOWN",
      severity: "error",
      summary: "The object has no such field",
      detail:
        'Contact has no field "Emial" that the connected user may see. The field may not exist, or field-level security may hide it from this user.',
      hint: 'Did you mean "Email"?',
      file: "contacts.sync.yaml",
      line: 13,
      column: 3,
      path: "/mapping/Emial",
    },
  ]);
});

test("all problems come at once, in the order of the rules", () => {
  const found = check(INSERT, { Emial: "email", Name: "name", Age__c: "age" });
  expect(found.map(({ code }) => code)).toEqual([
    "CHECK_FIELD_UNKNOWN",
    "CHECK_FIELD_COMPOUND",
    "CHECK_FIELD_READONLY",
    "CHECK_FIELD_REQUIRED",
  ]);
});

interface Row {
  readonly name: string;
  readonly target?: Target;
  readonly mapping: Mapping;
  /** Severity, code and place, then parts of the texts; none: no problem. */
  readonly want: readonly string[];
}

function table(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    test.each(rows)("$name", ({ target = UPSERT, mapping, want }) => {
      const found = check(target, mapping).map(short);
      if (want.length === 0) return expect(found).toEqual([]);
      expect(found).toHaveLength(1);
      for (const part of want) expect(found[0]).toContain(part);
    });
  });
}

table("unknown fields", [
  { name: "letter case does not count", mapping: { ...BASE, eMAIL: "e" }, want: [] },
  { name: "a forgotten __c", mapping: { ...BASE, Nick: "n" }, want: ['Did you mean "Nick__c"?'] },
  { name: "a label", mapping: { ...BASE, E_Mail: "e" }, want: ['Did you mean "Email"?'] },
  {
    name: "a label that is not the name",
    mapping: { ...BASE, Lastseen: "n" },
    want: ['Did you mean "Last_Seen__c"?'],
  },
  {
    name: "a label that is no name",
    mapping: { ...BASE, Vorname: "v" },
    want: ['The field labelled "Vorname" is FirstName.'],
  },
  {
    name: "nothing near",
    mapping: { ...BASE, Zzzzzz: "n" },
    want: ["    sluice describe Contact"],
  },
  { name: "it may be hidden", mapping: { ...BASE, Zzzzzz: "n" }, want: ["field-level security"] },
  {
    name: "two relationships",
    mapping: { ...BASE, "Account.Owner.Email": "n" },
    want: ["error CHECK_FIELD_UNKNOWN /mapping/Account.Owner.Email", "one relationship, not two"],
  },
  {
    name: "a prefix without a relationship",
    mapping: { ...BASE, "User:Email": "n" },
    want: ["error CHECK_FIELD_UNKNOWN"],
  },
]);

table("compound fields", [
  {
    name: "a contact's Name",
    mapping: { ...BASE, Name: "n" },
    want: ["error CHECK_FIELD_COMPOUND /mapping/Name", "parts instead: LastName and FirstName."],
  },
  {
    name: "an address",
    mapping: { ...BASE, MailingAddress: "n" },
    want: ["CHECK_FIELD_COMPOUND", "parts instead: MailingCity and MailingStreet."],
  },
]);

table("fields that can't be written", [
  {
    name: "a formula",
    mapping: { ...BASE, Age__c: "n" },
    want: ["error CHECK_FIELD_READONLY /mapping/Age__c", "Salesforce computes"],
  },
  { name: "an auto-number", mapping: { ...BASE, No__c: "n" }, want: ["numbers it by itself"] },
  { name: "a system field", mapping: { ...BASE, CreatedDate: "n" }, want: ["edit access"] },
  {
    name: "insert of a field for later",
    target: INSERT,
    mapping: { LastName: "l", Later__c: "n" },
    want: ["error CHECK_FIELD_READONLY", "existing records only"],
  },
  {
    name: "update of a field for once",
    target: UPDATE,
    mapping: { ...BY_ID, Once__c: "n" },
    want: ["error CHECK_FIELD_READONLY", "new records only"],
  },
  {
    name: "upsert of a field for once is a doubt",
    mapping: { ...BASE, Once__c: "n" },
    want: ["warning CHECK_FIELD_READONLY", "when a record is created but not when it is updated"],
  },
  {
    name: "upsert of a field for later is a doubt",
    mapping: { ...BASE, Later__c: "n" },
    want: ["warning CHECK_FIELD_READONLY", "only updates"],
  },
  {
    name: "insert with an Id",
    target: INSERT,
    mapping: { LastName: "l", Id: "i" },
    want: ["Ids itself"],
  },
  {
    name: "update names its record by Id",
    target: UPDATE,
    mapping: { ...BY_ID, Phone: "p" },
    want: [],
  },
  {
    name: "upsert by Id names its record by Id",
    target: { externalId: "Id" },
    mapping: { ...BY_ID, LastName: "l" },
    want: [],
  },
]);

table("required fields", [
  {
    name: "insert",
    target: INSERT,
    mapping: { FirstName: "f" },
    want: [
      "error CHECK_FIELD_REQUIRED /mapping",
      "without LastName",
      "    LastName: { value: ... }",
    ],
  },
  {
    name: "upsert is a doubt",
    mapping: { ERP_Id__c: "no" },
    want: ["warning CHECK_FIELD_REQUIRED", "does not exist yet"],
  },
  {
    name: "a misspelt one is told once",
    target: INSERT,
    mapping: { LastNme: "l" },
    want: ["error CHECK_FIELD_UNKNOWN", 'Did you mean "LastName"?'],
  },
  { name: "update", target: UPDATE, mapping: { ...BY_ID, Phone: "p" }, want: [] },
  { name: "delete", target: DELETE, mapping: BY_ID, want: [] },
]);

table("fields that are filled twice", [
  {
    name: "letter case",
    mapping: { ...BASE, Phone: "p", phone: "q" },
    want: ["error CHECK_FIELD_TWICE /mapping/phone", "letter case does not count"],
  },
  {
    name: "a reference and its relationship",
    mapping: { ...BASE, AccountId: "a", "Account.ERP_Id__c": "b" },
    want: ["error CHECK_FIELD_TWICE /mapping/Account.ERP_Id__c", "both fill AccountId"],
  },
]);

table("relationship columns", [
  { name: "a custom relationship", mapping: { ...BASE, "Mentor__r.ERP_Id__c": "m" }, want: [] },
  {
    name: "the reference for the relationship",
    mapping: { ...BASE, "AccountId.ERP_Id__c": "m" },
    want: ["error CHECK_RELATIONSHIP", 'Did you mean "Account.ERP_Id__c"?'],
  },
  {
    name: "the custom field for the relationship",
    mapping: { ...BASE, "Mentor__c.ERP_Id__c": "m" },
    want: ['Did you mean "Mentor__r.ERP_Id__c"?'],
  },
  {
    name: "a slip of the pen",
    mapping: { ...BASE, "Acount.ERP_Id__c": "m" },
    want: ['no relationship "Acount"', 'Did you mean "Account.ERP_Id__c"?'],
  },
  {
    name: "an unknown field of the parent",
    mapping: { ...BASE, "Account.ERP_ID": "m" },
    want: ['Account has no field "ERP_ID"', 'Did you mean "ERP_Id__c"?'],
  },
  {
    name: "a field that finds nobody",
    mapping: { ...BASE, "Account.Site": "m" },
    want: ["neither an external id nor a lookup field", "These can be used: Account.ERP_Id__c."],
  },
  {
    name: "the parent's Id",
    mapping: { ...BASE, "Account.Id": "m" },
    want: ["Map the Id to AccountId."],
  },
  {
    name: "polymorphic without a prefix",
    mapping: { ...BASE, "Owner.Email": "m" },
    want: ["Group or User", "    User:Owner.Email"],
  },
  {
    name: "polymorphic with a wrong prefix",
    mapping: { ...BASE, "Contact:Owner.Email": "m" },
    want: ["not to Contact"],
  },
  {
    name: "a prefix where there is one parent",
    mapping: { ...BASE, "Account:Account.ERP_Id__c": "m" },
    want: ['refuses the "Account:"', "    Account.ERP_Id__c"],
  },
  {
    name: "a parent that is not known",
    mapping: { ...BASE, "Group:Owner.Name": "m" },
    want: ["warning CHECK_RELATIONSHIP", "    sluice describe Group --save"],
  },
]);

describe("keys", () => {
  test("an unknown key is told at the key and at its column", () => {
    const found = check({ externalId: "ERP_ID" }, { ERP_ID: "no", LastName: "l" }).map(short);
    expect(found).toHaveLength(2);
    expect(found[1]).toContain(
      'CHECK_KEY_UNUSABLE /target/externalId: Contact has no field "ERP_ID"',
    );
    expect(found[1]).toContain('Did you mean "ERP_Id__c"?');
  });
});

table("keys", [
  {
    name: "not mapped",
    mapping: { LastName: "l" },
    want: ["error CHECK_KEY_UNMAPPED /target/externalId", "    ERP_Id__c: column_name"],
  },
  {
    name: "upsert by Id without an Id column",
    target: { externalId: "Id" },
    mapping: { LastName: "l" },
    want: ["error CHECK_KEY_UNMAPPED", "insert every row as a new record"],
  },
  {
    name: "update without Id",
    target: UPDATE,
    mapping: { LastName: "l" },
    want: ["error CHECK_KEY_UNMAPPED /mapping", "told apart by Id"],
  },
  {
    name: "a constant",
    mapping: { ERP_Id__c: { value: "1" }, LastName: "l" },
    want: ["error CHECK_KEY_UNMAPPED", "same value in every row"],
  },
  {
    name: "no external id",
    target: { externalId: "Nick__c" },
    mapping: { Nick__c: "n", LastName: "l" },
    want: ["error CHECK_KEY_UNUSABLE /target/externalId", "no external id", "ERP_Id__c"],
  },
  {
    name: "an email that Salesforce looks up by, not unique",
    target: { externalId: "Email" },
    mapping: { Email: "n", LastName: "l" },
    want: ["warning CHECK_KEY_DOUBTFUL", "DUPLICATE_EXTERNAL_ID"],
  },
  {
    name: "not unique",
    target: { externalId: "Loose__c" },
    mapping: { Loose__c: "n", LastName: "l" },
    want: ["warning CHECK_KEY_DOUBTFUL /target/externalId"],
  },
  {
    name: "encrypted",
    target: { externalId: "Secret__c" },
    mapping: { Secret__c: "n", LastName: "l" },
    want: ["error CHECK_KEY_UNUSABLE", "encrypted"],
  },
  {
    name: "a number of 18 digits",
    target: { externalId: "Number_Key__c" },
    mapping: { Number_Key__c: "n", LastName: "l" },
    want: ["error CHECK_KEY_UNUSABLE", "up to 18 digits", "Use a text field"],
  },
  {
    name: "a number of 10 digits",
    target: { externalId: "Small_Key__c" },
    mapping: { Small_Key__c: "n", LastName: "l" },
    want: [],
  },
  {
    name: "update by a field that is no external id",
    target: { operation: "update", externalId: "Nick__c" },
    mapping: { Nick__c: "n", Phone: "p" },
    want: ["warning CHECK_KEY_DOUBTFUL", "KEY_AMBIGUOUS"],
  },
  {
    name: "update by a key that can't be written",
    target: { operation: "update", externalId: "No__c" },
    mapping: { No__c: "n", Phone: "p" },
    want: ["warning CHECK_KEY_DOUBTFUL"],
  },
  {
    name: "update by a key with Id beside it",
    target: { operation: "update", externalId: "ERP_Id__c" },
    mapping: { ERP_Id__c: "n", Id: "i" },
    want: ["error CHECK_KEY_UNMAPPED /mapping/Id", "    externalId: Id"],
  },
  {
    name: "insert with a text key",
    target: { operation: "insert", externalId: "Nick__c" },
    mapping: { Nick__c: "n", LastName: "l" },
    want: [],
  },
  {
    name: "insert with a number key",
    target: { operation: "insert", externalId: "Small_Key__c" },
    mapping: { Small_Key__c: "n", LastName: "l" },
    want: ["error CHECK_KEY_UNUSABLE", "must be a text field"],
  },
  {
    name: "delete with more than its key",
    target: DELETE,
    mapping: { ...BY_ID, Phone: "p", LastName: "l" },
    want: ["error CHECK_DELETE_MAPPING /mapping/Phone", "Phone and LastName"],
  },
  {
    name: "delete by an external id",
    target: { operation: "delete", externalId: "ERP_Id__c" },
    mapping: { ERP_Id__c: "n" },
    want: [],
  },
]);

table("nulls", [
  {
    name: "clear where it can be",
    mapping: { ...BASE, Phone: { from: "p", nulls: "clear" } },
    want: [],
  },
  {
    name: "clear of a field that always has a value",
    mapping: { ...BASE, Active__c: { from: "a", nulls: "clear" } },
    want: ["error CHECK_NULLS /mapping/Active__c/nulls", "always has a value"],
  },
  {
    name: "clear of the key",
    mapping: { ...BASE, ERP_Id__c: { from: "no", nulls: "clear" } },
    want: ["error CHECK_NULLS", "is the key"],
  },
  {
    name: "clear of a relationship",
    mapping: { ...BASE, "Account.ERP_Id__c": { from: "a", nulls: "clear" } },
    want: ["error CHECK_NULLS", "map AccountId instead"],
  },
]);

table("conversions", [
  {
    name: "a date in a date and time",
    mapping: { ...BASE, Last_Seen__c: { from: "s", date: "iso" } },
    want: ["error CHECK_VALUE_TYPE /mapping/Last_Seen__c/date", 'Use "dateTime" instead.'],
  },
  {
    name: "a date in a text",
    mapping: { ...BASE, Nick__c: { from: "s", date: "iso" } },
    want: ["warning CHECK_VALUE_TYPE", "stored as that text"],
  },
  {
    name: "a number in a reference",
    mapping: { ...BASE, AccountId: { from: "s", number: "de" } },
    want: ["error CHECK_VALUE_TYPE", 'Remove "number".'],
  },
  {
    name: "a number in an int",
    mapping: { ...BASE, Employees__c: { from: "s", number: "de" } },
    want: [],
  },
  {
    name: "a boolean in a number",
    mapping: { ...BASE, Score__c: { from: "s", boolean: { true: ["y"], false: ["n"] } } },
    want: ["error CHECK_VALUE_TYPE", 'Use "number" instead.'],
  },
]);

table("record types", [
  {
    name: "on another field",
    mapping: { ...BASE, AccountId: { from: "t", recordType: true } },
    want: ["error CHECK_RECORD_TYPE /mapping/AccountId/recordType"],
  },
  {
    name: "an unknown name",
    mapping: { ...BASE, RecordTypeId: { value: "Partnr", recordType: true } },
    want: ["error CHECK_RECORD_TYPE /mapping/RecordTypeId/value", 'Did you mean "Partner"?'],
  },
  {
    name: "an inactive one",
    mapping: { ...BASE, RecordTypeId: { from: "t", values: { o: "Old" }, recordType: true } },
    want: ["error CHECK_RECORD_TYPE /mapping/RecordTypeId/values/o"],
  },
  {
    name: "one that the user lacks",
    mapping: { ...BASE, RecordTypeId: { value: "Press", recordType: true } },
    want: ["warning CHECK_RECORD_TYPE", "not assigned"],
  },
]);

table("values that stand in the spec", [
  {
    name: "too long",
    mapping: { ...BASE, FirstName: { value: "x".repeat(41) } },
    want: ["error CHECK_VALUE /mapping/FirstName/value", "41 characters, and the field holds 40"],
  },
  {
    name: "an inactive value of a restricted picklist",
    mapping: { ...BASE, Tier__c: { value: "Tin" } },
    want: ["error CHECK_VALUE", "inactive", "It takes: Gold, Silver, Bronze."],
  },
  {
    name: "a default that the picklist lacks",
    mapping: { ...BASE, Tier__c: { from: "t", default: "Golt" } },
    want: ["error CHECK_VALUE /mapping/Tier__c/default", 'did you mean "Gold"?'],
  },
  {
    name: "an output of a table",
    mapping: { ...BASE, Tier__c: { from: "t", values: { G: "Gold", P: "Platinum" } } },
    want: ["error CHECK_VALUE /mapping/Tier__c/values/P"],
  },
  {
    name: "an empty output of a table",
    mapping: { ...BASE, Tier__c: { from: "t", values: { G: "" } } },
    want: [],
  },
  {
    name: "an unrestricted picklist",
    mapping: { ...BASE, LeadSource: { value: "Fair" } },
    want: [],
  },
  {
    name: "several of a multi-picklist",
    mapping: { ...BASE, Colours__c: { value: "Red;Green" } },
    want: [],
  },
  {
    name: "one wrong of a multi-picklist",
    mapping: { ...BASE, Colours__c: { value: "Red;Blue" } },
    want: ["error CHECK_VALUE"],
  },
  {
    name: "a boolean",
    mapping: { ...BASE, Active__c: { value: "yes" } },
    want: ["neither true nor false"],
  },
  {
    name: "a day that is none",
    mapping: { ...BASE, Birthdate: { value: "2026-02-30" } },
    want: ["no date"],
  },
  { name: "a time", mapping: { ...BASE, Last_Seen__c: { value: "today" } }, want: ["no time"] },
  { name: "a number", mapping: { ...BASE, Score__c: { value: "1,5" } }, want: ["no number"] },
  { name: "an exponent", mapping: { ...BASE, Score__c: { value: "1.5E3" } }, want: [] },
  {
    name: "a half in an int",
    mapping: { ...BASE, Employees__c: { value: "1.5" } },
    want: ["no whole number"],
  },
  { name: "an email", mapping: { ...BASE, Email: { value: "nobody" } }, want: ["email address"] },
  { name: "an Id", mapping: { ...BASE, AccountId: { value: "001" } }, want: ["Salesforce Id"] },
]);

describe("objects", () => {
  const closed = { createable: false, updateable: false, deletable: false };
  test.each([
    [
      "insert",
      closed,
      "error CHECK_OBJECT_OPERATION /target/operation: Contact records can't be created",
    ],
    ["update", closed, "can't be updated"],
    ["upsert", closed, "can't be created or updated"],
    ["delete", closed, "can't be deleted"],
    ["upsert", { updateable: false }, "warning CHECK_OBJECT_OPERATION"],
  ] as const)("%s of an object that is closed to the user", (operation, more, want) => {
    const mapping =
      operation === "upsert" ? BASE : operation === "insert" ? { LastName: "l" } : BY_ID;
    const found = check({ operation }, mapping, { ...CONTACT, ...more }).map(short);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(want);
  });

  test.each([
    ["Contact", 1],
    ["Lead", 0],
    ["Case", 0],
  ])("an assignment rule on %s", (name, count) => {
    const target = { assignmentRuleId: "01Q8d000000abcdEAA" };
    const codes = check(target, BASE, { ...CONTACT, name }).map(({ code }) => code);
    expect(codes).toEqual(Array(count).fill("CHECK_ASSIGNMENT_RULE"));
  });
});

describe("campaign members", () => {
  const once = { updateable: false };
  const MEMBER = object("CampaignMember", [
    reference("CampaignId", "Campaign", ["Campaign"], { nillable: false, ...once }),
    reference("ContactId", "Contact", ["Contact"], once),
    reference("LeadId", "Lead", ["Lead"], once),
    field("Status"),
    externalId("Member_Key__c"),
  ]);
  const errors = (target: Target, mapping: Mapping) =>
    check(target, mapping, MEMBER)
      .filter(({ severity }) => severity === "error")
      .map(short);

  test("one person is enough", () => {
    expect(errors(INSERT, { CampaignId: "c", "Contact.ERP_Id__c": "p" })).toEqual([]);
    expect(errors(INSERT, { CampaignId: "c", ContactId: "p", LeadId: "l" })).toEqual([]);
  });
  test("nobody", () => {
    expect(errors(INSERT, { CampaignId: "c" })[0]).toContain("the mapping names neither");
  });
  test("a constant beside a column", () => {
    const mapping = { CampaignId: "c", ContactId: "p", LeadId: { value: "00Q8d000000abcdEAA" } };
    expect(errors(INSERT, mapping)[0]).toContain("CHECK_CAMPAIGN_MEMBER /mapping/LeadId");
  });
  test("an upsert needs a custom external id", () => {
    const mapping = { CampaignId: "c", ContactId: "p", Status: "s" };
    expect(errors({ externalId: "Status" }, mapping).join()).toContain(
      "Create a custom text field",
    );
    expect(errors({ externalId: "Member_Key__c" }, { ...mapping, Member_Key__c: "k" })).toEqual([]);
  });
  test("an update of the status needs no person", () => {
    expect(errors(UPDATE, { Id: "i", Status: "s" })).toEqual([]);
  });
});

describe("source columns", () => {
  const files = (...headers: string[]) =>
    headers.map((header, index) => ({ shown: `f${index + 1}.csv`, header: header.split(",") }));
  const found = (mapping: Mapping, headers: string[], more: Partial<SyncSpec> = {}) =>
    checkSync({
      spec: spec(UPSERT, { ...BASE, ...mapping }, more),
      shape: CONTACT,
      parents: PARENTS,
      files: files(...headers),
      expressionColumns: new Map(
        more.where == null
          ? []
          : [
              ["where", ["country", "no"]],
              ["Phone", ["fax"]],
            ],
      ),
    }).map(short);

  test.each([
    ["in all files", "phone", ["no,last,phone"], null],
    ["in no file", "fax", ["no,last,phone"], 'No source file has a column "fax".'],
    ["nothing near", "telephone", ["no,last,phone"], "f1.csv has these columns: no, last, phone."],
    ["mistyped", "phnoe", ["no,last,phone"], 'Did you mean "phone"?'],
    [
      "letter case",
      "Phone",
      ["no,last,phone"],
      'f1.csv has "phone", which differs in letter case.',
    ],
    ["spaces", "phone no", ["no,last,phone_no"], "differs in spaces, hyphens or underscores"],
    ["a no-break space", "phone no", ["no,last,phone\u00a0no"], "a character that does not show"],
    [
      "in some files",
      "phone",
      ["no,last,phone", "no,last", "no,last,phone"],
      "missing in f2.csv, while 2 of 3 files have it",
    ],
  ] as const)("%s", (_, from, headers, want) => {
    const problems = found({ Phone: from }, [...headers]);
    if (want === null) return expect(problems).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("error CHECK_COLUMN_MISSING /mapping/Phone/from");
    expect(problems[0]).toContain(want);
  });

  test("columns of expressions count too", () => {
    const problems = found({ Phone: { expr: "row.fax" } }, ["no,last"], {
      where: "row.country != row.no",
    });
    expect(problems).toEqual([
      'error CHECK_COLUMN_MISSING /where: No source file has a column "country". | f1.csv has these columns: no, last.',
      'error CHECK_COLUMN_MISSING /mapping/Phone/expr: No source file has a column "fax". | f1.csv has these columns: no, last.',
    ]);
  });

  test("without headers nothing is said", () => {
    expect(found({ Phone: "fax" }, [])).toEqual([]);
  });
});
