import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { chooseMerge } from "../delta/choose-merge.ts";
import { mergeSegments } from "../delta/merge-segments.ts";
import { openSegment } from "../delta/segment-file.ts";
import { segmentLease, segmentPath } from "../run/segment-names.ts";
import type { Lease, StateStore } from "../state/state-store.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { runsFolder, segmentFolder } from "./run-deps-of.ts";

/** Under a sync's lease: merges its segments when they have become many, and removes what crashes left.
 *  Nothing is removed that the state refers to, or that a process of today may still be writing. */
export async function tidyState(lease: Lease, deps: EngineDeps): Promise<void> {
  const { store } = deps;
  const folder = segmentFolder(deps.project.stateFolder);
  await mergeNewest(folder, lease, store);
  await removeSegments(folder, lease, store);
  await removeRunFolders(runsFolder(deps.project.stateFolder), lease, store);
}

/** Repeated by the next run when a crash comes before the transaction. */
async function mergeNewest(folder: string, lease: Lease, store: StateStore): Promise<void> {
  const segments = await store.listSegments(lease.streamId);
  // A look into the files is needed only where it may change something.
  if (segments.length <= FEW) return;
  const choice = chooseMerge(
    segments.map(({ rows, file }) => {
      const segment = openSegment(file);
      segment.close();
      return { rows, family: segment.family };
    }),
  );
  if (choice === null) return;
  const old = segments.slice(choice.from, choice.to);
  const file = segmentPath(folder, lease);
  const rows = mergeSegments(
    old.map((segment) => segment.file),
    file,
  );
  await store.replaceSegments(
    lease,
    old.map(({ id }) => id),
    { file, rows },
  );
}

const FEW = 8;

/** Segments of this sync that an earlier lease wrote and the state does not name: merged ones, and those
 *  of processes that died before they could register them. Those of this lease stay until the next
 *  one, so that a `plan` that has just listed them can still read them. */
async function removeSegments(folder: string, lease: Lease, store: StateStore): Promise<void> {
  if (!existsSync(folder)) return;
  const named = new Set<string>();
  for (const stream of await store.listStreams()) {
    for (const { file } of await store.listSegments(stream.id)) named.add(path.basename(file));
  }
  for (const name of readdirSync(folder)) {
    const writer = segmentLease(name);
    if (writer === null || writer.lockId !== lease.lockId) continue;
    if (writer.epoch < lease.epoch && !named.has(name)) rmSync(path.join(folder, name));
  }
}

/** Folders of runs that died before they were saved. Listed first and judged only while no other sync
 *  is at work: whoever made one of them before the listing has saved its run by then, or is dead. Not by a
 *  process that was taken over: its successor may be about to save one. Throws LEASE_LOST. */
async function removeRunFolders(folder: string, lease: Lease, store: StateStore): Promise<void> {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder).slice(-FOLDERS_LOOKED_AT_MAX);
  if ((await store.countLeases()) > 1) return;
  for (const name of names) {
    if ((await store.readRun(name)) === null) {
      await store.heartbeat(lease);
      rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

/** Names sort by time, and only young ones can be without a run: older ones were looked at before. */
const FOLDERS_LOOKED_AT_MAX = 50;
