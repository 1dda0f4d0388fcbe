/** What an error answer says, whatever its form. */
export interface Fault {
  /** Salesforce's code, such as INVALID_SESSION_ID, or the OAuth error; null where none came. */
  readonly code: string | null;
  readonly message: string;
}

/** Reads an error body. REST and Bulk API 2.0 answer an array of { errorCode, message }, the OAuth
 *  endpoints an object { error, error_description }, Bulk API 1 { exceptionCode, exceptionMessage };
 *  load balancers and proxies answer HTML or nothing. */
export function readFault(body: string): Fault {
  const parsed = parseJson(body);
  const entry = Array.isArray(parsed) ? parsed[0] : parsed;
  if (typeof entry !== "object" || entry === null) return { code: null, message: body };
  const record = entry as Record<string, unknown>;
  const code = text(record.errorCode) ?? text(record.error) ?? text(record.exceptionCode);
  const message =
    text(record.message) ?? text(record.error_description) ?? text(record.exceptionMessage);
  return { code, message: message ?? body };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function parseJson(body: string): unknown {
  const first = body.trimStart()[0];
  if (first !== "{" && first !== "[") return null;
  try {
    return JSON.parse(body);
  } catch {
    // Cut off or not JSON after all: the text itself is the message.
    return null;
  }
}
