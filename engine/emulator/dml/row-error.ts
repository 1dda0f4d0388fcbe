/** Why one record was refused: Salesforce's status code, its text, the fields it names. */
export interface RowError {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
}

export function rowError(code: string, message: string, ...fields: string[]): RowError {
  return { code, message, fields };
}

/**
 * The text of the `sf__Error` column: `CODE:message:Field1 Field2 --`, without fields
 * `CODE:message:--`.
 */
export function formatRowError(error: RowError): string {
  const fields = error.fields.map((name) => `${name} `).join("");
  return `${error.code}:${error.message}:${fields}--`;
}
