import { createVerify, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import type { ResolvedAuth } from "../../engine/salesforce/connect.ts";
import { connectOrg } from "../../engine/salesforce/connect.ts";
import { defaultAudience } from "../../engine/salesforce/jwt-assertion.ts";
import { handClock } from "./hand-clock.ts";
import { DATA, html503, json, refuse, reset, startRig, text, tokenAnswer } from "./scripted-org.ts";

const TOKEN = "POST /services/oauth2/token";
const rsa = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const JWT: ResolvedAuth = {
  flow: "jwtBearer",
  clientId: "3MVG9.consumer.key",
  username: "ada@acme.example",
  privateKey: rsa.privateKey,
  audience: null,
};
const REFRESH: ResolvedAuth = {
  flow: "refreshToken",
  clientId: "PlatformCLI",
  clientSecret: null,
  refreshToken: "5Aep861.first.refresh.token",
};

const form = (body: string | undefined) => Object.fromEntries(new URLSearchParams(body));

test("jwtBearer signs with RS256, and exp is in seconds", async () => {
  const { server, org, clock } = await startRig({ auth: JWT });
  server.on(`GET ${DATA}/limits`, json(200, {}));
  await org.limits();
  const sent = form(server.requests(TOKEN)[0]?.body);
  expect(sent.grant_type).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
  const [head = "", claims = "", signature = ""] = sent.assertion?.split(".") ?? [];
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  expect(read(head)).toEqual({ alg: "RS256", typ: "JWT" });
  expect(read(claims)).toEqual({
    iss: "3MVG9.consumer.key",
    sub: "ada@acme.example",
    aud: "https://login.salesforce.com",
    exp: Math.floor(clock.now() / 1000) + 180,
  });
  const verify = createVerify("RSA-SHA256").update(`${head}.${claims}`);
  expect(verify.verify(rsa.publicKey, signature, "base64url")).toBe(true);
});

test("jwtBearer takes a key whose line ends were written out, and names the audience it is given", async () => {
  const privateKey = rsa.privateKey.replaceAll("\n", "\\n");
  const { server, org } = await startRig({
    auth: { ...JWT, privateKey, audience: "https://site.example" },
  });
  server.on(`GET ${DATA}/limits`, json(200, {}));
  await org.limits();
  const claims = form(server.requests(TOKEN)[0]?.body).assertion?.split(".")[1] ?? "";
  expect(JSON.parse(Buffer.from(claims, "base64url").toString()).aud).toBe("https://site.example");
});

test.each([
  ["garbage", "not a key", "can't be read"],
  [
    "an elliptic key",
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
      type: "pkcs8",
      format: "pem",
    }) as string,
    "of type ec",
  ],
])("jwtBearer: %s is refused before anything is sent", async (_, privateKey, message) => {
  const { server, org } = await startRig({ auth: { ...JWT, privateKey } });
  await expect(org.limits()).rejects.toMatchObject({
    code: "AUTH_KEY",
    message: expect.stringContaining(message),
  });
  expect(server.seen).toEqual([]);
});

test.each([
  ["https://acme.my.salesforce.com", "login"],
  ["https://login.salesforce.com", "login"],
  ["https://na139.salesforce.com", "login"],
  ["https://acme--dev.sandbox.my.salesforce.com", "test"],
  ["https://acme-dev-ed.scratch.my.salesforce.com", "test"],
  ["https://test.salesforce.com", "test"],
  ["https://cs42.salesforce.com", "test"],
  ["https://acme--uat.cs101.my.salesforce.com", "test"],
])("the audience of %s is %s", (url, host) => {
  expect(defaultAudience(url)).toBe(`https://${host}.salesforce.com`);
});

test("refreshToken without rotation keeps its token", async () => {
  const { server, org, events } = await startRig({ auth: REFRESH });
  server.on(
    `GET ${DATA}/limits`,
    refuse(401, "INVALID_SESSION_ID", "Session expired or invalid"),
    json(200, {}),
  );
  await org.limits();
  const sent = server.requests(TOKEN).map(({ body }) => form(body));
  expect(sent).toEqual([
    { grant_type: "refresh_token", client_id: "PlatformCLI", refresh_token: REFRESH.refreshToken },
    { grant_type: "refresh_token", client_id: "PlatformCLI", refresh_token: REFRESH.refreshToken },
  ]);
  expect(events.map(({ kind }) => kind)).toEqual(["login", "login"]);
});

test("refreshToken with rotation goes on with the new one, and says so", async () => {
  const { server, org, events } = await startRig({
    auth: { ...REFRESH, clientSecret: "s3cr3t-s3cr3t" },
  });
  server.on(TOKEN, tokenAnswer(1, { refresh_token: "5Aep861.second.refresh" }), tokenAnswer(2));
  server.on(
    `GET ${DATA}/limits`,
    refuse(401, "INVALID_SESSION_ID", "Session expired or invalid"),
    json(200, {}),
  );
  await org.limits();
  const sent = server.requests(TOKEN).map(({ body }) => form(body));
  expect(sent.map((each) => each.refresh_token)).toEqual([
    REFRESH.refreshToken,
    "5Aep861.second.refresh",
  ]);
  expect(sent[0]?.client_secret).toBe("s3cr3t-s3cr3t");
  expect(events.map(({ kind }) => kind)).toEqual(["refreshTokenRotated", "login", "login"]);
});

test("accessToken needs no login, and can't renew itself", async () => {
  const { server, org } = await startRig({
    auth: { flow: "accessToken", accessToken: "T0-123456" },
  });
  server.on(
    `GET ${DATA}/limits`,
    json(200, {}),
    refuse(401, "INVALID_SESSION_ID", "Session expired or invalid"),
  );
  await org.limits();
  expect(server.seen[0]?.headers.authorization).toBe("Bearer T0-123456");
  await expect(org.limits()).rejects.toMatchObject({ code: "AUTH_EXPIRED", exitCode: 5 });
  expect(server.requests(TOKEN)).toEqual([]);
});

test.each([
  ["invalid_grant", "request not supported on this domain", "AUTH_WRONG_DOMAIN", "My Domain"],
  ["invalid_grant", "no client credentials user enabled", "AUTH_APP_SETUP", "Run As"],
  ["invalid_client_id", "client identifier invalid", "AUTH_CLIENT_UNKNOWN", "ten minutes"],
  ["invalid_client", "invalid client credentials", "AUTH_CLIENT_UNKNOWN", "clientSecret"],
  ["invalid_grant", "user hasn't approved this consumer", "AUTH_NOT_APPROVED", "pre-authorized"],
  [
    "invalid_app_access",
    "user is not admin approved to access this app",
    "AUTH_NOT_APPROVED",
    "permission set",
  ],
  ["invalid_grant", "audience is invalid", "AUTH_AUDIENCE", "test.salesforce.com"],
  ["invalid_grant", "expired access/refresh token", "AUTH_EXPIRED", "five per user"],
  ["invalid_grant", "invalid assertion", "AUTH_KEY", "certificate"],
  ["invalid_grant", "authentication failure", "AUTH_REFUSED", "login history"],
  ["unsupported_grant_type", "grant type not supported", "AUTH_APP_SETUP", "Switch this flow on"],
  ["OAUTH_APP_BLOCKED", "this app is blocked by admin", "AUTH_APP_SETUP", "blocked"],
  ["TXN_SECURITY_METERING_ERROR", "blocked by policy", "AUTH_REFUSED", "transaction security"],
  ["something_new", "never seen before", "AUTH_REFUSED", "login history"],
])("login refused: %s, %s", async (error, description, code, hint) => {
  const { server, org } = await startRig();
  server.on(TOKEN, json(400, { error, error_description: description }));
  await expect(org.limits()).rejects.toMatchObject({
    code,
    exitCode: 5,
    salesforceCode: error,
    message: expect.stringContaining(`400 ${error}: ${description}`),
    hint: expect.stringContaining(hint),
  });
  expect(server.requests(TOKEN)).toHaveLength(1);
});

test("a busy token endpoint is asked again, four times in all", async () => {
  const { server, org, clock } = await startRig();
  server.on(TOKEN, html503, reset, tokenAnswer(1));
  server.on(`GET ${DATA}/limits`, json(200, {}));
  await org.limits();
  expect(clock.sleeps).toEqual([500, 1000]);

  const other = await startRig();
  other.server.on(TOKEN, html503);
  await expect(other.org.limits()).rejects.toMatchObject({ code: "SF_UNAVAILABLE", exitCode: 7 });
  expect(other.server.requests(TOKEN)).toHaveLength(4);
});

test("a token answer that is none", async () => {
  const { server, org } = await startRig();
  server.on(TOKEN, text(200, "<html><body>Welcome</body></html>"));
  await expect(org.limits()).rejects.toMatchObject({ code: "SF_ANSWER" });
  server.on(TOKEN, json(200, { hello: "world" }));
  await expect(org.limits()).rejects.toMatchObject({ code: "SF_ANSWER" });
  server.on(TOKEN, text(302, "", { location: "https://elsewhere.example/" }));
  await expect(org.limits()).rejects.toMatchObject({ code: "SF_REDIRECTED" });
});

test.each(["http://acme.my.salesforce.com", "ftp://acme.example", "acme.my.salesforce.com"])(
  "%s is refused before a secret is sent",
  async (instanceUrl) => {
    const auth = { flow: "accessToken", accessToken: "T0-123456" } as const;
    const org = connectOrg(
      { name: "prod", instanceUrl, apiVersion: "61.0", auth },
      { clock: handClock() },
    );
    await expect(org.limits()).rejects.toMatchObject({ code: "AUTH_INSECURE", exitCode: 5 });
    expect(org.apiCalls).toBe(0);
    await org.close();
  },
);

test("an instance_url without https is refused", async () => {
  const { server, org } = await startRig();
  server.on(TOKEN, tokenAnswer(1, { instance_url: "http://acme.my.salesforce.com" }));
  await expect(org.limits()).rejects.toMatchObject({ code: "AUTH_INSECURE" });
});
