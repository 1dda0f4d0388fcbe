import { describe, expect, test } from "vitest";
import {
  BY_ID,
  check,
  DELETE,
  INSERT,
  type Mapping,
  short,
  type Target,
  table,
  UPDATE,
} from "./check-table.ts";
import { externalId, field, object, reference } from "./hand-made.ts";

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
