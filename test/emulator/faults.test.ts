import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { API, type Client, localOrg, temporaryDir } from "./local-org.ts";

const INSERT = { object: "Account", operation: "insert" };
const JOBS = "**/jobs/ingest";

function names(count: number): string {
  return `Name\n${Array.from({ length: count }, (_, i) => `N${i}\n`).join("")}`;
}

async function open(org: Client): Promise<string> {
  return (await org.call("POST", `${API}/jobs/ingest`, INSERT)).json.id;
}

test("answers instead of the real ones, by occurrence", async () => {
  const org = await localOrg();
  await org.faults([
    { on: { method: "GET", path: "**/limits", nth: 1 }, do: { html: 503 } },
    { on: { method: "GET", path: "**/limits", nth: 2 }, do: { retryAfter: 7 } },
    {
      on: { method: "GET", path: "**/limits", nth: 3 },
      do: { retryAfter: { seconds: 7, asDate: true, status: 429 } },
    },
    { on: { method: "GET", path: "**/limits", nth: 4, times: 2 }, do: { apiLimit: true } },
    {
      on: { pattern: "/limits\\?x=1$" },
      do: { status: { status: 418, body: [{ errorCode: "TEA" }], headers: { "X-A": "b" } } },
    },
  ]);
  const get = async () => await org.call("GET", `${API}/limits`);
  const html = await get();
  expect([html.status, html.headers.get("content-type"), html.json]).toEqual([
    503,
    "text/html;charset=UTF-8",
    null,
  ]);
  expect((await get()).headers.get("retry-after")).toBe("7");
  const dated = await get();
  expect([dated.status, Date.parse(dated.headers.get("retry-after") ?? "") > Date.now()]).toEqual([
    429,
    true,
  ]);
  for (const _ of [4, 5]) {
    expect(await get()).toMatchObject({
      status: 403,
      text: '[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]',
    });
  }
  expect((await get()).status).toBe(200);
  const tea = await org.call("GET", `${API}/limits?x=1`);
  expect([tea.status, tea.json, tea.headers.get("x-a")]).toEqual([
    418,
    [{ errorCode: "TEA" }],
    "b",
  ]);
});

test("connections cut before, halfway and after the effect", async () => {
  const org = await localOrg();
  const path = `${JOBS}/*/batches`;
  for (const [when, stored] of [
    ["before", false],
    ["halfway", false],
    ["after", true],
  ] as const) {
    const id = await open(org);
    await org.faults([{ on: { method: "PUT", path }, do: { reset: when } }]);
    const body = names(50_000);
    await expect(org.call("PUT", `${API}/jobs/ingest/${id}/batches`, body)).rejects.toThrow();
    await org.faults([]);
    const info = await org.call("GET", `${API}/jobs/ingest/${id}`);
    expect("numberRecordsProcessed" in info.json).toBe(stored);
  }
});

test("a lost answer to the PATCH: the job runs all the same", async () => {
  const org = await localOrg();
  const id = await open(org);
  await org.call("PUT", `${API}/jobs/ingest/${id}/batches`, names(3));
  await org.faults([{ on: { method: "PATCH", path: `${JOBS}/*` }, do: { reset: "after" } }]);
  await expect(
    org.call("PATCH", `${API}/jobs/ingest/${id}`, { state: "UploadComplete" }),
  ).rejects.toThrow();
  expect((await org.finish(id)).json.numberRecordsProcessed).toBe(3);
});

test("sessions that end in the middle, and slow answers", async () => {
  const org = await localOrg();
  await org.faults([
    { on: { method: "POST", path: JOBS, nth: 1 }, do: { expireSession: true } },
    { on: { path: "**/limits" }, do: { delay: 30 } },
    { on: { path: "**/sobjects" }, do: { hang: true } },
  ]);
  const refused = await org.call("POST", `${API}/jobs/ingest`, INSERT);
  expect([refused.status, refused.json[0].errorCode]).toEqual([401, "INVALID_SESSION_ID"]);
  const started = Date.now();
  await org.call("GET", `${API}/limits`);
  expect(Date.now() - started).toBeGreaterThanOrEqual(29);
  const hanging = fetch(`${org.emulator.url}${API}/sobjects`, { signal: AbortSignal.timeout(50) });
  await expect(hanging).rejects.toThrow(/timeout/);
});

test("result sets: shuffled, cut, too short, 204 for nothing, blank under a header in other letters", async () => {
  const org = await localOrg();
  const id = await org.load(INSERT, "name,Phone\nA,1\nB,2\n,3\nC,4\n");
  await org.finish(id);
  const result = async (kind: string) => await org.call("GET", `${API}/jobs/ingest/${id}/${kind}`);
  const order = (text: string) =>
    [...text.matchAll(/"([ABC])"/g)].map((match) => match[1]).join("");
  expect(order((await result("successfulResults")).text)).toBe("ABC");
  const on = { path: "**/successfulResults" };
  await org.faults([{ on, do: { shuffle: true } }]);
  expect(order((await result("successfulResults")).text)).toBe("CBA");
  await org.faults([{ on, do: { short: 1 } }]);
  expect(order((await result("successfulResults")).text)).toBe("AB");
  await org.faults([{ on, do: { truncate: true } }]);
  await expect(result("successfulResults")).rejects.toThrow();
  await org.faults([{ on: { path: "**/unprocessedrecords" }, do: { empty204: true } }]);
  expect((await result("unprocessedrecords")).status).toBe(204);
  expect((await result("failedResults")).text).toContain('"","3"\n');
  await org.faults([{ on: { path: "**/failedResults" }, do: { blankHeaderCase: true } }]);
  const failing = await org.load(INSERT, `NAME,Phone\nX,${"9".repeat(41)}\n`);
  await org.finish(failing);
  expect(await org.result(failing, "failedResults")).toMatch(/,"","9{41}"\n$/);
});

test("a second PUT is refused; with the old behaviour it is the PATCH that fails", async () => {
  const org = await localOrg();
  const text = (id: string) =>
    `[{"errorCode":"INVALIDJOB","message":"Found multipe contents for job: <${id.slice(0, 15)}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job."}]`;
  const first = await open(org);
  const put = async (id: string) =>
    await org.call("PUT", `${API}/jobs/ingest/${id}/batches`, names(1));
  expect((await put(first)).status).toBe(201);
  expect(await put(first)).toMatchObject({ status: 400, text: text(first) });
  await org.faults([{ on: { method: "PUT" }, do: { secondPut: true } }]);
  const second = await open(org);
  expect([(await put(second)).status, (await put(second)).status]).toEqual([201, 201]);
  const patch = await org.call("PATCH", `${API}/jobs/ingest/${second}`, {
    state: "UploadComplete",
  });
  expect(patch).toMatchObject({ status: 400, text: text(second) });
});

test("rows that fail for the first attempts, by key, over several jobs", async () => {
  const org = await localOrg();
  await org.faults([
    {
      on: { job: { object: "Contact" } },
      do: { rowError: { code: "UNABLE_TO_LOCK_ROW", keys: ["a@b.co"], attempts: 2 } },
    },
  ]);
  const upsert = { object: "Contact", operation: "upsert", externalIdFieldName: "Email" };
  const failed: number[] = [];
  for (const _ of [1, 2, 3]) {
    const id = await org.load(upsert, "Email,LastName\na@b.co,A\nc@d.co,C\n");
    failed.push((await org.finish(id)).json.numberRecordsFailed);
    if (failed.length === 1) {
      expect(await org.result(id, "failedResults")).toContain(
        '"UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--","a@b.co","A"',
      );
    }
  }
  expect(failed).toEqual([1, 1, 0]);
  await org.faults([
    { on: { job: {} }, do: { rowError: { code: "API_TEMPORARILY_UNAVAILABLE", every: 3 } } },
  ]);
  const id = await org.load(INSERT, names(10));
  expect((await org.finish(id)).json.numberRecordsFailed).toBe(3);
});

test("batches that are tried again, jobs that fail or are aborted with rows committed", async () => {
  const org = await localOrg();
  await org.faults([
    { on: { job: {}, nth: 1 }, do: { requeueBatch: 2 } },
    {
      on: { job: {}, nth: 2 },
      do: {
        failAfterRows: {
          rows: 250,
          error: "TooManyLockFailure : Too many lock failure 200 Trying again later.",
        },
      },
    },
    { on: { job: {}, nth: 3 }, do: { abortAfterRows: 200 } },
    { on: { job: {}, nth: 4 }, do: { emptyFails: true } },
  ]);
  const requeued = await org.finish(await org.load(INSERT, names(500)));
  expect(requeued.json).toMatchObject({
    state: "JobComplete",
    retries: 2,
    numberRecordsProcessed: 500,
  });

  const id = await org.load(INSERT, names(300));
  const failed = await org.finish(id);
  expect(failed.json).toMatchObject({
    state: "Failed",
    numberRecordsProcessed: 250,
    errorMessage: expect.stringMatching(/Too many lock/),
  });
  expect((await org.result(id, "successfulResults")).split("\n")).toHaveLength(252);
  const rest = (await org.result(id, "unprocessedrecords")).split("\n");
  expect([rest.length, rest[0], rest[1]]).toEqual([52, "Name", '"N250"']);

  const aborted = await org.finish(await org.load(INSERT, names(300)));
  expect(aborted.json).toMatchObject({ state: "Aborted", numberRecordsProcessed: 200 });
  expect((await org.finish(await org.load(INSERT, "Name\n"))).json.state).toBe("Failed");
});

test("a held job shows its counters; aborting keeps what is committed", async () => {
  const org = await localOrg();
  await org.faults([{ on: { job: {} }, do: { holdAfterRows: 400 } }]);
  const id = await org.load(INSERT, names(1000));
  let info = await org.call("GET", `${API}/jobs/ingest/${id}`);
  while (info.json.numberRecordsProcessed < 400) {
    await wait(1);
    info = await org.call("GET", `${API}/jobs/ingest/${id}`);
  }
  expect(info.json).toMatchObject({
    state: "InProgress",
    numberRecordsProcessed: 400,
    totalProcessingTime: 0,
  });
  expect(info.json.apiActiveProcessingTime).toBeGreaterThan(0);
  const remove = await org.call("DELETE", `${API}/jobs/ingest/${id}`);
  expect([remove.status, remove.json[0].errorCode]).toEqual([400, "INVALIDJOBSTATE"]);
  expect(
    (await org.call("PATCH", `${API}/jobs/ingest/${id}`, { state: "Aborted" })).json.state,
  ).toBe("Aborted");
  expect((await org.query("SELECT Id FROM Account")).length).toBe(400);
  expect((await org.result(id, "unprocessedrecords")).split("\n")).toHaveLength(602);
  for (const [state, message] of [
    ["Aborted", "Aborting already aborted Job not allowed"],
    ["UploadComplete", "Closing already aborted Job not allowed"],
  ]) {
    const again = await org.call("PATCH", `${API}/jobs/ingest/${id}`, { state });
    expect([again.status, again.json]).toEqual([400, [{ errorCode: "INVALIDJOBSTATE", message }]]);
  }
});

test("a hold ends when the rule is taken away", async () => {
  const org = await localOrg();
  await org.faults([{ on: { job: {} }, do: { holdAfterRows: 0 } }]);
  const id = await org.load(INSERT, names(5));
  const state = async () => (await org.call("GET", `${API}/jobs/ingest/${id}`)).json.state;
  while ((await state()) !== "InProgress") await wait(1);
  await org.faults([]);
  expect((await org.finish(id)).json.numberRecordsProcessed).toBe(5);
});

test("a faults file, a field that disappears, and what a wrong rule is told", async () => {
  const file = path.join(temporaryDir(), "faults.yaml");
  writeFileSync(
    file,
    "faults:\n  - on: { path: '**/describe', nth: 2 }\n    do: { hideField: Birthdate }\n",
  );
  const org = await localOrg({ faults: file });
  const counts: number[] = [];
  for (const _ of [1, 2, 3]) {
    counts.push((await org.call("GET", `${API}/sobjects/Contact/describe`)).json.fields.length);
  }
  expect(counts).toEqual([59, 58, 59]);
  writeFileSync(file, "faults:\n  - do: { explode: 1 }\n");
  await expect(localOrg({ faults: file })).rejects.toThrow(
    /faults\.yaml: fault 1: there is no action "explode"/,
  );
  const refused = await org.call("PUT", "/__control/faults", {
    faults: [{ on: { job: {} }, do: { delay: 1 } }],
  });
  expect([refused.status, refused.json[0].message]).toEqual([
    400,
    expect.stringContaining("do.delay is for requests"),
  ]);
});

test("the control endpoint is not there unless asked for", async () => {
  const org = await localOrg({ control: false });
  for (const url of ["ledger", "org", "faults"]) {
    expect((await org.call("GET", `/__control/${url}`)).status).toBe(404);
  }
});
