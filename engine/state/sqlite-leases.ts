import type { Clock } from "../base/clock.ts";
import { EngineError } from "../base/engine-error.ts";
import type { SqliteDatabase } from "./open-database.ts";
import { judgeOwner, type ProcessIdentity } from "./process-identity.ts";
import type { Lease } from "./state-store.ts";

/** How long another host's owner may be silent before its lease is taken over. Measured by the
 *  observer's monotonic clock: wall clocks decide nothing. */
export const SILENCE_MS_MAX = 60_000;
const WATCH_INTERVAL_MS = 2_000;

interface LeaseRow extends ProcessIdentity {
  readonly epoch: number;
  readonly owner: string;
  readonly held: number;
  readonly heartbeat: number;
}

/** Takes the lease with a new epoch, at once when it is free or its owner is certainly dead; an owner
 *  on another host is watched first. Throws LOCKED, or the signal's
 *  reason. */
export async function takeLease(
  database: SqliteDatabase,
  streamId: number,
  options: {
    readonly me: ProcessIdentity & { readonly owner: string };
    /** Is a run of this process at work under the lease? */
    readonly isBusy: (lockId: number) => boolean;
    readonly clock: Clock;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Lease> {
  const { me } = options;
  const lockId = lockOf(database, streamId);
  let current = readLease(database, lockId);
  if (current !== null && current.held === 1) {
    // A long-lived process may have failed to give a lease back: it is still its own.
    const left = current.owner === me.owner && !options.isBusy(lockId);
    const verdict = left ? "dead" : judgeOwner(current);
    if (verdict === "alive") throw locked(current);
    if (verdict === "unknown") current = await watchSilence(database, lockId, current, options);
  }
  const epoch = (current?.epoch ?? 0) + 1;
  const taken = database
    .prepare(
      `insert into leases (stream_id, epoch, owner, held, host, boot_id, pid, started_at, heartbeat)
       values (?, ?, ?, 1, ?, ?, ?, ?, 0)
       on conflict (stream_id) do update set epoch = excluded.epoch, owner = excluded.owner, held = 1,
         host = excluded.host, boot_id = excluded.boot_id, pid = excluded.pid,
         started_at = excluded.started_at, heartbeat = 0
       where leases.epoch = ? and leases.heartbeat = ?`,
    )
    .run(
      ...[lockId, epoch, me.owner, me.host, me.bootId, me.pid, me.startedAt],
      ...[current?.epoch ?? 0, current?.heartbeat ?? 0],
    );
  if (taken.changes !== 1) {
    // Somebody was faster between the look and the write, or showed a sign of life.
    throw locked(readLease(database, lockId) ?? { ...me, epoch, held: 1, heartbeat: 0 });
  }
  return { streamId, lockId, epoch, owner: me.owner };
}

/** Throws LEASE_LOST unless the lease still has this epoch. Called inside each writing transaction. */
export function requireEpoch(database: SqliteDatabase, lease: Lease): void {
  const row = readLease(database, lease.lockId);
  if (row === null || row.epoch !== lease.epoch || row.owner !== lease.owner || row.held !== 1) {
    throw new EngineError(
      "LEASE_LOST",
      "Another process took over this sync; this one stops here.",
      { hint: "Nothing is lost: the other process goes on. See\n    sluice status" },
    );
  }
}

export function beat(database: SqliteDatabase, lease: Lease): void {
  requireEpoch(database, lease);
  database
    .prepare("update leases set heartbeat = heartbeat + 1 where stream_id = ? and epoch = ?")
    .run(lease.lockId, lease.epoch);
}

export function freeLease(database: SqliteDatabase, lease: Lease): void {
  database
    .prepare("update leases set held = 0 where stream_id = ? and epoch = ? and owner = ?")
    .run(lease.lockId, lease.epoch, lease.owner);
}

export function heldLeases(database: SqliteDatabase): number {
  const row = database.prepare("select count(*) as n from leases where held = 1").get();
  return (row as { n: number }).n;
}

/** The first stream that the sync had in this org: its row is the lease of them all. */
function lockOf(database: SqliteDatabase, streamId: number): number {
  const row = database
    .prepare(
      `select min(other.id) as id from streams own join streams other
         on other.sync = own.sync and other.org_id = own.org_id where own.id = ?`,
    )
    .get(streamId) as { id: number | null } | undefined;
  return row?.id ?? streamId;
}

/** Returns when the owner stayed silent for SILENCE_MS_MAX; throws LOCKED as soon as it moves. */
async function watchSilence(
  database: SqliteDatabase,
  lockId: number,
  first: LeaseRow,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal | undefined },
): Promise<LeaseRow> {
  const begun = clock.monotonic();
  while (clock.monotonic() - begun < SILENCE_MS_MAX) {
    await clock.sleep(WATCH_INTERVAL_MS, signal);
    const now = readLease(database, lockId);
    if (now === null || now.held === 0) return now ?? first;
    if (now.epoch !== first.epoch || now.heartbeat !== first.heartbeat) throw locked(now);
  }
  return first;
}

function readLease(database: SqliteDatabase, lockId: number): LeaseRow | null {
  const row = database
    .prepare(
      `select epoch, owner, held, host, boot_id as bootId, pid, started_at as startedAt, heartbeat
       from leases where stream_id = ?`,
    )
    .get(lockId) as LeaseRow | undefined;
  return row ?? null;
}

function locked(owner: LeaseRow): EngineError {
  return new EngineError(
    "LOCKED",
    `Process ${owner.pid} on ${owner.host} is running this sync (lease ${owner.epoch}).`,
    { hint: "Wait until it has ended, then run again. To look at it:\n    sluice status" },
  );
}
