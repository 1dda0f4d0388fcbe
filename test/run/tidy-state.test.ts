import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { emptyFingerprints } from "../../engine/delta/fingerprints.ts";
import { openSegment } from "../../engine/delta/segment-file.ts";
import { writeSegment } from "../../engine/delta/segment-writer.ts";
import { segmentPath } from "../../engine/run/segment-names.ts";
import type { Lease, StateStore } from "../../engine/state/state-store.ts";
import type { EngineDeps } from "../../engine/sync/engine-deps.ts";
import { tidyState } from "../../engine/sync/tidy-state.ts";
import { handClock } from "./hand-clock.ts";
import { digest, openStore, stateFolder } from "./hand-run.ts";

/** A stream with so many segments of one key each, under a lease. */
async function withSegments(count: number) {
  const folder = stateFolder();
  const store = openStore(folder, handClock(), async (_name, act) => act());
  const key = { sync: "s", orgId: "o", object: "Contact", operation: "upsert", keyField: "Id" };
  const { id } = await store.openStream(key);
  let lease = await store.acquireLease(id);
  await store.createRun(lease, runRow("run-1", id, folder));
  for (let i = 0; i < count; i++) await addSegment(store, lease, folder, i);
  await store.releaseLease(lease);
  lease = await store.acquireLease(id);
  const deps = { store, project: { stateFolder: folder } } as unknown as EngineDeps;
  return { folder, store, lease, deps, id, prints: path.join(folder, "fingerprints") };
}

function runRow(id: string, streamId: number, folder: string) {
  const names = { sync: "s", org: "x", orgId: "o", command: "run", plan: {}, startedAt: "" };
  return { id, streamId, folder, ...names };
}

async function addSegment(store: StateStore, lease: Lease, folder: string, i: number) {
  const prints = emptyFingerprints(1, ["A"]);
  prints.keys.set(digest(`key-${i}`));
  const file = segmentPath(path.join(folder, "fingerprints"), lease);
  writeSegment(file, prints);
  const chunk = {
    runId: "run-1",
    index: i,
    round: 0,
    kind: "first",
    rows: 1,
    bytes: 1,
    digest: "",
  } as const;
  await store.addChunks(lease, [chunk]);
  const none = { created: 0, updated: 0, deleted: 0, failed: 0, unprocessed: 0, unknown: 0 };
  const counts = { succeeded: 1, ...none, retryable: { failed: 0, unprocessed: 0 } };
  const segment = { file, rows: 1 };
  await store.settleChunk(lease, chunk, {
    counts,
    misses: null,
    segment,
    mappingDigest: "",
    columns: [],
  });
}

test("eight segments stay as they are", async () => {
  const { store, lease, deps, id } = await withSegments(8);
  await tidyState(lease, deps);
  expect(await store.listSegments(id)).toHaveLength(8);
});

test("nine are merged into one; the old files go with the next lease, not before", async () => {
  const { store, lease, deps, id, prints } = await withSegments(9);
  await tidyState(lease, deps);
  const [merged, ...others] = await store.listSegments(id);
  expect(others).toEqual([]);
  expect(merged?.rows).toBe(9);
  const segment = openSegment(merged?.file ?? "");
  expect(segment.count).toBe(9);
  segment.close();
  await store.releaseLease(lease);
  await tidyState(await store.acquireLease(id), deps);
  expect(readdirSync(prints)).toEqual([path.basename(merged?.file ?? "")]);
});

test("what a dead process left goes; what another lease may still register stays", async () => {
  const { store, lease, deps, id, prints } = await withSegments(1);
  const name = (lockId: number, epoch: number) =>
    path.basename(segmentPath(prints, { ...lease, lockId, epoch }));
  const [dead, own, other] = [name(1, lease.epoch - 1), name(1, lease.epoch), name(77, 1)];
  for (const file of [dead, `${dead}.tmp`, own, other, "notes.txt"]) {
    writeFileSync(path.join(prints, file), "");
  }
  await tidyState(lease, deps);
  const left = readdirSync(prints);
  expect(left).not.toContain(dead);
  expect(left).not.toContain(`${dead}.tmp`);
  expect(left).toEqual(expect.arrayContaining([own, other, "notes.txt"]));
  expect((await store.listSegments(id)).every(({ file }) => existsSync(file))).toBe(true);
});

test("a run's folder without a run goes, but not while another sync is at work", async () => {
  const { folder, store, lease, deps } = await withSegments(1);
  const runs = path.join(folder, "runs");
  for (const name of ["run-1", "run-9"]) mkdirSync(path.join(runs, name), { recursive: true });
  const key = { orgId: "o", object: "Contact", operation: "upsert", keyField: "Id" };
  const other = await store.openStream({ ...key, sync: "other" });
  const busy = await store.acquireLease(other.id);
  await tidyState(lease, deps);
  expect(readdirSync(runs)).toEqual(["run-1", "run-9"]);
  await store.releaseLease(busy);
  await tidyState(lease, deps);
  expect(readdirSync(runs)).toEqual(["run-1"]);
});

test("a process that was taken over removes no folder that its successor has not saved yet", async () => {
  const { folder, store, lease, deps, id } = await withSegments(1);
  const planned = path.join(folder, "runs", "run-of-the-successor");
  mkdirSync(planned, { recursive: true });
  const successor = openStore(folder, handClock(), async (_name, act) => act());
  await successor.acquireLease(id);
  await expect(tidyState(lease, deps)).rejects.toMatchObject({ code: "LEASE_LOST" });
  expect(existsSync(planned)).toBe(true);
  successor.close();
  store.close();
});
