import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  DATA,
  json,
  type Reply,
  refuse,
  reset,
  startRig,
  text,
  tokenAnswer,
} from "./scripted-org.ts";
import { tempFolder } from "./temp-folder.ts";

const LIMITS = `GET ${DATA}/limits`;
const TOKEN = "POST /services/oauth2/token";
const JOBS = `${DATA}/jobs/ingest`;
const expired = refuse(401, "INVALID_SESSION_ID", "Session expired or invalid");

/** Answers by the token that comes: the first login's session is over. */
const onlyNewToken: Reply = {
  send(response, seen) {
    const reply = seen.headers.authorization?.includes("!T1.") ? expired : json(200, {});
    reply.send(response, seen);
  },
};

test("an expired session is renewed once, and the request sent again", async () => {
  const { server, org, events } = await startRig();
  server.on(LIMITS, onlyNewToken);
  await org.limits();
  expect(server.requests(LIMITS).map(({ headers }) => headers.authorization?.slice(-19))).toEqual([
    "T1.aaaaaaaaaaaaaaaa",
    "T2.aaaaaaaaaaaaaaaa",
  ]);
  expect(events).toEqual([
    { kind: "login", flow: "clientCredentials", again: false },
    { kind: "login", flow: "clientCredentials", again: true },
  ]);
});

test("five requests at once share the first login and the renewal", async () => {
  const { server, org } = await startRig();
  server.on(LIMITS, onlyNewToken);
  await Promise.all([1, 2, 3, 4, 5].map(() => org.limits()));
  expect(server.requests(TOKEN)).toHaveLength(2);
  expect(server.requests(LIMITS)).toHaveLength(10);
});

test("a request whose old session is refused late uses the login that others made", async () => {
  const { server, org } = await startRig();
  let release = () => {};
  const late: Reply = {
    send(response, seen) {
      release = () => expired.send(response, seen);
    },
  };
  server.on(LIMITS, late, expired, json(200, {}));
  const first = org.limits();
  while (server.requests(LIMITS).length === 0) await new Promise(setImmediate);
  await org.limits();
  release();
  await first;
  expect(server.requests(TOKEN)).toHaveLength(2);
});

test("a session that is refused although it is new ends the request", async () => {
  const { server, org } = await startRig();
  server.on(LIMITS, expired);
  await expect(org.limits()).rejects.toMatchObject({ code: "AUTH_REFUSED", exitCode: 5 });
  expect(server.requests(LIMITS)).toHaveLength(2);
  expect(server.requests(TOKEN)).toHaveLength(2);
});

test.each([
  ["This session is not valid for use with the REST API", "scope"],
  ["Connected app is not attached to Agent", "agent"],
])("no new login for: %s", async (message, hint) => {
  const { server, org } = await startRig();
  server.on(LIMITS, refuse(401, "INVALID_SESSION_ID", message));
  await expect(org.limits()).rejects.toMatchObject({
    code: "AUTH_REFUSED",
    hint: expect.stringContaining(hint),
  });
  expect(server.requests(TOKEN)).toHaveLength(1);
});

test("a refused renewal is told to all who wait for it", async () => {
  const { server, org } = await startRig();
  server.on(
    TOKEN,
    tokenAnswer(1),
    json(400, { error: "invalid_grant", error_description: "expired access/refresh token" }),
  );
  server.on(LIMITS, expired);
  const ends = await Promise.allSettled([org.limits(), org.limits()]);
  for (const end of ends) {
    expect(end).toMatchObject({ status: "rejected", reason: { code: "AUTH_EXPIRED" } });
  }
});

test("create and close are sent again after 401, because they were not executed", async () => {
  const { server, org } = await startRig();
  server.on(`POST ${JOBS}`, expired, json(200, { id: "750x", state: "Open" }));
  server.on(`PATCH ${JOBS}/750x`, expired, json(200, { id: "750x", state: "UploadComplete" }));
  const job = {
    object: "Contact",
    operation: "insert",
    externalIdFieldName: null,
    assignmentRuleId: null,
  } as const;
  await org.ingest.openJob(job);
  await org.ingest.closeJob("750x");
  expect(server.requests(`POST ${JOBS}`)).toHaveLength(2);
  expect(server.requests(`PATCH ${JOBS}`)).toHaveLength(2);
});

test("an upload refused with 401 is not repeated; the next request logs in anew", async () => {
  const { server, org } = await startRig();
  const file = join(await tempFolder(), "rows.csv");
  await writeFile(file, "Id\n1\n");
  server.on(`PUT ${JOBS}/750x/batches`, expired);
  server.on(`PATCH ${JOBS}/750x`, json(200, {}));
  await expect(org.ingest.uploadRows("750x", file)).rejects.toMatchObject({
    code: "SF_REFUSED",
    salesforceCode: "INVALID_SESSION_ID",
  });
  await org.ingest.abortJob("750x");
  expect(server.requests(`PUT ${JOBS}`)).toHaveLength(1);
  expect(server.requests(`PATCH ${JOBS}`)[0]?.headers.authorization).toContain("!T2.");
});

test("an upload refused before its rows were read ends at once", async () => {
  const { server, org } = await startRig();
  const file = join(await tempFolder(), "rows.csv");
  await writeFile(file, Buffer.alloc(8_000_000, "x"));
  server.on(`PUT ${JOBS}/750x/batches`, { ...expired, early: true });
  await expect(org.ingest.uploadRows("750x", file)).rejects.toMatchObject({
    code: expect.stringMatching(/^SF_REFUSED$|^SF_NO_ANSWER$/),
  });
  expect(server.requests(`PUT ${JOBS}`)).toHaveLength(1);
});

test("401 in the middle of polling", async () => {
  const { server, org } = await startRig();
  const job = { id: "750x", state: "InProgress", numberRecordsProcessed: 200 };
  server.on(
    `GET ${JOBS}/750x`,
    json(200, job),
    expired,
    reset,
    json(200, { ...job, state: "JobComplete" }),
  );
  expect((await org.ingest.readJob("750x"))?.state).toBe("InProgress");
  expect((await org.ingest.readJob("750x"))?.state).toBe("JobComplete");
});

test("a 401 without a known body is no expired session", async () => {
  const { server, org } = await startRig();
  server.on(LIMITS, text(401, "<h1>Unauthorized</h1>"));
  await expect(org.limits()).rejects.toMatchObject({ code: "AUTH_REFUSED" });
  expect(server.requests(TOKEN)).toHaveLength(1);
});
