import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { spawnEmulator } from "./emulator-process.ts";
import { API, type Client, client, localOrg, temporaryDir } from "./local-org.ts";

const ROWS = 3_000;

function orgYaml(dir: string): string {
  const file = path.join(dir, "org.yaml");
  writeFileSync(
    file,
    "objects: { Contact: { fields: { ERP_Id__c: { type: string, length: 40, externalId: true, unique: true } } } }",
  );
  return file;
}

function rows(prefix: string): string {
  const lines = Array.from({ length: ROWS }, (_, i) => `${prefix}-${i},Name ${i}\n`);
  return `ERP_Id__c,LastName\n${lines.join("")}`;
}

const UPSERT = { object: "Contact", operation: "upsert", externalIdFieldName: "ERP_Id__c" };

async function expectOnce(org: Client, jobs: readonly string[]): Promise<void> {
  for (const job of jobs) {
    const done = await org.finish(job);
    expect(done.json).toMatchObject({ state: "JobComplete", numberRecordsProcessed: ROWS });
    const applied = (await org.ledger(job)).map((entry) => entry.row);
    expect(applied).toEqual(Array.from({ length: ROWS }, (_, i) => i));
  }
}

test("killed again and again while jobs run, every row is applied exactly once", async () => {
  const dir = temporaryDir();
  const options = { dir, control: true, batchDelayMs: 3, orgShapeFiles: [orgYaml(dir)] };
  let process = await spawnEmulator(options);
  const jobs = [
    await process.org.load(UPSERT, rows("a")),
    await process.org.load({ object: "Contact", operation: "insert" }, rows("b")),
    await process.org.load(UPSERT, rows("a")),
  ];
  const { orgId, accessToken } = process.org.emulator;
  for (const moment of [0, 15, 40, 25, 60]) {
    await wait(moment);
    await process.kill();
    process = await spawnEmulator(options);
    expect(process.org.emulator).toMatchObject({ orgId, accessToken });
  }
  await expectOnce(process.org, jobs);
  expect(
    (await process.org.call("GET", `${API}/query?q=SELECT+COUNT()+FROM+Contact`)).json.totalSize,
  ).toBe(2 * ROWS);
  const text = await process.org.result(jobs[1] ?? "", "successfulResults");
  expect(text.split("\n")).toHaveLength(ROWS + 2);
  await process.kill();
});

test("two processes on one state folder share the jobs and apply each row once", async () => {
  const dir = temporaryDir();
  const options = { dir, control: true, batchDelayMs: 0, orgShapeFiles: [orgYaml(dir)] };
  const [one, two] = await Promise.all([spawnEmulator(options), spawnEmulator(options)]);
  expect(one.org.emulator.orgId).toBe(two.org.emulator.orgId);
  const jobs = await Promise.all([
    one.org.load(UPSERT, rows("a")),
    two.org.load(UPSERT, rows("b")),
    one.org.load(UPSERT, rows("c")),
    two.org.load(UPSERT, rows("c")),
  ]);
  await expectOnce(two.org, jobs);
  const [count] = await one.org.query(
    "SELECT COUNT(Id) n, COUNT_DISTINCT(ERP_Id__c) k FROM Contact",
  );
  expect(count).toMatchObject({ n: 3 * ROWS, k: 3 * ROWS });
  await Promise.all([one.kill(), two.kill()]);
});

test("closed in the middle of a job, the next start goes on with it", async () => {
  const dir = temporaryDir();
  const options = { dir, batchDelayMs: 5, orgShapeFiles: [orgYaml(dir)] };
  const first = await localOrg(options);
  const job = await first.load(UPSERT, rows("a"));
  const open = await first.call("POST", `${API}/jobs/ingest`, UPSERT);
  while ((await first.call("GET", `${API}/jobs/ingest/${job}`)).json.numberRecordsProcessed === 0) {
    await wait(1);
  }
  await first.emulator.close();
  const second = await localOrg(options);
  const going = await second.call("GET", `${API}/jobs/ingest/${job}`);
  expect(going.json.state).toBe("InProgress");
  expect(going.json.numberRecordsProcessed % 200).toBe(0);
  await expectOnce(second, [job]);
  expect((await second.call("GET", `${API}/jobs/ingest/${open.json.id}`)).json.state).toBe("Open");
  expect(client(second.emulator).emulator.accessToken).toBe(first.emulator.accessToken);
});
