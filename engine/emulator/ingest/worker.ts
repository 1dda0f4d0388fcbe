import { every, nowMs } from "../clock.ts";
import type { Org } from "../org.ts";
import { processQueryJob } from "../query/process-query-job.ts";
import { textOf } from "../store/database.ts";
import { moveJob, readJob } from "./job.ts";
import { processJob } from "./process-job.ts";

export interface Worker {
  /** Looks for jobs at once: a job was closed. */
  wake(): void;
  /** Stops after the groups that are being written. Jobs go on at the next start. */
  stop(): Promise<void>;
}

/** Jobs that are worked on side by side. */
const JOBS_MAX = 10;
/** How often to look for jobs that another process has left behind. */
const LOOK_MS = 500;
/**
 * A living owner shows a sign of life this often; without one for much longer it counts as dead.
 */
const HEARTBEAT_MS = 1_000;
const OWNER_DEAD_MS = 6_000;

/**
 * Works on closed jobs in the background. A job belongs to one process at a time: claiming it is
 * one
 * UPDATE, and every group checks the owner again inside its transaction, so two processes on one
 * state folder can't apply a row twice.
 */
export function startWorker(org: Org): Worker {
  const stopping = new AbortController();
  const running = new Map<string, Promise<void>>();

  const work = async (jobId: string): Promise<void> => {
    try {
      const row = org.db.get("SELECT * FROM jobs WHERE id = ?", jobId);
      if (!row) return;
      const run = readJob(row).kind === "query" ? processQueryJob : processJob;
      await run(org, jobId, stopping.signal);
    } catch (error) {
      // A bug here must not loop: the job ends as Salesforce ends one after an internal error.
      const message = `InternalServerError : ${error instanceof Error ? error.message : String(error)}`;
      moveJob(org.db, jobId, ["UploadComplete", "InProgress"], "Failed", message);
    } finally {
      running.delete(jobId);
      org.db.run("UPDATE jobs SET owner = NULL WHERE id = ? AND owner = ?", jobId, org.processName);
      if (!stopping.signal.aborted) wake();
    }
  };

  const wake = (): void => {
    if (stopping.signal.aborted) return;
    const waiting = org.db.all(
      "SELECT id, owner, heartbeat_ms FROM jobs WHERE state IN ('UploadComplete', 'InProgress') ORDER BY id",
    );
    for (const row of waiting) {
      const id = textOf(row, "id");
      if (running.size >= JOBS_MAX) return;
      if (!running.has(id) && claim(org, id, textOf(row, "owner"))) running.set(id, work(id));
    }
  };

  const stopLooking = every(LOOK_MS, wake);
  const stopBeating = every(HEARTBEAT_MS, () => {
    if (running.size === 0) return;
    org.db.run("UPDATE jobs SET heartbeat_ms = ? WHERE owner = ?", nowMs(), org.processName);
  });
  wake();

  return {
    wake,
    stop: async () => {
      stopping.abort();
      stopLooking();
      stopBeating();
      await Promise.all(running.values());
    },
  };
}

function claim(org: Org, jobId: string, owner: string): boolean {
  const now = nowMs();
  const deadBefore = isGone(owner) ? now + 1 : now - OWNER_DEAD_MS;
  return (
    org.db.run(
      `UPDATE jobs SET owner = ?, heartbeat_ms = ? WHERE id = ? AND state IN ('UploadComplete', 'InProgress')
         AND (owner IS NULL OR (owner = ? AND heartbeat_ms < ?))`,
      org.processName,
      now,
      jobId,
      owner,
      deadBefore,
    ) > 0
  );
}

/**
 * A process of this machine that no longer exists is dead at once; any other by its heartbeat
 * alone.
 */
function isGone(owner: string): boolean {
  const pid = Number(owner.split(":")[0]);
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
