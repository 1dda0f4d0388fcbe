import { describe, expect, test } from "vitest";
import { BASE, BY_ID, check, INSERT, type Mapping, short, UPSERT } from "./check-table.ts";
import { CONTACT } from "./hand-made.ts";

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
