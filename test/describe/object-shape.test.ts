import { expect, test } from "vitest";
import {
  canonicalColumn,
  findRelationship,
  resolveColumn,
} from "../../engine/describe/canonical-column.ts";
import { parseColumnName } from "../../engine/describe/column-name.ts";
import { findField } from "../../engine/describe/object-shape.ts";
import { parentObjects } from "../../engine/describe/parent-objects.ts";
import { toObjectShape } from "../../engine/describe/to-object-shape.ts";
import { contactAnswer, fieldAnswer } from "./describe-answer.ts";

const CONTACT = toObjectShape(contactAnswer());
const ACCOUNT = toObjectShape(
  contactAnswer({ name: "Account", fields: [fieldAnswer("ERP_Id__c", { externalId: true })] }),
);
const USER = toObjectShape(
  contactAnswer({ name: "User", fields: [fieldAnswer("Email", { idLookup: true })] }),
);
const PARENTS = new Map([
  ["account", ACCOUNT],
  ["user", USER],
]);

test("a describe answer becomes a shape", () => {
  expect(CONTACT).toMatchObject({
    name: "Contact",
    keyPrefix: "003",
    createable: true,
    deletable: true,
    recordTypes: [
      { developerName: "Master", id: "012000000000000AAA", active: true, available: true },
    ],
  });
  expect(findField(CONTACT, "ownerid")).toMatchObject({
    name: "OwnerId",
    referenceTo: ["Group", "User"],
    relationshipName: "Owner",
    polymorphic: true,
  });
  expect(findField(CONTACT, "Salutation")?.picklistValues).toEqual([
    { value: "Mr.", active: true },
    { value: "Ms.", active: false },
  ]);
});

test("keys that older versions lack have a harmless default", () => {
  const bare = {
    name: "X__c",
    type: "string",
    createable: true,
    updateable: false,
    nillable: true,
  };
  const shape = toObjectShape(
    contactAnswer({ fields: [bare], recordTypeInfos: undefined, label: undefined }),
  );
  expect(shape.label).toBe("Contact");
  expect(shape.recordTypes).toEqual([]);
  expect(shape.fields[0]).toMatchObject({
    label: "X__c",
    length: 0,
    externalId: false,
    picklistValues: [],
  });
});

test("two parents make a reference polymorphic even where the flag is missing", () => {
  const owner = fieldAnswer("OwnerId", {
    type: "reference",
    referenceTo: ["Group", "User"],
    polymorphicForeignKey: undefined,
  });
  expect(toObjectShape(contactAnswer({ fields: [owner] })).fields[0]?.polymorphic).toBe(true);
});

test.each([
  ["null", null, "It needs an object's name"],
  ["an array", [contactAnswer()], "It needs an object's name"],
  ["an error", { errorCode: "NOT_FOUND" }, "It needs an object's name"],
  ["no fields", contactAnswer({ fields: [] }), "Contact has no fields in it."],
  [
    "a field without a type",
    contactAnswer({ fields: [{ name: "X" }] }),
    "Contact, field 1: it needs a name and a type.",
  ],
  [
    "an object flag that is no flag",
    contactAnswer({ createable: "yes" }),
    'Contact: "createable" must be true or false.',
  ],
  [
    "a field flag that is missing",
    contactAnswer({ fields: [fieldAnswer("X", { nillable: undefined })] }),
    'Contact, field 1 (X): "nillable" must be true or false.',
  ],
])("%s is no describe answer", (_, answer, message) => {
  expect(() => toObjectShape(answer)).toThrow(
    expect.objectContaining({ code: "DESCRIBE_ANSWER", message: expect.stringContaining(message) }),
  );
});

test.each([
  ["Email", { kind: "field", field: "Email" }],
  [
    "Account.ERP_Id__c",
    { kind: "relationship", object: null, relationship: "Account", field: "ERP_Id__c" },
  ],
  [
    "User:Owner.Email",
    { kind: "relationship", object: "User", relationship: "Owner", field: "Email" },
  ],
  ["User:Email", { kind: "malformed" }],
  ["Account.Owner.Email", { kind: "malformed" }],
  ["a:b:c.d", { kind: "malformed" }],
  ["Account.", { kind: "malformed" }],
  [".Email", { kind: "malformed" }],
  ["", { kind: "malformed" }],
])("column name %s", (written, name) => {
  expect(parseColumnName(written)).toEqual(name);
});

test.each([
  ["email", "Email"],
  ["ID", "Id"],
  ["account.erp_id__C", "Account.ERP_Id__c"],
  ["user:OWNER.email", "User:Owner.Email"],
  ["unknown", "unknown"],
  ["Account.unknown", "Account.unknown"],
  ["Owner.Email", "Owner.Email"],
  ["a.b.c", "a.b.c"],
])("header of %s is %s", (written, canonical) => {
  expect(canonicalColumn(written, CONTACT, PARENTS)).toBe(canonical);
});

test("a relationship column resolves to the reference and the parent's field", () => {
  expect(resolveColumn("account.erp_id__c", CONTACT, PARENTS)).toMatchObject({
    reference: { name: "AccountId" },
    parent: { name: "Account" },
    parentField: { name: "ERP_Id__c" },
    prefixed: false,
  });
  expect(findRelationship(CONTACT, "ACCOUNT")?.name).toBe("AccountId");
  expect(findRelationship(CONTACT, "Mentor__r")).toBeNull();
});

test("parents of a spec's relationship columns, once each", () => {
  const fields = [
    "Email",
    "Account.ERP_Id__c",
    "account.Name",
    "user:Owner.Email",
    "Owner.Email",
    "Nope.X",
    "a.b.c",
    "Contact:Owner.X",
  ];
  const spec = { mapping: fields.map((field) => ({ field })) };
  expect(parentObjects(spec, CONTACT)).toEqual(["Account", "User"]);
});
