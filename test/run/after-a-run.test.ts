import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { json, newScenario, type Scenario } from "../chaos/scenario.ts";

const open: Scenario[] = [];

afterEach(async () => {
  for (const scenario of open.splice(0)) await scenario.close();
});

/** A project that has run once: the row C-3 failed. */
async function afterOneRun() {
  const scenario = await newScenario("upsert");
  open.push(scenario);
  const { data, error } = await json(scenario, ["run"]);
  expect(error).toMatchObject({ code: "RUN_ROWS_FAILED" });
  return { scenario, runId: data.runs[0].runId as string };
}

test("why tells what became of a record that failed, and of one that arrived", async () => {
  const { scenario, runId } = await afterOneRun();
  const failed = (await json(scenario, ["why", "contacts", " c-3 "])).data;
  // Its job may have failed before it was its turn.
  expect(failed.sendings.at(-1)).toMatchObject({
    runId,
    file: "rows.csv",
    line: 5,
    outcome: "failed",
    code: "REQUIRED_FIELD_MISSING",
  });
  expect(failed).toMatchObject({
    state: "unknown",
    next: expect.stringMatching(/sluice run contacts/),
  });
  const arrived = (await json(scenario, ["why", "contacts", "C-8"])).data;
  expect(arrived.state).toBe("acknowledged");
  // It was locked the first time, and its job may have failed before that.
  expect(arrived.sendings.length).toBeGreaterThan(1);
  expect(arrived.sendings.at(-1)).toMatchObject({
    outcome: "succeeded",
    recordId: expect.stringMatching(/^003/),
  });
  const absent = (await json(scenario, ["why", "contacts", "nobody"])).data;
  expect(absent).toMatchObject({ state: "unknown", sendings: [], refusals: [] });
});

test("retry sends the failed rows as they were sent, whatever the source says by now", async () => {
  const { scenario, runId } = await afterOneRun();
  await scenario.org.faults([]);
  writeFileSync(path.join(scenario.folder, "rows.csv"), "key,name,account\n");
  const { data, exitCode } = await json(scenario, ["retry", runId]);
  expect(exitCode).toBe(0);
  expect(data.runs[0]).toMatchObject({
    state: "succeeded",
    counts: { source: 1, sent: 1, created: 1 },
  });
  expect(
    await scenario.org.query("SELECT LastName FROM Contact WHERE ERP_Id__c = 'C-3'"),
  ).toMatchObject([{ LastName: "New 3" }]);
  // It arrived: the same row is no longer sent.
  const again = await json(scenario, ["retry", runId]);
  expect(again.data.runs[0]).toMatchObject({ state: "nothingToDo", counts: { source: 0 } });
  const [{ runId: last }] = again.data.runs;
  const kept = readdirSync(path.join(scenario.folder, ".sluice", "runs", last));
  expect(kept).toEqual(["left-out.csv"]);
});

test("retry leaves out what a later run sent, and lists it", async () => {
  const { scenario, runId } = await afterOneRun();
  await scenario.org.faults([]);
  const rows = path.join(scenario.folder, "rows.csv");
  writeFileSync(rows, readFileSync(rows, "utf8").replace("New 3", "Newer 3"));
  await json(scenario, ["run"]);
  const { data, warnings } = await json(scenario, ["retry", runId]);
  expect(data.runs[0]).toMatchObject({ state: "nothingToDo", counts: { source: 0 } });
  const [warning = ""] = warnings;
  expect(warning).toMatch(/1 failed rows were left out/);
  const listed = readFileSync(warning.slice(warning.lastIndexOf(" ") + 1), "utf8");
  expect(listed).toMatch(/C-3,New 3/);
  expect(
    await scenario.org.query("SELECT LastName FROM Contact WHERE ERP_Id__c = 'C-3'"),
  ).toMatchObject([{ LastName: "Newer 3" }]);
});

test("retry leaves out what a later run found no longer wanted", async () => {
  const { scenario, runId } = await afterOneRun();
  await scenario.org.faults([]);
  writeFileSync(path.join(scenario.folder, "rows.csv"), "key,name,account\n");
  await json(scenario, ["run"]);
  const { data, warnings } = await json(scenario, ["retry", runId]);
  expect(data.runs[0]).toMatchObject({ state: "nothingToDo", counts: { source: 0 } });
  expect(warnings[0]).toMatch(/1 failed rows were left out/);
  expect(await scenario.org.query("SELECT Id FROM Contact WHERE ERP_Id__c = 'C-3'")).toEqual([]);
});

test("what only a resume needs is removed at a run's end; a run without files leaves no folder", async () => {
  const { scenario, runId } = await afterOneRun();
  const runs = path.join(scenario.folder, ".sluice", "runs");
  const kept = readdirSync(path.join(runs, runId));
  expect(kept).toContain("failed.csv");
  expect(kept.filter((file) => /decisions|ids|retried/.test(file))).toEqual([]);
  writeFileSync(path.join(scenario.folder, "rows.csv"), "key,name,account\n");
  const { data } = await json(scenario, ["run"]);
  expect(data.runs[0]).toMatchObject({ state: "nothingToDo" });
  expect(readdirSync(runs)).toEqual([runId]);
});

test("a run whose files were removed: why says that it could not look, retry what to do instead", async () => {
  const { scenario, runId } = await afterOneRun();
  rmSync(path.join(scenario.folder, ".sluice", "runs", runId), { recursive: true });
  const why = await json(scenario, ["why", "contacts", "C-8"]);
  expect(why).toMatchObject({ exitCode: 0, data: { state: "acknowledged", sendings: [] } });
  expect(why.warnings).toEqual([expect.stringContaining(runId)]);
  const retry = await json(scenario, ["retry", runId]);
  expect(retry).toMatchObject({ exitCode: 3, error: { code: "RUN_FILES_GONE" } });
  // The next run finds what failed in the source, and nothing else is sent again.
  await scenario.org.faults([]);
  const { data } = await json(scenario, ["run"]);
  expect(data.runs[0]).toMatchObject({ state: "succeeded", counts: { sent: 1 } });
});

test("a retry whose files were removed may have sent anything: the next leaves all out", async () => {
  const { scenario, runId } = await afterOneRun();
  const retried = await json(scenario, ["retry", runId]);
  const first = retried.data.runs[0];
  expect(first).toMatchObject({ state: "failed", counts: { sent: 1, failed: 1 } });
  rmSync(path.join(scenario.folder, ".sluice", "runs", first.runId), { recursive: true });
  const { data, warnings } = await json(scenario, ["retry", runId]);
  expect(data.runs[0]).toMatchObject({ state: "nothingToDo" });
  expect(warnings[0]).toMatch(/1 failed rows were left out/);
});

test("doctor finds nothing wrong with a sound project, and says what is wrong with another", async () => {
  const { scenario } = await afterOneRun();
  const sound = await json(scenario, ["doctor"]);
  expect(sound.exitCode).toBe(0);
  const names = sound.data.findings.map(({ name }: { name: string }) => name);
  expect(names).toEqual([
    "node",
    "config",
    "state",
    "disk",
    "login to test",
    "clock against test",
    "leftovers in test",
  ]);
  const refused = await json(scenario, ["doctor"], { TOKEN: "wrong" });
  expect(refused).toMatchObject({ exitCode: 5 });
  const login = refused.data.findings.find(
    ({ name }: { name: string }) => name === "login to test",
  );
  expect(login).toMatchObject({ ok: false, hint: expect.any(String) });
  const unusable = await json(scenario, ["doctor", "--state", "/proc/nowhere"]);
  expect(unusable).toMatchObject({ exitCode: 1, error: { code: "STATE_UNUSABLE" } });
});
