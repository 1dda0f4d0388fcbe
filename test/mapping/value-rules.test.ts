import { describe, expect, test } from "vitest";
import { mapRow, mapValue } from "./map-text.ts";

/** A field, a text, and "sent" or the start of the problem. */
const rows: readonly (readonly [field: string, text: string, outcome: string])[] = [
  ["Short__c", "12345", "sent"],
  ["Short__c", "😀😀😀😀😀", "sent"],
  ["Short__c", "  12345  ", "sent"],
  ["Short__c", "123456", "VALUE_TOO_LONG Short__c: The text has 6 characters; the field holds 5."],
  ["Short__c", "ééééé", "sent"],
  ["Email", "a@b", "sent"],
  ["Email", " a@b.de ", "sent"],
  ["Email", '"a b"@c.de', "sent"],
  ["Email", "jörg@bücher.de", "sent"],
  ["Email", "nobody", 'VALUE_NOT_EMAIL Email: "nobody" cannot be an email address.'],
  ["Email", "a@b.de; c@d.de", "VALUE_NOT_EMAIL"],
  ["Email", "@b.de", "VALUE_NOT_EMAIL"],
  [
    "Email",
    `${"x".repeat(80)}@b.de`,
    "VALUE_TOO_LONG Email: The text has 85 characters; the field holds 80.",
  ],
  ["Amount__c", "12345678.901", "sent"],
  ["Amount__c", " 12.5 ", "sent"],
  ["Amount__c", "1e7", "sent"],
  ["Amount__c", "-.5", "sent"],
  ["Amount__c", "NaN", "sent"],
  ["Amount__c", "000000000012", "sent"],
  [
    "Amount__c",
    "123456789",
    'VALUE_NUMBER_RANGE Amount__c: "123456789" has 9 digits before the point; the field holds 8.',
  ],
  ["Amount__c", "1e8", "VALUE_NUMBER_RANGE"],
  [
    "Amount__c",
    "1,5",
    'VALUE_NOT_NUMBER Amount__c: "1,5" is not a number. Salesforce wants digits with a point, such as 1234.5.',
  ],
  ["Amount__c", "12 EUR", "VALUE_NOT_NUMBER"],
  ["Amount__c", ".", "VALUE_NOT_NUMBER"],
  ["Amount__c", "   ", "sent"],
  ["Count__c", "99999999", "sent"],
  ["Count__c", "100000000", "VALUE_NUMBER_RANGE"],
  ["Count__c", "x", "VALUE_NOT_NUMBER"],
  ["Born__c", "2024-02-29", "sent"],
  ["Born__c", "2024-02-29T00:00:00Z", "sent"],
  ["Born__c", "2024-02-30", "VALUE_NOT_DATE"],
  ["Born__c", "29.02.2024", "VALUE_NOT_DATE"],
  ["Born__c", "2024-2-9", "VALUE_NOT_DATE"],
  ["Seen__c", "2024-02-29", "sent"],
  ["Seen__c", "2024-02-29T10:00:00.000+01:00", "sent"],
  ["Seen__c", "2024-02-29T10:00:00", "sent"],
  ["Seen__c", "2024-02-29T1:00", "VALUE_NOT_DATETIME"],
  ["Tier__c", "Gold", "sent"],
  ["Tier__c", "gold", "sent"],
  [
    "Tier__c",
    "Platinum",
    'VALUE_NOT_PICKLIST Tier__c: "Platinum" is no value of this picklist: Gold, Silver.',
  ],
  ["Open__c", "anything", "sent"],
  ["Tags__c", "a;b", "sent"],
  ["Tags__c", "a; B;", "sent"],
  ["Tags__c", "a;c", 'VALUE_NOT_PICKLIST Tags__c: "c" is no value of this picklist: a, b.'],
  ["AccountId", "001000000000001", "sent"],
  ["AccountId", "001000000000001AAA", "sent"],
  ["AccountId", "001000000000001AAX", "sent"],
  [
    "AccountId",
    "001000000000001A9A",
    'VALUE_NOT_ID AccountId: "001000000000001A9A" cannot be a Salesforce Id.',
  ],
  ["AccountId", "0010000", "VALUE_NOT_ID"],
  [
    "AccountId",
    "003000000000001",
    'VALUE_NOT_ID AccountId: "003000000000001" is an Id of another object: here Ids start with 001.',
  ],
  ["OwnerId", "00G000000000001", "sent"],
];

describe("describe's rules", () => {
  for (const [field, text, expected] of rows) {
    test(`${field} ${JSON.stringify(text.slice(0, 40))}: ${expected}`, () => {
      const result = mapValue(field, {}, text);
      if (expected === "sent") expect(result).not.toMatch(/^[A-Z]+_/);
      else expect(result.startsWith(expected), result).toBe(true);
    });
  }
  test("an inactive value of a restricted picklist is named as that", () => {
    expect(mapValue("Tier__c", {}, "-Lead")).toBe(
      'VALUE_NOT_PICKLIST Tier__c: "-Lead" is an inactive value of this picklist: Gold, Silver.',
    );
  });
});

describe("relationships, record types, keys", () => {
  test("a relationship column has the canonical header and obeys the parent's field", () => {
    expect(mapRow({ Key__c: "k", "account.erp_id__C": "a" }, { k: "1", a: "4711" })).toBe("1,4711");
    expect(mapRow({ Key__c: "k", "Account.ERP_Id__c": "a" }, { k: "1", a: "12345678901" })).toBe(
      "VALUE_TOO_LONG Account.ERP_Id__c: The text has 11 characters; the field holds 10.",
    );
    expect(mapRow({ Key__c: "k", "User:Owner.Email": "a" }, { k: "1", a: "nobody" })).toMatch(
      /^VALUE_NOT_EMAIL User:Owner.Email: /,
    );
  });
  test("a blank relationship is never cleared", () => {
    expect(
      mapRow({ Key__c: "k", "Account.ERP_Id__c": "a" }, { k: "1", a: "" }, { nulls: "clear" }),
    ).toBe("1,");
  });
  test("a record type's DeveloperName becomes its Id", () => {
    const types = { RecordTypeId: { from: "t", recordType: true }, Key__c: "k" };
    expect(mapRow(types, { k: "1", t: "partner" })).toBe("012000000000001AAA,1");
    expect(mapRow(types, { k: "1", t: "Old" })).toBe(
      'VALUE_RECORD_TYPE RecordTypeId: There is no active record type "Old".',
    );
  });
  test("a key that is blank makes the row invalid", () => {
    for (const key of ["", "  ", "#N/A", "\t"]) {
      expect(mapRow({ Key__c: "k" }, { k: key })).toBe(
        "KEY_EMPTY Key__c: The key Key__c is blank in this row.",
      );
    }
  });
  test("a delete has its key and nothing else", () => {
    const fields = { Id: "i", Name: "n" };
    expect(
      mapRow(fields, { i: "a00000000000001", n: "x" }, { operation: "delete", key: null }),
    ).toBe("a00000000000001");
  });
  test("an Id of another object is refused", () => {
    expect(
      mapRow({ Id: "i" }, { i: "003000000000001" }, { operation: "update", key: null }),
    ).toMatch(/^VALUE_NOT_ID Id: /);
  });
});
