import { expect } from "vitest";
import { type FakeOrg, fakeOrg } from "./fake-org.ts";
import type { HandRun, Operation } from "./hand-run.ts";

/** Three chunks of four rows; one row that never works, two that work the second time, one that waits
 *  for its parent, and one job that ends Failed after two rows. */
export function runOf(operation: Operation): HandRun {
  const byId = operation === "update" || operation === "delete";
  const columns =
    operation === "delete" ? ["Id"] : [byId ? "Id" : "Key__c", "Name", "Parent.Key__c"];
  const rows = Array.from({ length: 12 }, (_, i) => {
    const key = byId ? `a0X00000000${String(1000 + i)}EAA` : `k${i}`;
    return columns.length === 1 ? [key] : [key, `Name ${i}`, `p${i % 3}`];
  });
  return { operation, columns, rows, chunkRows: 4 };
}

export function orgFor(run: HandRun): FakeOrg {
  const keys = run.rows.map(([key]) => key ?? "");
  const keyColumn = run.columns[0] ?? "";
  let failedJobs = 0;
  return fakeOrg(keyColumn, {
    row: (key, attempt) => {
      if (key === keys[3])
        return "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --";
      if ((key === keys[5] || key === keys[6]) && attempt === 1) {
        return "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--";
      }
      if (key === keys[2] && attempt === 1) {
        return "INVALID_FIELD:Foreign key external ID: p0 not found for field Key__c in entity X:--";
      }
      return null;
    },
    job: (_n, job) => {
      const isThird = job.content.some(([key]) => key === keys[8]) && job.content.length === 4;
      if (!isThird || failedJobs++ > 0) return null;
      return { state: "Failed", after: 2, error: "TooManyLockFailure : Too many lock failure 200" };
    },
  });
}

export function expectOnce(org: FakeOrg, run: HandRun): void {
  const applied = org.ledger.map(({ key }) => key).sort();
  const wanted = run.rows.flatMap(([key], i) => (i === 3 ? [] : [key ?? ""])).sort();
  expect(applied).toEqual(wanted);
  for (const job of org.jobs.values()) {
    const holdsRows = job.state === "Open" && job.puts > 0;
    expect(holdsRows, `job ${job.id} is left open with rows`).toBe(false);
    expect(job.puts).toBeLessThanOrEqual(1);
  }
}
