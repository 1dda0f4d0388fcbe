import { expect, test } from "vitest";
import { ERROR_CLASSES, isRetryable, readRowError } from "../../engine/run/error-classes.ts";

/** The public table, told once more by hand: a class changes here and there, or not at all. */
const EXPECTED: readonly (readonly [string, string])[] = [
  [
    "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 1 records:--",
    "transient",
  ],
  ["API_TEMPORARILY_UNAVAILABLE:busy:--", "transient"],
  ["SERVER_UNAVAILABLE:busy:--", "transient"],
  ["REQUEST_RUNNING_TOO_LONG:Your request was running for too long:--", "transient"],
  [
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:T: execution of BeforeInsert: UNABLE_TO_LOCK_ROW:--",
    "transient",
  ],
  [
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:T: System.LimitException: Too many SOQL queries: 101:--",
    "transient",
  ],
  ["CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:T: System.NullPointerException:--", "setup"],
  [
    "INVALID_FIELD:Foreign key external ID: a-1 not found for field ERP__c in entity Account:--",
    "order",
  ],
  ["INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--", "order"],
  [
    "INVALID_FIELD:Failed to deserialize field at col 3. Due to, 'x' is not a valid value:--",
    "data",
  ],
  ["REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --", "data"],
  ["STRING_TOO_LONG:First Name: data value too large: xxx (max length=40):FirstName --", "data"],
  ["NUMBER_OUTSIDE_VALID_RANGE:value outside of valid range:Amount --", "data"],
  ["INVALID_EMAIL_ADDRESS:Email: invalid email address: a@b:Email --", "data"],
  ["INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:bad value: X:Status --", "data"],
  ["MALFORMED_ID:Account ID: id value of incorrect type: 1:AccountId --", "data"],
  ["INVALID_ID_FIELD:a message:--", "data"],
  ["FIELD_CUSTOM_VALIDATION_EXCEPTION:the admin's own: words:--", "data"],
  ["FIELD_FILTER_VALIDATION_EXCEPTION:Value does not match filter criteria.:--", "data"],
  ["FIELD_INTEGRITY_EXCEPTION:There's a problem with this state:MailingState --", "data"],
  ["DUPLICATE_VALUE:duplicate value found: ERP__c duplicates value on record:--", "data"],
  ["DUPLICATE_EXTERNAL_ID:more than one record found for external id field:--", "data"],
  ["DUPLICATES_DETECTED:Use one of these records?:--", "data"],
  ["MISSING_ARGUMENT:ERP__c not specified:--", "data"],
  ["INVALID_TYPE_ON_FIELD_IN_RECORD:a message:--", "data"],
  ["INVALID_FIELD_FOR_INSERT_UPDATE:Unable to create/update fields: X:X --", "setup"],
  ["INSUFFICIENT_ACCESS_OR_READONLY:insufficient access rights on object id:--", "setup"],
  ["INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY:insufficient access rights:--", "setup"],
  ["INSUFFICIENT_ACCESS_SOMETHING_NEW:a message:--", "setup"],
  ["TXN_SECURITY_NO_ACCESS:a policy:--", "setup"],
  ["TXN_SECURITY_SOMETHING_NEW:a policy:--", "setup"],
  ["CANNOT_EXECUTE_FLOW_TRIGGER:We can't save this record because a process failed:--", "setup"],
  ["ENTITY_IS_DELETED:entity is deleted:--", "data"],
  ["SOMETHING_NOBODY_KNOWS:a message:--", "data"],
];

test.each(EXPECTED)("%s", (text, kind) => {
  expect(readRowError(text, "upsert").class).toBe(kind);
});

test("a record that is gone is as a delete wants it", () => {
  expect(readRowError("ENTITY_IS_DELETED:entity is deleted:--", "delete").class).toBe("done");
});

test("every code of the table has its example above", () => {
  const told = new Set(EXPECTED.map(([text]) => text.slice(0, text.indexOf(":"))));
  expect(ERROR_CLASSES.map(({ code }) => code).filter((code) => !told.has(code))).toEqual([]);
});

test("only transient and order errors may be mended by another round", () => {
  const kinds = ["transient", "order", "data", "setup", "done"] as const;
  expect(kinds.filter(isRetryable)).toEqual(["transient", "order"]);
});

test("the code ends at the first colon, the fields are cut off the end", () => {
  expect(readRowError("A_CODE:a: b\nc: d:Field1 Field2 --", "insert")).toMatchObject({
    code: "A_CODE",
    message: "a: b\nc: d:Field1 Field2",
  });
  expect(readRowError("A_CODE:only this:--", "insert").message).toBe("only this");
  expect(readRowError("no colon at all", "insert")).toMatchObject({ code: "no colon at all" });
});
