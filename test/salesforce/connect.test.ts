import { expect, test } from "vitest";
import {
  DATA,
  json,
  ORG_ID,
  refuse,
  startRig,
  text,
  tokenAnswer,
  USER_ID,
} from "./scripted-org.ts";

const organization = (row: Record<string, unknown>) =>
  json(200, { totalSize: 1, done: true, records: [{ attributes: {}, ...row }] });

test("nothing is sent before the org is asked something", async () => {
  const { server, org } = await startRig();
  expect(org.apiCalls).toBe(0);
  expect(server.seen).toEqual([]);
});

test("client credentials go to the org's own address as a form", async () => {
  const { server, org } = await startRig();
  server.on(`GET ${DATA}/limits`, json(200, {}));
  await org.limits();
  const [login] = server.requests("POST /services/oauth2/token");
  expect(login?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  expect(Object.fromEntries(new URLSearchParams(login?.body))).toEqual({
    grant_type: "client_credentials",
    client_id: "3MVG9.consumer.key",
    client_secret: "9E1F4C5D7ABCDEF0",
  });
});

test("requests carry the token, the client's name and go to the instance_url of the answer", async () => {
  const { server, org } = await startRig();
  const other = await startRig();
  server.on("POST /services/oauth2/token", tokenAnswer(7, { instance_url: other.server.url }));
  other.server.on(`GET ${DATA}/limits`, json(200, {}));
  await org.limits();
  const [seen] = other.server.seen;
  expect(seen?.headers.authorization).toBe(`Bearer ${ORG_ID}!T7.aaaaaaaaaaaaaaaa`);
  expect(seen?.headers["user-agent"]).toBe("sluice/0.1.0");
  expect(seen?.headers["sforce-call-options"]).toBe("client=sluice/0.1.0");
});

test("limits are read past the maps of single apps, and usage and calls are counted", async () => {
  const { server, org } = await startRig();
  server.on(
    `GET ${DATA}/limits`,
    json(
      200,
      {
        DailyApiRequests: { Max: 15000, Remaining: 14988, Workbench: { Max: 0, Remaining: 0 } },
        DailyBulkApiBatches: { Max: 15000, Remaining: 15000 },
      },
      { "sforce-limit-info": "api-usage=677/15000" },
    ),
  );
  expect(await org.limits()).toEqual({
    DailyApiRequests: { Max: 15000, Remaining: 14988 },
    DailyBulkApiBatches: { Max: 15000, Remaining: 15000 },
  });
  expect(org.apiUsage).toEqual({ used: 677, max: 15000 });
  expect(org.apiCalls).toBe(2);
});

test("limits that the user may not see are a permission matter", async () => {
  const { server, org } = await startRig();
  server.on(`GET ${DATA}/limits`, refuse(403, "FORBIDDEN", "You do not have access"));
  await expect(org.limits()).rejects.toMatchObject({ code: "SF_FORBIDDEN", exitCode: 5 });
});

test.each([
  ["production", { IsSandbox: false, OrganizationType: "Enterprise Edition" }, true],
  ["sandbox", { IsSandbox: true, OrganizationType: "Enterprise Edition" }, false],
  ["developer", { IsSandbox: false, OrganizationType: "Developer Edition" }, false],
])("identify: %s", async (_, row, production) => {
  const { server, org } = await startRig();
  server.on(`GET ${DATA}/query`, organization({ Id: ORG_ID, ...row }));
  expect(await org.identify()).toEqual({
    orgId: ORG_ID,
    userId: USER_ID,
    username: null,
    instanceUrl: server.url,
    production,
  });
  await org.identify();
  expect(server.requests("POST /services/oauth2/token")).toHaveLength(1);
  expect(server.requests(`GET ${DATA}/query`)).toHaveLength(1);
});

test("identify: 15-character ids are lengthened, a refused Organization leaves production unknown", async () => {
  const { server, org } = await startRig();
  const id = `https://login.salesforce.com/id/${ORG_ID.slice(0, 15)}/${USER_ID.slice(0, 15)}`;
  server.on("POST /services/oauth2/token", tokenAnswer(1, { id }));
  server.on(`GET ${DATA}/query`, refuse(400, "INVALID_TYPE", "sObject type is not supported"));
  expect(await org.identify()).toMatchObject({ orgId: ORG_ID, userId: USER_ID, production: null });
});

test("identify: an access token asks userinfo", async () => {
  const { server, org } = await startRig({
    auth: { flow: "accessToken", accessToken: "T0-123456" },
  });
  server.on(
    "GET /services/oauth2/userinfo",
    json(200, {
      user_id: USER_ID,
      organization_id: ORG_ID,
      preferred_username: "ada@acme.example",
    }),
  );
  server.on(`GET ${DATA}/query`, organization({ Id: ORG_ID, IsSandbox: true }));
  expect(await org.identify()).toMatchObject({
    orgId: ORG_ID,
    userId: USER_ID,
    username: "ada@acme.example",
    production: false,
  });
});

test("identify: a token that may not read userinfo still finds the org's id", async () => {
  const { server, org } = await startRig({
    auth: { flow: "accessToken", accessToken: "T0-123456" },
  });
  server.on("GET /services/oauth2/userinfo", text(403, "Missing_OAuth_Token"));
  server.on(`GET ${DATA}/query`, organization({ Id: ORG_ID, IsSandbox: false }));
  expect(await org.identify()).toMatchObject({ orgId: ORG_ID, userId: "", production: true });
});

test("identify: a failure is not remembered", async () => {
  const { server, org } = await startRig();
  server.on("POST /services/oauth2/token", json(400, { error: "invalid_client" }), tokenAnswer(1));
  server.on(`GET ${DATA}/query`, organization({ Id: ORG_ID, IsSandbox: true }));
  await expect(org.identify()).rejects.toMatchObject({ code: "AUTH_CLIENT_UNKNOWN" });
  expect((await org.identify()).orgId).toBe(ORG_ID);
});

test("describe gives the answer as it came", async () => {
  const { server, org } = await startRig();
  server.on(`GET ${DATA}/sobjects/Contact/describe`, json(200, { name: "Contact" }));
  expect(await org.describe("Contact")).toEqual({ name: "Contact" });
});

const GONE = refuse(404, "NOT_FOUND", "The requested resource does not exist");
const OBJECTS = { sobjects: [{ name: "Contact" }, { name: "Invoice__c" }] };

test.each([
  ["Contakt", json(200, OBJECTS), 'Did you mean "Contact"?'],
  ["invoice", json(200, OBJECTS), 'Did you mean "Invoice__c"?'],
  ["Zebra", json(200, OBJECTS), "custom objects end in __c"],
  ["Contakt", refuse(403, "FORBIDDEN", "no"), "custom objects end in __c"],
])("describe of an object that is not there: %s", async (name, list, hint) => {
  const { server, org } = await startRig();
  server.on(`GET ${DATA}/sobjects/${name}/describe`, GONE).on(`GET ${DATA}/sobjects`, list);
  await expect(org.describe(name)).rejects.toMatchObject({
    code: "DESCRIBE_NOT_FOUND",
    exitCode: 3,
    message: `The org has no object "${name}" that the connected user may see.`,
    hint: expect.stringContaining(hint),
    salesforceCode: "NOT_FOUND",
  });
});

test("a stranger's 404 does not mean that the object is unknown", async () => {
  const { server, org } = await startRig();
  server.on(`GET ${DATA}/sobjects/Contact/describe`, text(404, "<h1>nginx</h1>"));
  await expect(org.describe("Contact")).rejects.toMatchObject({ code: "SF_NOT_FOUND" });
});

test("a login page with status 200 is no answer of Salesforce", async () => {
  const { server, org } = await startRig();
  server.on(`GET ${DATA}/limits`, text(200, "<html><body><h1>Sign in</h1></body></html>"));
  await expect(org.limits()).rejects.toMatchObject({
    code: "SF_ANSWER",
    message: 'The answer to "read the org\'s limits" is not what Salesforce answers: Sign in',
  });
});

test.each(["301", "302", "307"])("a redirect (%s) is not followed", async (status) => {
  const { server, org } = await startRig();
  server.on(
    `GET ${DATA}/limits`,
    text(Number(status), "", { location: `${server.url}/elsewhere` }),
  );
  await expect(org.limits()).rejects.toMatchObject({ code: "SF_REDIRECTED" });
  expect(server.requests("GET /elsewhere")).toEqual([]);
});

test("an abort ends a request with the signal's reason", async () => {
  const { org } = await startRig();
  const stop = new AbortController();
  stop.abort(new Error("stopped by hand"));
  await expect(org.limits(stop.signal)).rejects.toThrow("stopped by hand");
});

test.each(["connection", "call"])("with two signals, that of the %s is enough", async (which) => {
  const stops = { connection: new AbortController(), call: new AbortController() };
  const { server, org } = await startRig({ signal: stops.connection.signal });
  server.on(`GET ${DATA}/limits`, json(200, {}));
  expect(await org.limits(stops.call.signal)).toEqual({});
  const stop = which === "call" ? stops.call : stops.connection;
  server.on(`GET ${DATA}/limits`, { send: () => stop.abort(new Error(`stopped by the ${which}`)) });
  await expect(org.limits(stops.call.signal)).rejects.toThrow(`stopped by the ${which}`);
  await expect(org.limits(stops.call.signal)).rejects.toThrow(`stopped by the ${which}`);
});
