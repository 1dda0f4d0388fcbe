/** What kind of failure a row met, and so what is done about it:
 *  transient = sent again in this run; order = sent again after the others (its parent may be among
 *  them); data = mend the row; setup = mend the org or the permission; done = the row is already as
 *  wanted. */
export type ErrorClass = "transient" | "order" | "data" | "setup" | "done";

interface ClassRule {
  readonly code: string;
  readonly class: ErrorClass;
  /** Only when the message holds one of these. */
  readonly message?: readonly string[];
}

/** The public table, first match wins. Codes: "Core Data Types Used in API Calls: StatusCode" of the
 *  SOAP API guide; classes by what users and other clients report of them. An unknown code is data. */
export const ERROR_CLASSES: readonly ClassRule[] = [
  { code: "UNABLE_TO_LOCK_ROW", class: "transient" },
  { code: "API_TEMPORARILY_UNAVAILABLE", class: "transient" },
  { code: "SERVER_UNAVAILABLE", class: "transient" },
  { code: "REQUEST_RUNNING_TOO_LONG", class: "transient" },
  {
    code: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    class: "transient",
    message: ["UNABLE_TO_LOCK_ROW", "Too many SOQL queries"],
  },
  { code: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", class: "setup" },
  { code: "INVALID_FIELD", class: "order", message: ["Foreign key external ID"] },
  { code: "INVALID_CROSS_REFERENCE_KEY", class: "order" },
  { code: "INVALID_FIELD", class: "data" },
  { code: "REQUIRED_FIELD_MISSING", class: "data" },
  { code: "STRING_TOO_LONG", class: "data" },
  { code: "NUMBER_OUTSIDE_VALID_RANGE", class: "data" },
  { code: "INVALID_EMAIL_ADDRESS", class: "data" },
  { code: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", class: "data" },
  { code: "MALFORMED_ID", class: "data" },
  { code: "INVALID_ID_FIELD", class: "data" },
  { code: "FIELD_CUSTOM_VALIDATION_EXCEPTION", class: "data" },
  { code: "FIELD_FILTER_VALIDATION_EXCEPTION", class: "data" },
  { code: "FIELD_INTEGRITY_EXCEPTION", class: "data" },
  { code: "DUPLICATE_VALUE", class: "data" },
  { code: "DUPLICATE_EXTERNAL_ID", class: "data" },
  { code: "DUPLICATES_DETECTED", class: "data" },
  { code: "MISSING_ARGUMENT", class: "data" },
  { code: "INVALID_TYPE_ON_FIELD_IN_RECORD", class: "data" },
  { code: "INVALID_FIELD_FOR_INSERT_UPDATE", class: "setup" },
  { code: "INSUFFICIENT_ACCESS_OR_READONLY", class: "setup" },
  { code: "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", class: "setup" },
  { code: "TXN_SECURITY_NO_ACCESS", class: "setup" },
  { code: "CANNOT_EXECUTE_FLOW_TRIGGER", class: "setup" },
];

export interface RowError {
  /** Up to the first colon of sf__Error. */
  readonly code: string;
  readonly message: string;
  readonly class: ErrorClass;
}

/** Reads a `sf__Error` cell, `CODE:message:Field1 Field2 --`. The message may hold colons and
 *  newlines, so the code ends at the first colon and the fields begin after the last. */
export function readRowError(text: string, operation: string): RowError {
  const colon = text.indexOf(":");
  const code = colon < 0 ? text.trim() : text.slice(0, colon);
  const message = (colon < 0 ? "" : text.slice(colon + 1)).replace(/:?\s*--\s*$/, "");
  return { code, message, class: classOf(code, message, operation) };
}

function classOf(code: string, message: string, operation: string): ErrorClass {
  if (code === "ENTITY_IS_DELETED") return operation === "delete" ? "done" : "data";
  for (const rule of ERROR_CLASSES) {
    if (rule.code !== code) continue;
    if (rule.message === undefined || rule.message.some((part) => message.includes(part))) {
      return rule.class;
    }
  }
  return code.startsWith("INSUFFICIENT_ACCESS") || code.startsWith("TXN_SECURITY")
    ? "setup"
    : "data";
}

/** Another round may mend it. */
export function isRetryable(kind: ErrorClass): boolean {
  return kind === "transient" || kind === "order";
}
