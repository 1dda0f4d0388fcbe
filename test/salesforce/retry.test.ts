import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { expect, test } from "vitest";
import { connectOrg } from "../../engine/salesforce/connect.ts";
import { retryAfterMs, waitBefore } from "../../engine/salesforce/retry-policy.ts";
import { handClock } from "./hand-clock.ts";
import {
  cutOff,
  cutOffChunked,
  DATA,
  hang,
  hangInBody,
  html503,
  json,
  refuse,
  reset,
  resetEarly,
  startRig,
  text,
} from "./scripted-org.ts";
import { tempFolder } from "./temp-folder.ts";

const LIMITS = `GET ${DATA}/limits`;
const good = json(200, {});

test.each([
  ["420", text(420, ""), 1],
  ["429", text(429, ""), 3],
  ["500", text(500, ""), 3],
  ["502", text(502, "<h1>Bad Gateway</h1>"), 3],
  ["503 with HTML", html503, 3],
  ["504", text(504, ""), 3],
  ["reset after the request", reset, 3],
  ["reset before it was read", resetEarly, 3],
  ["body cut off", cutOff('{"a":1}', 3), 3],
  ["chunked body cut off", cutOffChunked('{"a":'), 3],
  [
    "too many at once",
    refuse(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests Limit exceeded."),
    2,
  ],
])("GET is sent again after %s", async (_, bad, times) => {
  const { server, org, clock, events } = await startRig();
  server.on(LIMITS, ...Array(times).fill(bad), good);
  expect(await org.limits()).toEqual({});
  expect(server.requests(LIMITS)).toHaveLength(times + 1);
  expect(clock.sleeps).toEqual([500, 1000, 2000].slice(0, times));
  expect(events.filter(({ kind }) => kind === "retry" || kind === "throttled")).toHaveLength(times);
  expect(org.apiCalls).toBe(times + 2);
});

test("waits double up to 30 s, and half of each is jitter", () => {
  const waits = (random: number) =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => waitBefore(attempt, 8, null, random));
  expect(waits(1)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, null]);
  expect(waits(0)).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, null]);
});

test("after eight attempts the error says what came last", async () => {
  const { server, org } = await startRig();
  server.on(LIMITS, html503);
  await expect(org.limits()).rejects.toMatchObject({
    code: "SF_UNAVAILABLE",
    exitCode: 7,
    message: 'Org "prod" answered "read the org\'s limits" with 503 and said: Down for maintenance',
  });
  expect(server.requests(LIMITS)).toHaveLength(8);
});

test("420 is tried three times only", async () => {
  const { server, org } = await startRig();
  server.on(LIMITS, text(420, ""));
  await expect(org.limits()).rejects.toMatchObject({ code: "SF_UNAVAILABLE" });
  expect(server.requests(LIMITS)).toHaveLength(3);
});

test.each([
  ["seconds", { "retry-after": "7" }, 7000],
  [
    "a date, against the answer's own clock",
    { "retry-after": "Tue, 01 Dec 2026 10:00:30 GMT", date: "Tue, 01 Dec 2026 10:00:00 GMT" },
    30_000,
  ],
  ["nonsense", { "retry-after": "soon" }, 500],
])("429 with Retry-After as %s", async (_, headers, wait) => {
  const { server, org, clock } = await startRig();
  server.on(LIMITS, text(429, "", headers), good);
  await org.limits();
  expect(clock.sleeps).toEqual([wait]);
});

test.each([
  ["12", null, 12_000],
  [" 0 ", null, 0],
  ["Tue, 01 Dec 2026 10:00:30 GMT", null, 20_000],
  ["Tue, 01 Dec 2020 10:00:30 GMT", null, 0],
  ["never", "garbage", null],
  [null, null, null],
])("Retry-After %s, Date %s", (header, date, wait) => {
  const now = Date.parse("2026-12-01T10:00:10Z");
  expect(retryAfterMs(header, date, now)).toBe(wait);
});

test("asked to wait for an hour, it stops instead", async () => {
  const { server, org, clock } = await startRig();
  server.on(LIMITS, text(503, "", { "retry-after": "3600" }));
  await expect(org.limits()).rejects.toMatchObject({ code: "SF_UNAVAILABLE" });
  expect(clock.sleeps).toEqual([]);
});

test.each([
  ["no answer", hang],
  ["no body", hangInBody],
])("a connection that hangs (%s) is given up and tried again", async (_, bad) => {
  const { server, org } = await startRig({ timeouts: { headersMs: 150, bodyMs: 150 } });
  server.on(LIMITS, bad, good);
  expect(await org.limits()).toEqual({});
  expect(server.requests(LIMITS)).toHaveLength(2);
});

test("a connection that is never made is given up: nothing was sent", async () => {
  // It takes the connection and never says hello, so TLS waits.
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  const clock = handClock();
  const { port } = mute.address() as AddressInfo;
  const org = connectOrg(
    {
      name: "prod",
      instanceUrl: `https://127.0.0.1:${port}`,
      apiVersion: "61.0",
      auth: { flow: "accessToken", accessToken: "T0-123456" },
    },
    { clock, timeouts: { connectMs: 150 } },
  );
  await expect(org.limits()).rejects.toMatchObject({
    code: "SF_UNREACHABLE",
    message: expect.stringMatching(/timeout: 150ms/),
  });
  await org.close();
  mute.close();
});

test("an upload has its own, longer limit for the answer, and is given up after it, once", async () => {
  const timeouts = { headersMs: 60_000, uploadHeadersMs: 150 };
  const { server, org } = await startRig({ timeouts });
  server.on(`PUT ${DATA}/jobs/ingest`, hang);
  const file = path.join(await tempFolder(), "rows.csv");
  writeFileSync(file, "Id\n");
  await expect(org.ingest.uploadRows("750x", file)).rejects.toMatchObject({ code: "SF_NO_ANSWER" });
  expect(server.requests("PUT")).toHaveLength(1);
}, 20_000);

test("a hanging create is given up, once", async () => {
  const { server, org } = await startRig({ timeouts: { headersMs: 150 } });
  server.on(`POST ${DATA}/jobs/ingest`, hang);
  const job = {
    object: "Contact",
    operation: "insert",
    externalIdFieldName: null,
    assignmentRuleId: null,
  } as const;
  await expect(org.ingest.openJob(job)).rejects.toMatchObject({
    code: "SF_NO_ANSWER",
    exitCode: 7,
  });
  expect(server.requests(`POST ${DATA}/jobs/ingest`)).toHaveLength(1);
});

test("nobody listening: nothing was sent, and it says so", async () => {
  const { server, org } = await startRig({
    auth: { flow: "accessToken", accessToken: "T0-123456" },
  });
  server.stop();
  await expect(org.limits()).rejects.toMatchObject({
    code: "SF_UNREACHABLE",
    message: expect.stringContaining("ECONNREFUSED"),
    hint: expect.stringContaining("HTTPS_PROXY"),
  });
});

test("the daily quota is no reason to try again; the error says when calls come back", async () => {
  const { server, org, clock } = await startRig();
  const spent = { "sforce-limit-info": "api-usage=15000/15000" };
  const body = [{ errorCode: "REQUEST_LIMIT_EXCEEDED", message: "TotalRequests Limit exceeded." }];
  server.on(LIMITS, json(403, body, spent));
  await expect(org.limits()).rejects.toMatchObject({
    code: "SF_API_LIMIT",
    exitCode: 7,
    salesforceCode: "REQUEST_LIMIT_EXCEEDED",
    hint: "15000 of 15000 calls are used. Salesforce counts over the last 24 hours: calls become free again bit by bit, all of them by 2026-03-02 10:00 UTC at the latest. Then go on with\n    sluice resume",
  });
  expect(clock.sleeps).toEqual([]);
});

test.each([
  [403, "API_CURRENTLY_DISABLED", "API is disabled for this User", "SF_FORBIDDEN", 5],
  [
    403,
    "API_DISABLED_FOR_ORG",
    "API is not enabled for this Organization or Partner",
    "SF_FORBIDDEN",
    5,
  ],
  [403, "INSUFFICIENT_ACCESS", "insufficient access", "SF_FORBIDDEN", 5],
  [
    400,
    "FEATURENOTENABLED",
    "hardDelete operation requires special user profile permission",
    "SF_FORBIDDEN",
    5,
  ],
  [400, "EXCEEDEDQUOTA", "ApiBatchItems Limit exceeded", "SF_API_LIMIT", 7],
  [400, "INVALIDJOB", "InvalidJob : Unable to find object: Acount", "SF_REFUSED", 1],
  [404, "NOT_FOUND", "The requested resource does not exist", "SF_NOT_FOUND", 1],
  [401, "INVALID_AUTH_HEADER", "INVALID_AUTH_HEADER", "AUTH_REFUSED", 5],
])("%i %s is an error at once", async (status, errorCode, message, code, exitCode) => {
  const { server, org } = await startRig();
  server.on(LIMITS, refuse(status, errorCode, message));
  await expect(org.limits()).rejects.toMatchObject({ code, exitCode, salesforceCode: errorCode });
  expect(server.requests(LIMITS)).toHaveLength(1);
});

test("an abort ends a wait", async () => {
  const stop = new AbortController();
  const { server, org } = await startRig({ onEvent: () => stop.abort(new Error("stopped")) });
  server.on(LIMITS, html503);
  await expect(org.limits(stop.signal)).rejects.toThrow("stopped");
});
