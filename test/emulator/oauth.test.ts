import { createSign, generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type Answer, API, type Client, localOrg, temporaryDir } from "./local-org.ts";

async function token(
  org: Client,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = new URLSearchParams(form).toString();
  return await org.call("POST", "/services/oauth2/token", body, {
    Authorization: "",
    "Content-Type": "application/x-www-form-urlencoded",
    ...headers,
  });
}

async function works(org: Client, accessToken: string): Promise<number> {
  const headers = { Authorization: `Bearer ${accessToken}` };
  return (await org.call("GET", `${API}/limits`, undefined, headers)).status;
}

test("client credentials, in the form and as Basic: no expires_in, no refresh token", async () => {
  const org = await localOrg();
  const { clientId, clientSecret, url, orgId } = org.emulator;
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  };
  const answer = await token(org, form);
  expect(answer.status).toBe(200);
  expect(Object.keys(answer.json)).toEqual([
    "access_token",
    "signature",
    "scope",
    "instance_url",
    "id",
    "token_type",
    "issued_at",
  ]);
  expect(answer.json.instance_url).toBe(url);
  expect(answer.json.id).toMatch(new RegExp(`^${url}/id/${orgId}/005\\w{15}$`));
  expect(answer.json.access_token).toMatch(/^00D\w{12}!AQ/);
  expect(answer.json.issued_at).toMatch(/^\d{13}$/);
  expect(await works(org, answer.json.access_token)).toBe(200);
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const second = await token(org, { grant_type: "client_credentials" }, { Authorization: basic });
  expect(second.status).toBe(200);
  const identity = await org.call("GET", new URL(answer.json.id).pathname);
  expect(identity.json).toMatchObject({ organization_id: orgId, active: true });
  const info = await org.call("GET", "/services/oauth2/userinfo");
  expect(info.json).toMatchObject({
    organization_id: orgId,
    preferred_username: "integration@sluice.local",
  });
});

test("refusals are an object with Salesforce's words", async () => {
  const org = await localOrg();
  const { clientId, clientSecret } = org.emulator;
  const id = { client_id: clientId };
  const cases: [form: Record<string, string>, error: string, description: string][] = [
    [
      { grant_type: "client_credentials", client_id: "x" },
      "invalid_client_id",
      "client identifier invalid",
    ],
    [{ grant_type: "client_credentials", ...id }, "invalid_client", "invalid client credentials"],
    [
      { grant_type: "client_credentials", ...id, client_secret: "x" },
      "invalid_client",
      "invalid client credentials",
    ],
    [
      { grant_type: "refresh_token", ...id, refresh_token: "x" },
      "invalid_grant",
      "expired access/refresh token",
    ],
    [
      { grant_type: "password", ...id, client_secret: clientSecret },
      "unsupported_grant_type",
      "grant type not supported",
    ],
    [{}, "unsupported_grant_type", "grant type not supported"],
  ];
  for (const [form, error, description] of cases) {
    const answer = await token(org, form);
    expect([answer.status, answer.json]).toEqual([400, { error, error_description: description }]);
  }
});

test("refresh token: with and without the secret", async () => {
  const org = await localOrg();
  const { clientId, clientSecret, refreshToken } = org.emulator;
  const form = { grant_type: "refresh_token", client_id: clientId, refresh_token: refreshToken };
  for (const extra of [{}, { client_secret: clientSecret }]) {
    const answer = await token(org, { ...form, ...extra });
    expect([answer.status, answer.json.refresh_token]).toEqual([200, undefined]);
    expect(await works(org, answer.json.access_token)).toBe(200);
  }
});

test("JWT bearer: claims are checked, the signature when a public key lies in the state folder", async () => {
  const dir = temporaryDir();
  const org = await localOrg({ dir });
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: org.emulator.clientId,
    sub: "integration@sluice.local",
    aud: "https://login.salesforce.com",
    exp: now + 180,
  };
  const sign = (payload: Record<string, unknown>): string => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256" })}.${part(payload)}`;
    return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
  };
  const jwt = async (payload: Record<string, unknown>, assertion = sign(payload)) =>
    await token(org, { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });

  const good = await jwt(claims);
  expect([good.status, Object.keys(good.json)]).toEqual([
    200,
    ["access_token", "scope", "instance_url", "id", "token_type"],
  ]);
  expect((await jwt({ ...claims, exp: Date.now() + 300_000 })).status).toBe(200);
  const refusals: [payload: Record<string, unknown>, description: string][] = [
    [{ ...claims, iss: "x" }, "client identifier invalid"],
    [{ ...claims, aud: "https://example.com" }, "audience is invalid"],
    [{ ...claims, exp: now - 10 }, "invalid assertion"],
    [{ ...claims, sub: undefined }, "user hasn't approved this consumer"],
  ];
  for (const [payload, description] of refusals) {
    expect((await jwt(payload)).json.error_description).toBe(description);
  }
  expect((await jwt(claims, "no.jwt")).json.error_description).toBe("invalid assertion");

  writeFileSync(
    path.join(dir, "jwt-public-key.pem"),
    publicKey.export({ type: "spki", format: "pem" }),
  );
  expect((await jwt(claims)).status).toBe(200);
  const [head, body] = sign(claims).split(".");
  expect((await jwt(claims, `${head}.${body}.AAAA`)).json.error_description).toBe(
    "invalid assertion",
  );
});

test("expired and malformed sessions", async () => {
  const org = await localOrg();
  const bad = await org.call("GET", `${API}/limits`, undefined, {
    Authorization: "Bearer nonsense",
  });
  expect([bad.status, bad.text]).toEqual([
    401,
    '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]',
  ]);
  const none = await org.call("GET", `${API}/limits`, undefined, { Authorization: "" });
  expect([none.status, none.text]).toEqual([
    401,
    '[{"message":"INVALID_AUTH_HEADER","errorCode":"INVALID_AUTH_HEADER"}]',
  ]);
  expect((await org.call("POST", "/__control/expire-sessions")).status).toBe(204);
  expect(await works(org, org.emulator.accessToken)).toBe(401);
  const { clientId, clientSecret } = org.emulator;
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  };
  expect(await works(org, (await token(org, form)).json.access_token)).toBe(200);
});
