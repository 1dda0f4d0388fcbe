import path from "node:path";
import { newUuid } from "../base/ids.ts";
import type { Lease } from "../state/state-store.ts";

/** Where a new segment file goes. Its name holds the lease that writes it, so that whoever tidies up
 *  can tell what an earlier process left from what a later one is about to register. */
export function segmentPath(folder: string, lease: Lease): string {
  return path.join(folder, `${lease.lockId}-${lease.epoch}-${newUuid()}.seg`);
}

/** The lease in a segment's file name, or in that of its unfinished form; null for other names. */
export function segmentLease(name: string): { lockId: number; epoch: number } | null {
  const match = /^(\d+)-(\d+)-[0-9a-f-]{36}\.seg(\.tmp)?$/.exec(name);
  return match === null ? null : { lockId: Number(match[1]), epoch: Number(match[2]) };
}
