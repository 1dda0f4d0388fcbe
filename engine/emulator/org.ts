import type { JobFaults } from "./faults/job-faults.ts";
import type { OrgShape } from "./shape/org-shape.ts";
import type { Database } from "./store/database.ts";

/** What every part of the running org works with. */
export interface Org {
  readonly db: Database;
  readonly shape: OrgShape;
  /** Uploads and query results lie here. */
  readonly filesDir: string;
  readonly orgId: string;
  /** The run-as user: creator and owner of everything. */
  readonly userId: string;
  readonly jobFaults: JobFaults;
  /** Tells this process from others that have the same state folder open. */
  readonly processName: string;
  /** Pause after each 200-row group, so that a job can be seen in progress. */
  readonly batchDelayMs: number;
}
