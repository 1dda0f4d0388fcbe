/**
 * Faults are rules in a YAML or JSON file (`--faults FILE`) or sent to `PUT /__control/faults`:
 *
 *     faults:
 *       - on: { method: PUT, path: "**\/jobs/ingest/*\/batches", nth: 1 }   # requests
 *         do: { reset: after }
 *       - on: { job: { object: Contact, operation: upsert }, nth: 1, times: 3 }   # jobs
 *         do: { rowError: { code: UNABLE_TO_LOCK_ROW, every: 7, attempts: 2 } }
 *
 * `on.path` is a glob: `*` is one segment, `**` any number; `on.pattern` a regular expression over
 * path and query. `nth` is the occurrence (1 is the first) and `times` how many from there on:
 * without both the rule always holds, with `nth` alone it holds once. `do` has one key of
 * {@link RequestAction} or {@link JobAction}.
 */
export interface Rule {
  readonly id: string;
  readonly on: RuleMatch;
  readonly action: Action;
}

export interface RuleMatch {
  readonly method: string | null;
  readonly path: RegExp | null;
  readonly job: { readonly object: string | null; readonly operation: string | null } | null;
  readonly nth: number | null;
  readonly times: number | null;
}

export type Action = RequestAction | JobAction;

/** What can go wrong with one request. */
export type RequestAction =
  /**
   * Answers with this instead of doing anything. `body` is text, or JSON if it is a list or
   * mapping.
   */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body: unknown;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** Answers with an HTML page, as a proxy in front of Salesforce would. */
  | { readonly kind: "html"; readonly status: number }
  /** Answers 403 REQUEST_LIMIT_EXCEEDED. */
  | { readonly kind: "apiLimit" }
  /** Answers 503 with Retry-After: a number of seconds, or an HTTP date that lies so far ahead. */
  | {
      readonly kind: "retryAfter";
      readonly seconds: number;
      readonly asDate: boolean;
      readonly status: number;
    }
  /**
   * Cuts the connection: before anything is done, after half of the body was read, or after the
   * effect.
   */
  | { readonly kind: "reset"; readonly when: "before" | "halfway" | "after" }
  | { readonly kind: "delay"; readonly ms: number }
  /** Reads the request and never answers. With `after`, the effect happens. */
  | { readonly kind: "hang"; readonly after: boolean }
  /** Ends every session, so that this request and others are answered 401. */
  | { readonly kind: "expireSession" }
  /** Sends half of the answer's body, then cuts the connection. */
  | { readonly kind: "truncate" }
  /**
   * Result sets: rows in another order; `rows` missing at the end; 204 instead of a bare header.
   */
  | { readonly kind: "shuffle" }
  | { readonly kind: "short"; readonly rows: number }
  | { readonly kind: "empty204" }
  /** Failed rows come back blank in columns whose header is not in the describe's letter case. */
  | { readonly kind: "blankHeaderCase" }
  /** Accepts another PUT, as in 2018; the PATCH to UploadComplete fails then. */
  | { readonly kind: "secondPut" }
  /** A describe answer without this field, as with field-level security changed meanwhile. */
  | { readonly kind: "hideField"; readonly field: string };

/** What can go wrong inside a job. */
export type JobAction =
  | {
      readonly kind: "rowError";
      readonly code: string;
      readonly message: string;
      readonly fields: readonly string[];
      /** Every n-th row; 1 is each. */
      readonly every: number;
      readonly keys: readonly string[] | null;
      /** The row fails this many times, by its key, and then goes through. 0: always fails. */
      readonly attempts: number;
    }
  /** A batch is processed again from where it stopped: `retries` grows. */
  | { readonly kind: "requeueBatch"; readonly times: number }
  /** The job ends Failed when so many rows were processed; the rest stays unprocessed. */
  | { readonly kind: "failAfterRows"; readonly rows: number; readonly error: string }
  | { readonly kind: "abortAfterRows"; readonly rows: number }
  /** The job waits here until the rule is taken away. */
  | { readonly kind: "holdAfterRows"; readonly rows: number }
  /** An upload without rows ends Failed instead of JobComplete. */
  | { readonly kind: "emptyFails" };
