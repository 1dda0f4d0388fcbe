import { chmodSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { openDatabase } from "../../engine/state/open-database.ts";
import { SCHEMA_STEPS, SCHEMA_VERSION } from "../../engine/state/schema.ts";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import { handClock } from "../run/hand-clock.ts";
import { stateFolder } from "../run/hand-run.ts";

const open = (folder: string) => openSqliteStore(folder, handClock());
const KEY = { sync: "s", orgId: "o", object: "Contact", operation: "upsert", keyField: "Id" };

test("what is saved is synced to the disk: WAL, synchronous FULL", () => {
  const folder = stateFolder();
  // Of the connection itself: `synchronous` is no property of the file.
  const database = openDatabase(folder);
  expect(database.prepare("pragma journal_mode").get()).toMatchObject({ journal_mode: "wal" });
  expect(database.prepare("pragma synchronous").get()).toMatchObject({ synchronous: 2 });
  database.close();
});

test("a file of an older version is brought up to date, and keeps what it holds", async () => {
  const folder = stateFolder();
  const database = new Database(path.join(folder, "state.db"));
  database.exec(SCHEMA_STEPS[0] ?? "");
  database.exec("insert into meta values ('version', '1')");
  database.exec(
    "insert into streams values (1, 's', 'o', 'Contact', 'upsert', 'Id', 4, null, null)",
  );
  database.close();
  const store = open(folder);
  expect(await store.listStreams()).toMatchObject([{ sync: "s", serial: 4 }]);
  const lease = await store.acquireLease(1);
  const run = { id: "r", streamId: 1, sync: "s", org: "x", orgId: "o", command: "run", folder };
  await store.createRun(lease, { ...run, plan: {}, startedAt: "" });
  const chunk = {
    runId: "r",
    index: 0,
    round: 1,
    kind: "order",
    rows: 1,
    bytes: 1,
    digest: "",
  } as const;
  await store.addChunks(lease, [chunk]);
  expect(await store.listChunks("r")).toMatchObject([{ kind: "order", misses: null }]);
  store.close();
});

test("a file of a newer version is refused, untouched", () => {
  const folder = stateFolder();
  open(folder).close();
  const file = path.join(folder, "state.db");
  const database = new Database(file);
  database.exec(`update meta set value = '${SCHEMA_VERSION + 1}'; drop table segments`);
  database.close();
  expect(() => open(folder)).toThrow(
    expect.objectContaining({ code: "STATE_NEWER", hint: expect.stringMatching(/version/) }),
  );
  const after = new Database(file);
  expect(after.prepare("select name from sqlite_master where name = 'segments'").all()).toEqual([]);
  after.close();
});

test("a file that is no database is refused, and stays as it is", () => {
  const folder = stateFolder();
  const file = path.join(folder, "state.db");
  writeFileSync(file, "this is no database, and long enough to be taken for one ".repeat(100));
  const before = readFileSync(file, "utf8");
  expect(() => open(folder)).toThrow(expect.objectContaining({ code: "STATE_CORRUPT" }));
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("a damaged file says so when it is read", async () => {
  const folder = stateFolder();
  const store = open(folder);
  for (let i = 0; i < 300; i++) await store.openStream({ ...KEY, sync: `sync-${i}` });
  store.close();
  const file = path.join(folder, "state.db");
  const database = new Database(file);
  database.prepare("pragma wal_checkpoint(truncate)").all();
  database.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4096);
  writeFileSync(file, bytes);
  expect(() => open(folder)).toThrow(
    expect.objectContaining({ code: "STATE_CORRUPT", hint: expect.stringMatching(/backup/) }),
  );
});

test("an empty state file beside fingerprints is no first run", () => {
  const folder = stateFolder();
  open(folder).close();
  mkdirSync(path.join(folder, "fingerprints"));
  writeFileSync(path.join(folder, "fingerprints", "1-1-x.seg"), "");
  open(folder).close();
  truncateSync(path.join(folder, "state.db"));
  expect(() => open(folder)).toThrow(
    expect.objectContaining({
      code: "STATE_CORRUPT",
      message: expect.stringMatching(/missing or empty/),
    }),
  );
});

test.each([
  [
    "a file stands where the folder should be",
    (folder: string) => {
      writeFileSync(path.join(folder, "state"), "");
      return path.join(folder, "state");
    },
  ],
  ["the folder can't be made", () => "/proc/sluice-state"],
])("%s: STATE_UNUSABLE, with what to do", (_name, make) => {
  const folder = make(stateFolder());
  expect(() => open(folder)).toThrow(
    expect.objectContaining({ code: "STATE_UNUSABLE", hint: expect.stringMatching(/--state/) }),
  );
});

test("a folder that may only be read: the first write says so, and the state stays as it is", async () => {
  const folder = stateFolder();
  const store = open(folder);
  await store.openStream(KEY);
  store.close();
  chmodSync(folder, 0o555);
  const written = asNobody(() => {
    const readOnly = open(folder);
    return readOnly.openStream({ ...KEY, sync: "another" }).finally(() => readOnly.close());
  });
  await expect(written).rejects.toMatchObject({
    code: "STATE_UNUSABLE",
    message: expect.stringMatching(/readonly/),
    hint: expect.stringMatching(/Make the folder writable/),
  });
  chmodSync(folder, 0o755);
  const again = open(folder);
  expect(await again.listStreams()).toMatchObject([KEY]);
  again.close();
});

/** Modes stop nobody who is root. */
function asNobody<T>(act: () => T): T {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test("a full disk refuses the write, and what was saved before is there", async () => {
  const folder = stateFolder();
  const store = open(folder);
  await store.openStream(KEY);
  store.close();
  const full = openWithPages(folder);
  await expect(full).rejects.toMatchObject({
    code: "STATE_UNUSABLE",
    message: expect.stringMatching(/the disk is full/),
  });
  const again = open(folder);
  expect((await again.listStreams())[0]).toMatchObject(KEY);
  again.close();
});

/** Fills the database as a full disk would: SQLite may not take another page. */
async function openWithPages(folder: string): Promise<void> {
  const pragma = Database.prototype.pragma;
  Database.prototype.pragma = function limited(source: string) {
    if (source.startsWith("cache_size")) pragma.call(this, "max_page_count = 1");
    return pragma.call(this, source);
  };
  const store = open(folder);
  Database.prototype.pragma = pragma;
  try {
    for (let i = 0; i < 2_000; i++) await store.openStream({ ...KEY, sync: `sync-${i}` });
  } finally {
    store.close();
  }
}
