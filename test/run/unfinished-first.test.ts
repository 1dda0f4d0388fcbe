import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import Database from "libsql";
import { afterEach, expect, test } from "vitest";
import type { Effect } from "./fake-org.ts";
import { asIs, type FlowPlace, inProcess, openPlace, runsOf } from "./flow-process.ts";
import { killAtNamed } from "./troubles.ts";

const open: FlowPlace[] = [];

afterEach(async () => {
  for (const place of open.splice(0)) await place.close();
});

const SPEC = `sync: contacts
source: { files: rows.csv }
target: { object: Contact, operation: upsert, externalId: ERP_Id__c }
mapping: { ERP_Id__c: key, LastName: name }
chunk: { maxRows: 2 }
parallelJobs: 1
`;

async function newPlace(spec = SPEC): Promise<FlowPlace> {
  const place = await openPlace(null);
  open.push(place);
  writeFileSync(path.join(place.folder, "contacts.sync.yaml"), spec);
  writeFileSync(path.join(place.folder, "rows.csv"), "key,name\na,Ann\nb,Bob\nc,Cy\nd,Dora\n");
  return place;
}

/** A run that was killed when its first chunk was closed. */
async function killed(place: FlowPlace): Promise<string> {
  const kill = killAtNamed("saveChunk", 3, "after");
  await Promise.race([inProcess(place, kill.effect, ["run"]), kill.death]);
  const [run] = await runsOf(place);
  expect(run).toMatchObject({ ended: false });
  return run?.id ?? "";
}

const SPENT = {
  on: { method: "GET", path: "**/jobs/ingest/750*", times: 500 },
  do: { apiLimit: true },
};

test("what is in flight still is not planned beside: run gives it back, and retry says what comes first", async () => {
  const place = await newPlace();
  const id = await killed(place);
  await place.org.faults([SPENT]);
  const reports = await inProcess(place, asIs, ["run"]);
  expect(reports).toMatchObject([{ runId: id, ended: false, error: { code: "SF_API_LIMIT" } }]);
  const [retried] = await inProcess(place, asIs, ["retry", id]);
  expect(retried?.error).toMatchObject({ code: "RUN_IN_FLIGHT", exitCode: 7 });
  expect((await runsOf(place)).map((run) => run.id)).toEqual([id]);
  await place.org.faults([]);
  const [next] = await inProcess(place, asIs, ["run"]);
  expect(next?.warnings[0]).toMatch(new RegExp(`${id}.* was finished first: succeeded, 4 of 4`));
  expect(next).toMatchObject({ state: "nothingToDo" });
  expect(await place.org.ledger()).toHaveLength(4);
});

test("calls of the process that died count too", async () => {
  const place = await newPlace();
  await killed(place);
  expect((await runsOf(place))[0]?.apiCalls).toBeGreaterThanOrEqual(3);
  const database = new Database(path.join(place.folder, ".sluice/state.db"));
  database.exec("update runs set api_calls = 1000");
  database.close();
  const [resumed] = await inProcess(place, asIs, ["resume"]);
  // At the least a look, and for the second chunk a create, an upload, a close and a look.
  expect(resumed?.apiCalls).toBeGreaterThanOrEqual(1005);
  expect((await runsOf(place))[0]?.apiCalls).toBe(resumed?.apiCalls);
});

test("a run is finished in no other org than its own", async () => {
  const [place, other] = [await newPlace(), await newPlace()];
  await killed(place);
  const elsewhere = { ...place, org: other.org };
  await expect(inProcess(elsewhere, asIs, ["resume"])).rejects.toMatchObject({
    code: "ORG_CHANGED",
    exitCode: 7,
  });
  expect(await other.org.ledger()).toEqual([]);
  const [resumed] = await inProcess(place, asIs, ["resume"]);
  expect(resumed).toMatchObject({ state: "succeeded" });
  expect(await place.org.ledger()).toHaveLength(4);
});

test("mirror deletes nothing after a run that did not send all it had planned", async () => {
  const place = await newPlace(`${SPEC}mirror: true\nguards: { maxDeletes: 9 }\n`);
  await inProcess(place, asIs, ["run"]);
  const source = path.join(place.folder, "rows.csv");
  writeFileSync(source, "key,name\na,Anne\nb,Rob\nc,Cyd\n");
  const vanish: Effect = async (name, act) => {
    const result = await act();
    if (name === "createRun") rmSync(source, { force: true });
    return result;
  };
  const reports = await inProcess(place, vanish, ["run"]);
  expect(reports).toMatchObject([{ state: "partial", ended: true, error: { exitCode: 7 } }]);
  expect(await place.org.query("SELECT Id FROM Contact")).toHaveLength(4);
});
