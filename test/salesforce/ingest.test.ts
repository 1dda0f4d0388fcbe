import { truncateSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { JobRequest } from "../../engine/salesforce/org.ts";
import {
  cutOff,
  DATA,
  html503,
  json,
  refuse,
  reset,
  resetEarly,
  startRig,
  text,
  tokenAnswer,
} from "./scripted-org.ts";
import { tempFolder } from "./temp-folder.ts";

const JOBS = `${DATA}/jobs/ingest`;
const ID = "750ak000009BWKLAA4";
const UPSERT: JobRequest = {
  object: "Contact",
  operation: "upsert",
  externalIdFieldName: "ERP_Id__c",
  assignmentRuleId: null,
};
/** The keys of a create's answer, in their recorded order. */
const OPENED = {
  id: ID,
  operation: "upsert",
  object: "Contact",
  createdById: "005ak000005hvjJAAQ",
  createdDate: "2026-03-01T10:00:00.000+0000",
  systemModstamp: "2026-03-01T10:00:00.000+0000",
  state: "Open",
  externalIdFieldName: "ERP_Id__c",
  concurrencyMode: "Parallel",
  contentType: "CSV",
  apiVersion: 61.0,
  contentUrl: `services/data/v61.0/jobs/ingest/${ID}/batches`,
  lineEnding: "LF",
  columnDelimiter: "COMMA",
};
const OPEN_INFO = {
  id: ID,
  object: "Contact",
  operation: "upsert",
  createdById: "005ak000005hvjJAAQ",
  createdDate: "2026-03-01T10:00:00.000+0000",
  state: "Open",
  numberRecordsProcessed: null,
  numberRecordsFailed: null,
  retries: null,
  errorMessage: null,
};

async function rowsFile(content: string): Promise<string> {
  const file = join(await tempFolder(), "rows.csv");
  await writeFile(file, content);
  return file;
}

test("a job is opened with its format written out", async () => {
  const { server, org } = await startRig();
  server.on(`POST ${JOBS}`, json(200, OPENED));
  expect(await org.ingest.openJob(UPSERT)).toEqual(OPEN_INFO);
  const [seen] = server.requests(`POST ${JOBS}`);
  expect(seen?.headers["content-type"]).toBe("application/json; charset=UTF-8");
  expect(JSON.parse(seen?.body ?? "")).toEqual({
    object: "Contact",
    operation: "upsert",
    externalIdFieldName: "ERP_Id__c",
    contentType: "CSV",
    columnDelimiter: "COMMA",
    lineEnding: "LF",
  });
});

test("an assignment rule goes to the job", async () => {
  const { server, org } = await startRig();
  server.on(`POST ${JOBS}`, json(200, OPENED));
  const assignmentRuleId = "01Q8d000000abcdEAA";
  await org.ingest.openJob({
    ...UPSERT,
    operation: "insert",
    externalIdFieldName: null,
    assignmentRuleId,
  });
  const body = JSON.parse(server.requests(`POST ${JOBS}`)[0]?.body ?? "");
  expect(body.assignmentRuleId).toBe(assignmentRuleId);
  expect(body).not.toHaveProperty("externalIdFieldName");
});

test.each([
  [
    "the list of jobs, from a POST turned GET",
    { done: true, records: [OPENED], nextRecordsUrl: null },
  ],
  ["an array", [OPENED]],
  ["a job in another state", { ...OPENED, state: "UploadComplete" }],
  ["null", null],
])("a create answered with %s opened nothing", async (_, answer) => {
  const { server, org } = await startRig();
  server.on(`POST ${JOBS}`, json(200, answer));
  await expect(org.ingest.openJob(UPSERT)).rejects.toMatchObject({
    code: "SF_ANSWER",
    hint: expect.stringContaining("POST into a GET"),
  });
});

test.each([
  ["reset", reset, "SF_NO_ANSWER"],
  ["reset early", resetEarly, "SF_NO_ANSWER"],
  ["cut off", cutOff(JSON.stringify(OPENED), 40), "SF_NO_ANSWER"],
  ["503 HTML", html503, "SF_UNAVAILABLE"],
  ["429", text(429, "", { "retry-after": "1" }), "SF_UNAVAILABLE"],
  ["400", refuse(400, "INVALIDJOB", "InvalidJob : Unable to find object: Contakt"), "SF_REFUSED"],
])("create, close and abort are sent once: %s", async (_, reply, code) => {
  const { server, org, clock } = await startRig();
  server.on(`POST ${JOBS}`, reply).on(`PATCH ${JOBS}`, reply);
  await expect(org.ingest.openJob(UPSERT)).rejects.toMatchObject({ code });
  await expect(org.ingest.closeJob(ID)).rejects.toMatchObject({ code });
  await expect(org.ingest.abortJob(ID)).rejects.toMatchObject({ code });
  expect(server.requests(`POST ${JOBS}`)).toHaveLength(1);
  expect(server.requests(`PATCH ${JOBS}`)).toHaveLength(2);
  expect(clock.sleeps).toEqual([]);
});

test("rows are streamed from the file, with their length, uncompressed", async () => {
  const { server, org } = await startRig();
  const content = `ERP_Id__c,LastName\n${'7,"Jørgensen, 渡辺"\n'.repeat(20_000)}`;
  server.on(`PUT ${JOBS}/${ID}/batches`, text(201, ""));
  await org.ingest.uploadRows(ID, await rowsFile(content));
  const [seen] = server.requests("PUT");
  expect(seen?.headers["content-type"]).toBe("text/csv; charset=UTF-8");
  expect(seen?.headers["content-length"]).toBe(String(Buffer.byteLength(content)));
  expect(seen?.headers).not.toHaveProperty("transfer-encoding");
  expect(seen?.headers).not.toHaveProperty("content-encoding");
  expect(seen?.body === content).toBe(true);
});

const TWICE =
  "Found multipe contents for job: <750ak000009BWKL>, please 'Close' / 'Abort' / 'Delete' the current Job";

test.each([
  ["200 instead of 201", text(200, ""), "SF_REFUSED"],
  ["a second upload", refuse(400, "INVALIDJOB", TWICE), "SF_REFUSED"],
  ["503", html503, "SF_UNAVAILABLE"],
  ["reset after it was stored", reset, "SF_NO_ANSWER"],
  ["reset before it was read", resetEarly, "SF_NO_ANSWER"],
])("an upload is never repeated: %s", async (_, reply, code) => {
  const { server, org, clock } = await startRig();
  server.on(`PUT ${JOBS}`, reply);
  const file = await rowsFile("Id\n".repeat(500_000));
  await expect(org.ingest.uploadRows(ID, file)).rejects.toMatchObject({ code });
  expect(server.requests("PUT")).toHaveLength(1);
  expect(clock.sleeps).toEqual([]);
});

test("a file that is not there is the disk's fault, and nothing is sent", async () => {
  const { server, org } = await startRig();
  await expect(org.ingest.uploadRows(ID, "/nowhere/rows.csv")).rejects.toMatchObject({
    code: "SF_FILE",
    message: expect.stringContaining("/nowhere/rows.csv"),
  });
  expect(server.seen).toEqual([]);
});

test("close and abort say just the state", async () => {
  const { server, org } = await startRig();
  server.on(`PATCH ${JOBS}/${ID}`, json(200, {}));
  await org.ingest.closeJob(ID);
  await org.ingest.abortJob(ID);
  expect(server.requests("PATCH").map(({ body }) => body)).toEqual([
    '{"state":"UploadComplete"}',
    '{"state":"Aborted"}',
  ]);
});

test("aborting a finished job is refused with Salesforce's words", async () => {
  const { server, org } = await startRig();
  server.on(
    `PATCH ${JOBS}`,
    refuse(400, "INVALIDJOBSTATE", "Aborting already Completed Job not allowed"),
  );
  await expect(org.ingest.abortJob(ID)).rejects.toMatchObject({
    code: "SF_REFUSED",
    salesforceCode: "INVALIDJOBSTATE",
    message: `Org "prod" answered "abort job ${ID}" with 400 INVALIDJOBSTATE and said: Aborting already Completed Job not allowed`,
  });
});

test.each([
  [
    "open, nothing uploaded",
    { ...OPENED, jobType: "V2Ingest", retries: 0 },
    { ...OPEN_INFO, retries: 0 },
  ],
  [
    "open, uploaded",
    { ...OPENED, numberRecordsProcessed: 0, numberRecordsFailed: 0, retries: 0 },
    { ...OPEN_INFO, numberRecordsProcessed: 0, numberRecordsFailed: 0, retries: 0 },
  ],
  [
    "failed",
    {
      ...OPENED,
      state: "Failed",
      numberRecordsProcessed: 0,
      numberRecordsFailed: 0,
      errorMessage: "InvalidBatch : Field name not found : X",
    },
    {
      ...OPEN_INFO,
      state: "Failed",
      numberRecordsProcessed: 0,
      numberRecordsFailed: 0,
      errorMessage: "InvalidBatch : Field name not found : X",
    },
  ],
])("a job is read: %s", async (_, answer, info) => {
  const { server, org } = await startRig();
  server.on(`GET ${JOBS}/${ID}`, html503, json(200, answer));
  expect(await org.ingest.readJob(ID)).toEqual(info);
});

test("a job that is gone is null; a stranger's 404 is not", async () => {
  const { server, org } = await startRig();
  server.on(
    `GET ${JOBS}/${ID}`,
    refuse(404, "NOT_FOUND", "The requested resource does not exist"),
    text(404, "<h1>nginx</h1>"),
    json(404, { error: "no route" }),
    json(200, { hello: "world" }),
  );
  expect(await org.ingest.readJob(ID)).toBeNull();
  for (let i = 0; i < 3; i++) {
    await expect(org.ingest.readJob(ID)).rejects.toMatchObject({ code: "SF_ANSWER" });
  }
});

test("all pages of the job list are read", async () => {
  const { server, org } = await startRig();
  const next = `${JOBS}?queryLocator=abc`;
  server.on(
    `GET ${JOBS}?jobType=V2Ingest`,
    json(200, { done: false, records: [OPENED], nextRecordsUrl: next }),
  );
  server.on(
    `GET ${next}`,
    html503,
    json(200, { done: true, records: [{ ...OPENED, id: "7502" }], nextRecordsUrl: null }),
  );
  expect((await org.ingest.listJobs()).map(({ id }) => id)).toEqual([ID, "7502"]);
});

test("a page on another host would carry the token away, and is refused", async () => {
  const { server, org } = await startRig();
  const nextRecordsUrl = "https://elsewhere.example/services/";
  server.on(`GET ${JOBS}`, json(200, { done: false, records: [], nextRecordsUrl }));
  await expect(org.ingest.listJobs()).rejects.toMatchObject({ code: "SF_ANSWER" });
});

test.each([
  ["deleted", text(204, "")],
  ["gone already", refuse(404, "NOT_FOUND", "The requested resource does not exist")],
])("delete, tried again after a reset: %s", async (_, reply) => {
  const { server, org } = await startRig();
  server.on(`DELETE ${JOBS}/${ID}`, reset, reply);
  await org.ingest.deleteJob(ID);
  expect(server.requests("DELETE")).toHaveLength(2);
});

test("a file that shrinks while it is sent fails the upload", async () => {
  const { server, org } = await startRig();
  const file = await rowsFile("x".repeat(5_000_000));
  server.on(`PUT ${JOBS}`, text(201, ""));
  server.on("POST /services/oauth2/token", {
    send(response, seen) {
      truncateSync(file, 1_000_000);
      tokenAnswer(1).send(response, seen);
    },
  });
  await expect(org.ingest.uploadRows(ID, file)).rejects.toMatchObject({ code: "SF_NO_ANSWER" });
});

test("a folder in place of the file is the disk's fault", async () => {
  const { server, org } = await startRig();
  server.on(`PUT ${JOBS}`, text(201, ""));
  await expect(org.ingest.uploadRows(ID, await tempFolder())).rejects.toMatchObject({
    code: "SF_FILE",
    message: expect.stringContaining("EISDIR"),
  });
});

test("an abort ends an upload in the middle", async () => {
  const { server, org } = await startRig();
  const stop = new AbortController();
  server.on(`PUT ${JOBS}`, { early: true, send: () => stop.abort(new Error("stopped by hand")) });
  const file = await rowsFile("x".repeat(20_000_000));
  await expect(org.ingest.uploadRows(ID, file, stop.signal)).rejects.toThrow("stopped by hand");
});

test("an abort does not wait for a login that hangs", async () => {
  const { server, org } = await startRig();
  const stop = new AbortController();
  server.on("POST /services/oauth2/token", {
    send: () => stop.abort(new Error("stopped by hand")),
  });
  await expect(org.limits(stop.signal)).rejects.toThrow("stopped by hand");
});
