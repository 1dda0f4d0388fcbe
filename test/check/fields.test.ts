import { BASE, BY_ID, DELETE, INSERT, table, UPDATE } from "./check-table.ts";

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
