import { BASE, table } from "./check-table.ts";

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
