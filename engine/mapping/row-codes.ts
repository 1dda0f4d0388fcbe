/** Why a row is not sent: the `code` column of invalid.csv. A code is never renamed or reused.
 *  Each explains itself to `sluice explain CODE`. */
export const ROW_CODES = {
  ROW_WIDTH:
    "The row has more or fewer fields than the header. It is never padded: a shifted row would write values into wrong fields.",
  ROW_QUOTE_OPEN:
    "A quote opens in this row and is never closed, so the rest of the file belongs to it.",
  ROW_QUOTE_STRAY: "A quote stands inside an unquoted field, or text follows a closing quote.",
  ROW_ENCODING: "The row holds bytes that are no valid text in the file's encoding.",
  ROW_NUL: "The row holds a NUL byte, the sign of a binary file or of a wrong encoding.",
  ROW_TOO_LONG:
    "The record is longer than Bulk API 2.0 accepts (400,000 characters), or than a chunk may be.",
  KEY_EMPTY: "The key field is blank: Salesforce could not tell which record is meant.",
  KEY_DUPLICATE: "Several rows of the source have this key, and duplicates are rejected.",
  KEY_NOT_FOUND: "No record in the org has this key.",
  KEY_AMBIGUOUS: "Several records in the org have this key.",
  VALUE_REQUIRED: "The field must have a value, and the cell is blank.",
  VALUE_NULL: "The cell is blank, and the spec says that blanks in this field are errors.",
  VALUE_TOO_LONG: "The text has more characters than the field holds.",
  VALUE_NOT_NUMBER: "The text is not a number in the declared format.",
  VALUE_NUMBER_RANGE: "The number has more digits than the field holds.",
  VALUE_NOT_BOOLEAN: "The text is none of the words for true or false.",
  VALUE_NOT_DATE: "The text is not a date in the declared format.",
  VALUE_NOT_DATETIME: "The text is not a date and time in the declared format.",
  VALUE_TIME_SKIPPED: "The local time does not exist: clocks are put forward over it.",
  VALUE_NOT_PICKLIST: "The field is a restricted picklist and does not know this value.",
  VALUE_NOT_EMAIL: "The text cannot be an email address.",
  VALUE_NOT_ID: "The text cannot be a Salesforce Id.",
  VALUE_UNMATCHED: "The values table has no entry for this text, and there is no default.",
  VALUE_RECORD_TYPE: "No active record type of the object has this DeveloperName.",
  EXPRESSION_FAILED: "The expression could not be computed for this row.",
  MEMBER_ONE_OF: "A campaign member needs exactly one of a contact and a lead.",
} as const satisfies Record<string, string>;

export type RowCode = keyof typeof ROW_CODES;
