import { mkdirSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { systemClock } from "../../engine/base/clock.ts";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import { newProject, type TestProject } from "../cli/test-project.ts";

/** Every way out: its exit code, and with --json exactly one document that agrees with it. */
let project: TestProject;

beforeAll(async () => {
  project = await newProject({
    shape:
      "objects: { Contact: { fields: { Key__c: { type: string, externalId: true, unique: true } } } }",
    files: {
      "good.csv": "key,name\na,Ada\nb,Bo\n",
      "bad.csv": "key,name\nc,Cy\nd,\n,Ed\n",
      "good.sync.yaml": spec("good", "good.csv"),
      "bad.sync.yaml": spec("bad", "bad.csv"),
      "guarded.sync.yaml": spec("guarded", "good.csv", "guards: { minSourceRows: 100 }"),
      "late.sync.yaml": spec("late", "good.csv", "pollTimeout: 1s").replace("Contact", "Account"),
      "held.sync.yaml": spec("held", "good.csv"),
    },
  });
});

function spec(name: string, file: string, more = ""): string {
  return `sync: ${name}
source: { files: ${file} }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name }
${more}
`;
}

async function expectWayOut(
  words: readonly string[],
  expected: { exitCode: number; code: string | null },
) {
  const outcome = await project.sluice(...words, "--json");
  const document = outcome.document();
  expect(outcome.exitCode).toBe(expected.exitCode);
  expect(document).toMatchObject({
    schemaVersion: 1,
    command: words[0],
    exitCode: expected.exitCode,
    ok: expected.exitCode === 0 || expected.exitCode === 2,
  });
  expect(document.error?.code ?? null).toBe(expected.code);
  if (document.error !== null) expect(document.error.message).toMatch(/[.)]$/);
  return { document, outcome };
}

test("0: validate", () => expectWayOut(["validate"], { exitCode: 0, code: null }));

test("0 and 2: a plan with changes", async () => {
  await expectWayOut(["plan", "good"], { exitCode: 0, code: null });
  await expectWayOut(["plan", "good", "--detailed-exitcode"], { exitCode: 2, code: null });
});

test("0: a run, and its document", async () => {
  const { document } = await expectWayOut(["run", "good"], { exitCode: 0, code: null });
  const [run] = document.data.runs;
  expect(run).toMatchObject({
    sync: "good",
    org: "test",
    state: "succeeded",
    counts: { source: 2, sent: 2, succeeded: 2, created: 2, failed: 0 },
    files: { failed: null, invalid: null },
    error: null,
  });
  expect(run.jobs).toEqual([
    { id: expect.stringMatching(/^750/), state: "JobComplete", rows: 2, failed: 0 },
  ]);
  expect(run.apiCalls).toBeGreaterThan(4);
});

test.concurrent.each([
  ["an unknown flag", ["run", "--nonsense"], "USAGE"],
  ["an unknown command", ["nonsense"], "USAGE"],
  ["an unknown sync", ["plan", "goood"], "CONFIG_SYNC_UNKNOWN"],
  ["an unknown org", ["plan", "good", "--org", "tset"], "USAGE"],
  ["an unknown run", ["show", "20260101-000000-none"], "RUN_UNKNOWN"],
  ["no config", ["validate", "--config", "nowhere.yaml"], "CONFIG_NOT_FOUND"],
] as const)("3: %s", async (_, words, code) => {
  await expectWayOut(words, { exitCode: 3, code });
});

test("3: a bad spec names file, line and column, and what was meant", async () => {
  project.write("typo.sync.yaml", spec("typo", "good.csv").replace("LastName", "LastNmae"));
  const { document } = await expectWayOut(["plan", "typo"], {
    exitCode: 3,
    code: "CHECK_FIELD_UNKNOWN",
  });
  expect(document.error?.diagnostics[0]).toMatchObject({
    file: "typo.sync.yaml",
    line: 4,
    hint: expect.stringContaining("LastName"),
  });
  project.write("typo.sync.yaml", spec("typo", "good.csv"));
});

test("4: rows that did not arrive, in invalid.csv and failed.csv", async () => {
  const { document } = await expectWayOut(["run", "bad"], { exitCode: 4, code: "RUN_ROWS_FAILED" });
  const [run] = document.data.runs;
  expect(run).toMatchObject({
    state: "partial",
    counts: { source: 3, invalid: 1, sent: 2, succeeded: 1, failed: 1 },
  });
  expect(project.readCsv(run.files.invalid)).toEqual([
    {
      key: "",
      name: "Ed",
      file: "bad.csv",
      line: "4",
      field: "Key__c",
      code: "KEY_EMPTY",
      reason: expect.stringMatching(/./),
    },
  ]);
  expect(project.readCsv(run.files.failed)).toEqual([
    {
      key: "d",
      name: "",
      file: "bad.csv",
      line: "3",
      code: "REQUIRED_FIELD_MISSING",
      message: expect.stringContaining("LastName"),
      jobId: run.jobs[0].id,
      note: "",
    },
  ]);
});

test("5: a wrong token, which is not shown", async () => {
  const running = await project.sluice("plan", "good", "--org", "locked-out", "--json");
  expect(running.exitCode).toBe(3);
  expect(running.document().error?.code).toMatch(/ENV/);
  process.env.WRONG_TOKEN = "00Dxx0000000001!not-a-session";
  try {
    const words = ["plan", "good", "--org", "locked-out"];
    const { outcome } = await expectWayOut(words, { exitCode: 5, code: "AUTH_EXPIRED" });
    expect(outcome.stdout + outcome.stderr).not.toContain("not-a-session");
  } finally {
    delete process.env.WRONG_TOKEN;
  }
});

test("6: a guard", async () => {
  const { document } = await expectWayOut(["run", "guarded"], { exitCode: 6, code: "RUN_GUARD" });
  expect(document.data.runs[0]).toMatchObject({
    state: "blocked",
    counts: { sent: 0, pending: 2 },
  });
});

test("6: a protected org, and with --approve", async () => {
  const words = ["run", "good", "--org", "guarded", "--full"];
  await expectWayOut(words, { exitCode: 6, code: "RUN_PROTECTED" });
  await expectWayOut([...words, "--approve"], { exitCode: 0, code: null });
});

test("7: a job that does not end in time; resume finishes it", async () => {
  project.write(
    "late.sync.yaml",
    `sync: late
source: { files: good.csv }
target: { object: Account, operation: insert }
mapping: { Name: name }
repeat: true
pollTimeout: 1s
`,
  );
  await project.org.faults([{ on: { job: { object: "Account" } }, do: { holdAfterRows: 0 } }]);
  const { document } = await expectWayOut(["run", "late"], { exitCode: 7, code: "RUN_IN_FLIGHT" });
  expect(document.data.runs[0]).toMatchObject({
    state: "inFlight",
    counts: { sent: 2, inFlight: 2 },
  });
  const status = await project.sluice("status");
  expect(status.stdout).toContain(`\n    sluice resume ${document.data.runs[0].runId}\n`);
  await project.org.faults([]);
  const resumed = await expectWayOut(["resume"], { exitCode: 0, code: null });
  expect(resumed.document.data.runs[0]).toMatchObject({
    runId: document.data.runs[0].runId,
    state: "succeeded",
    counts: { sent: 2, succeeded: 2, inFlight: 0 },
  });
  expect((await project.org.query("SELECT Id FROM Account")).length).toBe(2);
  const nothing = await expectWayOut(["resume"], { exitCode: 0, code: null });
  expect(nothing.document.data).toEqual({ runs: [] });
});

test("7: the next run finishes what is in flight before it begins", async () => {
  project.write("later.sync.yaml", spec("later", "good.csv", "pollTimeout: 1s"));
  await project.org.faults([{ on: { job: { object: "Contact" } }, do: { holdAfterRows: 0 } }]);
  await expectWayOut(["run", "later"], { exitCode: 7, code: "RUN_IN_FLIGHT" });
  const still = await expectWayOut(["run", "later"], { exitCode: 7, code: "RUN_IN_FLIGHT" });
  expect(still.document.data.runs).toHaveLength(1);
  expect(still.document.data.runs[0].jobs).toMatchObject([{ state: "UploadComplete" }]);
  // What is in flight is in no fingerprint yet, so an export would leave it out.
  await expectWayOut(["state", "export", "out"], { exitCode: 7, code: "RUN_IN_FLIGHT" });
  await project.org.faults([]);
  const { document } = await expectWayOut(["run", "later"], { exitCode: 0, code: null });
  expect(document.warnings[0]).toMatch(/was finished first: succeeded, 2 of 2 rows/);
  expect(document.data.runs[0]).toMatchObject({ state: "nothingToDo", counts: { unchanged: 2 } });
});

test("8: another run of the sync is at work", async () => {
  await expectWayOut(["plan", "held"], { exitCode: 0, code: null });
  const state = path.join(project.folder, ".sluice");
  mkdirSync(state, { recursive: true });
  const store = await openSqliteStore(state, systemClock);
  try {
    const stream = (await store.listStreams()).find(({ sync }) => sync === "held");
    const lease = await store.acquireLease(stream?.id ?? -1);
    const { document } = await expectWayOut(["run", "held"], { exitCode: 8, code: "LOCKED" });
    expect(document.data.runs[0]).toMatchObject({ state: "blocked", runId: null });
    await store.releaseLease(lease);
  } finally {
    store.close();
  }
});

test("serve prints one line and stops cleanly on SIGTERM", async () => {
  project.write("good.sync.yaml", spec("good", "good.csv", 'schedule: { cron: "0 3 1 1 *" }'));
  const serving = project.start("serve", "--json");
  expect(JSON.parse(await serving.firstLine())).toEqual({ serving: ["good"] });
  serving.child.kill("SIGTERM");
  const { exitCode, stdout, stderr } = await serving.ended;
  expect({ exitCode, lines: stdout.trim().split("\n").length }).toEqual({ exitCode: 0, lines: 1 });
  expect(stderr).toMatch(/stopped/);
});
