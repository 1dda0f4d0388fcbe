/** An answer. A body that comes in pieces is sent as it is made. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<string>;
}

/** Thrown by a route to answer with an error. */
export class ApiError extends Error {
  readonly reply: Reply;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(typeof body === "string" ? body : JSON.stringify(body));
    this.reply = { ...json(status, body), headers: { ...JSON_TYPE, ...headers } };
  }
}

const JSON_TYPE = { "Content-Type": "application/json;charset=UTF-8" };

/** A JSON answer; text is taken as JSON that is already written. */
export function json(status: number, body: unknown): Reply {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers: JSON_TYPE, body: text };
}

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers };
}

export function csv(body: string | AsyncIterable<string>): Reply {
  return { status: 200, headers: { "Content-Type": "text/csv" }, body };
}

/** REST resources name the message first. */
export function restErrors(
  errorCode: string,
  message: string,
  fields?: readonly string[],
): unknown {
  return [{ message, errorCode, ...(fields ? { fields } : {}) }];
}

/** Bulk API 2.0 resources name the code first. */
export function bulkErrors(errorCode: string, message: string): unknown {
  return [{ errorCode, message }];
}

export function notFound(): ApiError {
  return new ApiError(404, bulkErrors("NOT_FOUND", "The requested resource does not exist"));
}

export function bulkError(code: string, message: string): ApiError {
  return new ApiError(400, bulkErrors(code, message));
}
