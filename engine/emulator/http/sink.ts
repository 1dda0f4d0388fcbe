import { nowMs } from "../clock.ts";
import type { Job } from "../ingest/job.ts";
import type { Org } from "../org.ts";
import type { Exchange } from "./exchange.ts";
import { bulkError } from "./reply.ts";

/**
 * Sink mode measures a client: content is counted and thrown away, a closed job is complete at
 * once,
 * every record counts as a success.
 */
export async function countUpload({ request, org }: Exchange, job: Job): Promise<void> {
  let bytes = 0;
  let lines = 0;
  let inQuotes = false;
  let last = 0x0a;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    last = chunk[chunk.length - 1] ?? last;
    if (!inQuotes && !chunk.includes(0x22)) {
      for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines += 1;
      continue;
    }
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === 0x22) inQuotes = !inQuotes;
      else if (byte === 0x0a && !inQuotes) lines += 1;
    }
  }
  const records = Math.max(0, lines + (last === 0x0a ? 0 : 1) - 1);
  const sql = "UPDATE jobs SET uploaded = ?, uploads = 1, total_rows = ? WHERE id = ?";
  org.db.run(sql, bytes, records, job.id);
}

export function closeSink({ db }: Org, job: Job): void {
  const changed = db.run(
    `UPDATE jobs SET state = 'JobComplete', processed = coalesce(total_rows, 0), modstamp_ms = ?,
       total_ms = 1, api_ms = 1 WHERE id = ? AND state = 'Open'`,
    nowMs(),
    job.id,
  );
  if (changed === 0)
    throw bulkError("INVALIDJOBSTATE", "Closing already Completed Job not allowed");
}
