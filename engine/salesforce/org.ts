/** A connected org: everything the engine asks of Salesforce. `connect.ts` builds the real one. */
export interface Org {
  /** The name in sync.config.yaml. */
  readonly name: string;
  readonly apiVersion: string;
  /** HTTP requests made so far: what counts against the daily API calls. */
  readonly apiCalls: number;
  /** Connects if needed. Throws EngineError AUTH_* when the org refuses. */
  identify(): Promise<OrgIdentity>;
  /** The describe answer, as JSON. Throws DESCRIBE_NOT_FOUND for an unknown or hidden object. */
  describe(object: string, signal?: AbortSignal): Promise<unknown>;
  limits(signal?: AbortSignal): Promise<Record<string, Limit>>;
  /** Rows of a SOQL query by the REST API, all pages. Column values are strings; null is "". */
  query(soql: string, signal?: AbortSignal): Promise<Record<string, string>[]>;
  readonly ingest: IngestApi;
  close(): Promise<void>;
}

export interface OrgIdentity {
  /** 18 characters. */
  readonly orgId: string;
  readonly userId: string;
  readonly username: string | null;
  readonly instanceUrl: string;
  /** True when it is no sandbox, scratch or local org, as far as the org says so; null: unknown. */
  readonly production: boolean | null;
}

export interface Limit {
  readonly Max: number;
  readonly Remaining: number;
}

export type JobState =
  | "Open"
  | "UploadComplete"
  | "InProgress"
  | "JobComplete"
  | "Failed"
  | "Aborted";
export type ResultKind = "successfulResults" | "failedResults" | "unprocessedrecords";

export interface JobRequest {
  /** Canonical API name. */
  readonly object: string;
  readonly operation: "insert" | "update" | "upsert" | "delete";
  /** For upsert only. */
  readonly externalIdFieldName: string | null;
  readonly assignmentRuleId: string | null;
}

/** A job as GET answers it. Counters are null where the state has none. */
export interface JobInfo {
  readonly id: string;
  readonly object: string;
  readonly operation: string;
  readonly createdById: string;
  readonly createdDate: string;
  readonly state: JobState;
  readonly numberRecordsProcessed: number | null;
  readonly numberRecordsFailed: number | null;
  readonly retries: number | null;
  readonly errorMessage: string | null;
}

/** Bulk API 2.0 ingest, one method a verb. Retries inside a method: GET and DELETE only, as DESIGN
 *  section 7 says; the others are sent once and throw SF_NO_ANSWER when the answer never came, so
 *  that the state machine decides. */
export interface IngestApi {
  /** POST jobs/ingest. */
  openJob(request: JobRequest, signal?: AbortSignal): Promise<JobInfo>;
  /** PUT the file as the job's one content, with Content-Length. Resolves only on 201. */
  uploadRows(jobId: string, file: string, signal?: AbortSignal): Promise<void>;
  /** PATCH UploadComplete. */
  closeJob(jobId: string, signal?: AbortSignal): Promise<void>;
  /** PATCH Aborted. */
  abortJob(jobId: string, signal?: AbortSignal): Promise<void>;
  /** GET; null on 404. */
  readJob(jobId: string, signal?: AbortSignal): Promise<JobInfo | null>;
  /** All ingest jobs that the org lists, all pages. */
  listJobs(signal?: AbortSignal): Promise<JobInfo[]>;
  /** GET a result set into a file (temp file, fsync, rename). An empty answer makes an empty file. */
  readResults(jobId: string, kind: ResultKind, file: string, signal?: AbortSignal): Promise<void>;
  deleteJob(jobId: string, signal?: AbortSignal): Promise<void>;
}
