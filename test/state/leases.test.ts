import { hostname } from "node:os";
import path from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { type ProcessIdentity, thisProcess } from "../../engine/state/process-identity.ts";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import type { StateStore } from "../../engine/state/state-store.ts";
import { type HandClock, handClock } from "../run/hand-clock.ts";
import { stateFolder } from "../run/hand-run.ts";

const KEY = { orgId: "00D000000000001AAA", object: "Contact", keyField: "Id" };
const upserts = { ...KEY, sync: "contacts", operation: "upsert" };

/** A state folder, and processes that share it. */
function shared(clock: HandClock = handClock()) {
  const folder = stateFolder();
  const open = (identity: Partial<ProcessIdentity> = {}) =>
    openSqliteStore(folder, clock, { ...thisProcess(), ...identity });
  return { open, clock, folder };
}

async function streamOf(store: StateStore): Promise<number> {
  return (await store.openStream(upserts)).id;
}

test("a second process is told who holds the lease: exit 8", async () => {
  const { open } = shared();
  const [first, second] = [open(), open()];
  await first.acquireLease(await streamOf(first));
  const error = await second
    .acquireLease(await streamOf(second))
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "LOCKED", exitCode: 8 });
  expect(String(error)).toContain(`Process ${process.pid} on ${hostname()}`);
});

test("two streams of one sync share its lease: the spec was edited meanwhile", async () => {
  const { open } = shared();
  const [first, second] = [open(), open()];
  await first.acquireLease(await streamOf(first));
  const deletes = await second.openStream({ ...upserts, operation: "delete" });
  await expect(second.acquireLease(deletes.id)).rejects.toMatchObject({ code: "LOCKED" });
  const elsewhere = await second.openStream({ ...upserts, orgId: "00D000000000002AAA" });
  await expect(second.acquireLease(elsewhere.id)).resolves.toMatchObject({ epoch: 1 });
});

test.each([
  ["its pid is gone", { pid: 2 ** 22 + 1, startedAt: "1" }],
  ["its pid belongs to a younger process", { pid: process.pid, startedAt: "another" }],
  ["the machine was started again", { bootId: "an earlier boot" }],
])("a dead owner is taken over at once: %s", async (_name, identity) => {
  const { open, clock } = shared();
  const [dead, second] = [open(identity), open()];
  const lost = await dead.acquireLease(await streamOf(dead));
  const taken = await second.acquireLease(await streamOf(second));
  expect(taken.epoch).toBe(lost.epoch + 1);
  expect(clock.sleeps).toEqual([]);
  await expect(dead.heartbeat(lost)).rejects.toMatchObject({ code: "LEASE_LOST", exitCode: 8 });
  // It gives back what is no longer its own: nothing happens.
  await dead.releaseLease(lost);
  await second.heartbeat(taken);
});

const ELSEWHERE: readonly (readonly [string, Partial<ProcessIdentity>])[] = [
  ["another host", { host: "another-host" }],
  ["another container of this host", { bootId: `${thisProcess().bootId.split(" ")[0]} pid:[1]` }],
];

test.each(ELSEWHERE)(
  "%s: taken over after 60 s of silence by our own clock",
  async (_name, identity) => {
    const { open, clock } = shared();
    const [far, second] = [open(identity), open()];
    const lost = await far.acquireLease(await streamOf(far));
    const taken = await second.acquireLease(await streamOf(second));
    expect(taken.epoch).toBe(lost.epoch + 1);
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
  },
);

test.each(ELSEWHERE)("%s: a heartbeat within 60 s keeps it", async (_name, identity) => {
  const { open, clock } = shared();
  const [far, second] = [open(identity), open()];
  const lease = await far.acquireLease(await streamOf(far));
  const sleep = clock.sleep.bind(clock);
  let slept = 0;
  clock.sleep = async (ms, signal) => {
    slept += ms;
    if (slept === 58_000) await far.heartbeat(lease);
    return sleep(ms, signal);
  };
  await expect(second.acquireLease(await streamOf(second))).rejects.toMatchObject({
    code: "LOCKED",
  });
  expect(slept).toBeLessThanOrEqual(60_000);
});

test("a wall clock that jumps makes nobody dead or alive", async () => {
  const { open, clock } = shared();
  const [far, second] = [open({ host: "another-host" }), open()];
  await far.acquireLease(await streamOf(far));
  clock.jump(-86_400_000);
  const sleep = clock.sleep.bind(clock);
  clock.sleep = async (ms, signal) => {
    clock.jump(3_600_000);
    return sleep(ms, signal);
  };
  await second.acquireLease(await streamOf(second));
  expect(clock.sleeps).toHaveLength(30);
});

test("waiting for another host ends when the user says so", async () => {
  const { open, clock } = shared();
  const [far, second] = [open({ host: "another-host" }), open()];
  await far.acquireLease(await streamOf(far));
  const controller = new AbortController();
  const sleep = clock.sleep.bind(clock);
  clock.sleep = async (ms, signal) => {
    controller.abort(new Error("Ctrl-C"));
    return sleep(ms, signal);
  };
  const waiting = second.acquireLease(await streamOf(second), controller.signal);
  await expect(waiting).rejects.toThrow("Ctrl-C");
});

test("of two processes that take over at once, one gets it", async () => {
  const { open } = shared();
  const far = open({ host: "another-host" });
  await far.acquireLease(await streamOf(far));
  const takers = [open(), open()];
  const id = await streamOf(far);
  const results = await Promise.allSettled(takers.map((store) => store.acquireLease(id)));
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test.each([
  ["took it over", "update leases set epoch = epoch + 1, owner = 'x'"],
  ["showed a sign of life", "update leases set heartbeat = heartbeat + 1"],
])("whoever %s between the look and the write keeps it", async (_name, meanwhile) => {
  const { open, folder } = shared();
  const [dead, second] = [open({ bootId: "an earlier boot" }), open()];
  const id = await streamOf(dead);
  await dead.acquireLease(id);
  const prepare = Database.prototype.prepare;
  Database.prototype.prepare = function late(this: InstanceType<typeof Database>, sql: string) {
    if (sql.includes("insert into leases")) {
      Database.prototype.prepare = prepare;
      const other = new Database(path.join(folder, "state.db"));
      other.exec(meanwhile);
      other.close();
    }
    return prepare.call(this, sql);
  } as typeof prepare;
  try {
    await expect(second.acquireLease(id)).rejects.toMatchObject({ code: "LOCKED" });
  } finally {
    Database.prototype.prepare = prepare;
  }
});

test("a process that could not give a lease back takes it again, but not from its own run", async () => {
  const { open } = shared();
  const store = open();
  const id = await streamOf(store);
  await store.acquireLease(id);
  await expect(store.acquireLease(id)).rejects.toMatchObject({ code: "LOCKED" });
});

test("every write of a lost lease is refused, and writes nothing", async () => {
  const { open } = shared();
  const [first, second] = [open({ bootId: "an earlier boot" }), open()];
  const id = await streamOf(first);
  const lost = await first.acquireLease(id);
  const run = { ...RUN, streamId: id };
  await first.createRun(lost, run);
  const chunk = {
    runId: "r1",
    index: 0,
    round: 0,
    kind: "first",
    rows: 1,
    bytes: 1,
    digest: "d",
  } as const;
  await first.addChunks(lost, [chunk]);
  await second.acquireLease(id);
  await expect(first.saveReading(lost, {})).rejects.toMatchObject({ code: "LEASE_LOST" });
  const before = [await second.readRun("r1"), await second.listChunks("r1")];
  const refused = { code: "LEASE_LOST" };
  await expect(first.createRun(lost, { ...run, id: "r2" })).rejects.toMatchObject(refused);
  await expect(first.updateRun(lost, "r1", { ended: true })).rejects.toMatchObject(refused);
  await expect(first.addChunks(lost, [{ ...chunk, index: 1 }])).rejects.toMatchObject(refused);
  await expect(first.saveChunk(lost, chunk, { phase: "opened" })).rejects.toMatchObject(refused);
  await expect(first.settleChunk(lost, chunk, SETTLEMENT)).rejects.toMatchObject(refused);
  const merger = { file: "f", rows: 1 };
  await expect(first.replaceSegments(lost, [1], merger)).rejects.toMatchObject(refused);
  await expect(first.forgetStream(lost)).rejects.toMatchObject(refused);
  expect([await second.readRun("r1"), await second.listChunks("r1")]).toEqual(before);
});

const RUN = {
  id: "r1",
  sync: "contacts",
  org: "test",
  orgId: KEY.orgId,
  command: "run",
  folder: "/nowhere",
  plan: {},
  startedAt: "2026-03-01T10:00:00Z",
};

const SETTLEMENT = {
  counts: {
    succeeded: 1,
    created: 1,
    updated: 0,
    deleted: 0,
    failed: 0,
    unprocessed: 0,
    unknown: 0,
    retryable: { failed: 0, unprocessed: 0 },
  },
  misses: null,
  segment: null,
  mappingDigest: "m",
  columns: [],
};

test("calls are counted with each phase that is saved: a crash does not forget them", async () => {
  const { open } = shared();
  const store = open();
  const id = await streamOf(store);
  const lease = await store.acquireLease(id);
  await store.createRun(lease, { ...RUN, streamId: id });
  const chunk = { runId: "r1", index: 0, round: 0, rows: 1, bytes: 1, digest: "d" } as const;
  await store.addChunks(lease, [{ ...chunk, kind: "first" }]);
  await store.saveChunk(lease, chunk, { phase: "opened" }, 7);
  expect(await store.readRun("r1")).toMatchObject({ apiCalls: 7 });
});
