import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { RunPlan } from "../../engine/plan/sync-plan.ts";
import { findRowsToRetry } from "../../engine/run/find-rows-to-retry.ts";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import { fakeOrg } from "./fake-org.ts";
import { asIs, type FlowPlace, inProcess, openPlace, runsOf } from "./flow-process.ts";
import { handClock } from "./hand-clock.ts";
import { goOn, type HandRun, stateFolder } from "./hand-run.ts";

const open: FlowPlace[] = [];

afterEach(async () => {
  for (const place of open.splice(0)) await place.close();
});

const SPEC = `sync: contacts
source: { files: rows.csv }
target: { object: Contact, operation: insert }
mapping: { LastName: name }
repeat: true
chunk: { maxRows: 2 }
parallelJobs: 1
retry: { rounds: 0 }
`;

/** Rows without a key, of a run whose first job ended before it began. */
async function afterFailedJob(): Promise<{ place: FlowPlace; runId: string }> {
  const place = await openPlace(null);
  open.push(place);
  writeFileSync(path.join(place.folder, "contacts.sync.yaml"), SPEC);
  writeFileSync(path.join(place.folder, "rows.csv"), "name\nAnn\nBob\nCy\nDora\n");
  const on = { job: { object: "Contact" }, nth: 1 };
  await place.org.faults([{ on, do: { failAfterRows: 0 } }]);
  const [report] = await inProcess(place, asIs, ["run"]);
  expect(report?.counts).toMatchObject({ sent: 4, succeeded: 2, unprocessed: 2 });
  return { place, runId: report?.runId ?? "" };
}

const names = async ({ org }: FlowPlace) =>
  (await org.query("SELECT LastName FROM Contact")).map((one) => one.LastName).sort();

test("a second retry sends no row without a key again", async () => {
  const { place, runId } = await afterFailedJob();
  const [first] = await inProcess(place, asIs, ["retry", runId]);
  expect(first).toMatchObject({ state: "succeeded", counts: { source: 2, succeeded: 2 } });
  const [second] = await inProcess(place, asIs, ["retry", runId]);
  expect(second).toMatchObject({ state: "nothingToDo", counts: { source: 0 } });
  expect(second?.warnings[0]).toMatch(/2 failed rows were left out/);
  expect(await names(place)).toEqual(["Ann", "Bob", "Cy", "Dora"]);
});

test("what a retry sent in vain is retried by its own name", async () => {
  const { place, runId } = await afterFailedJob();
  await place.org.faults([{ on: { job: { object: "Contact" } }, do: { failAfterRows: 0 } }]);
  const [vain] = await inProcess(place, asIs, ["retry", runId]);
  expect(vain?.counts).toMatchObject({ sent: 2, unprocessed: 2 });
  await place.org.faults([]);
  await inProcess(place, asIs, ["retry", vain?.runId ?? ""]);
  for (const { id } of await runsOf(place)) await inProcess(place, asIs, ["retry", id]);
  expect(await names(place)).toEqual(["Ann", "Bob", "Cy", "Dora"]);
});

test("a row of unknown fate is not for a retry: it may have been applied", async () => {
  const rows = [..."abcd"].map((key) => [key, "x"]);
  const change = { roundsMax: 0 };
  const run: HandRun = {
    operation: "insert",
    columns: ["Key__c", "Name"],
    rows,
    chunkRows: 4,
    change,
  };
  const org = fakeOrg("Key__c", {
    row: (key) => (key === "b" || key === "c" ? "INVALID_FIELD:no:--" : null),
    // What became of c is never told.
    results: (kind, own) => (kind === "failedResults" ? own.slice(0, 1) : own),
  });
  const folder = stateFolder();
  expect((await goOn(run, { org, folder })).counts).toMatchObject({ failed: 1, unknown: 1 });
  const store = openSqliteStore(folder, handClock());
  const [ended] = await store.listRuns({ limit: 1 });
  if (ended === undefined) throw new Error("no run");
  const found = await findRowsToRetry(ended, ended.plan as RunPlan, store);
  store.close();
  expect(found).toMatchObject({ toSend: [{ chunk: 0, row: 1 }], leftOut: [], unknown: 1 });
});
