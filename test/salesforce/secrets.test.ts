import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { ResolvedAuth } from "../../engine/salesforce/connect.ts";
import { readFault } from "../../engine/salesforce/fault.ts";
import { longId } from "../../engine/salesforce/record-id.ts";
import { createRedactor } from "../../engine/salesforce/redact.ts";
import { DATA, ORG_ID, type Reply, startRig, text } from "./scripted-org.ts";

const LIMITS = `GET ${DATA}/limits`;
const TOKEN = "POST /services/oauth2/token";
const SECRETS = [
  "9E1F4C5D7ABCDEF0",
  "!T1.aaaaaaaaaaaaaaaa",
  "5Aep861.refresh.token",
  "T0-123456-secret",
];

const FLOWS: readonly ResolvedAuth[] = [
  { flow: "clientCredentials", clientId: "3MVG9.key", clientSecret: "9E1F4C5D7ABCDEF0" },
  {
    flow: "refreshToken",
    clientId: "x",
    clientSecret: "9E1F4C5D7ABCDEF0",
    refreshToken: "5Aep861.refresh.token",
  },
  { flow: "accessToken", accessToken: "T0-123456-secret" },
];

/** A server that repeats everything it was told: the worst place for a secret to go. */
function echo(status: number, form: "array" | "oauth" | "html" | "garbage"): Reply {
  return {
    send(response, seen) {
      const said = `You sent ${seen.headers.authorization} and ${seen.body} ${decodeURIComponent(seen.body)}`;
      const body = {
        array: JSON.stringify([{ errorCode: "X", message: said }]),
        oauth: JSON.stringify({ error: "invalid_grant", error_description: said }),
        html: `<html><body><p title="${said}">${said}</p></body></html>`,
        garbage: `{{{ ${said}`,
      }[form];
      text(status, body).send(response, seen);
    },
  };
}

function everythingOf(thrown: unknown): string {
  return inspect(thrown, { depth: 10, showHidden: true });
}

const FORMS = ["array", "oauth", "html", "garbage"] as const;
const cases = FLOWS.flatMap((auth) =>
  FORMS.flatMap((form) =>
    [200, 302, 400, 401, 403, 404, 500].map((status) => ({ auth, form, status })),
  ),
);

test.each(cases)(
  "no secret in an error: $auth.flow, $status $form",
  async ({ auth, form, status }) => {
    const { server, org, events } = await startRig({ auth });
    server.on(LIMITS, echo(status, form));
    const thrown = await org.limits().catch((error: unknown) => error);
    server.on(TOKEN, echo(status, form));
    const login = await org.limits().catch((error: unknown) => error);
    const shown = everythingOf([thrown, login, events, org]);
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  },
);

test("no secret in the error of a broken connection", async () => {
  const { server, org } = await startRig();
  await org.limits().catch(() => undefined);
  server.stop();
  const thrown = await org.limits().catch((error: unknown) => error);
  for (const secret of SECRETS) expect(everythingOf(thrown)).not.toContain(secret);
});

test.each([
  [`{"access_token":"abcdefghijk"}`, `{"access_token":"[secret]"}`],
  [`session ${ORG_ID.slice(0, 15)}!AQ.abc.def`, "session [secret]"],
  ["Authorization: Bearer abc.def.ghi", "Authorization: Bearer [secret]"],
  ["assertion=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl", "assertion=[secret]"],
  ["jwt eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl!", "jwt [secret]!"],
  [
    "invalid assertion supplied for OAuth sessions",
    "invalid assertion supplied for OAuth sessions",
  ],
  ["<style>p{}</style><h1>Bad\n  Message</h1>\u001b[31m 400", "Bad Message [31m 400"],
  ["x".repeat(300), `${"x".repeat(199)}…`],
  ["learnt-secret-1 stays hidden", "[secret] stays hidden"],
])("foreign text %#: %s", (written, shown) => {
  const redactor = createRedactor();
  redactor.learn("learnt-secret-1");
  redactor.learn("no");
  expect(redactor.clean(written)).toBe(shown);
});

test.each([
  ['[{"errorCode":"A","message":"b"}]', { code: "A", message: "b" }],
  ['[{"message":"b","errorCode":"A","fields":[]}]', { code: "A", message: "b" }],
  ['{"error":"invalid_grant","error_description":"b"}', { code: "invalid_grant", message: "b" }],
  [
    '{"exceptionCode":"InvalidSessionId","exceptionMessage":"b"}',
    { code: "InvalidSessionId", message: "b" },
  ],
  ["<h1>Bad Message 400</h1>", { code: null, message: "<h1>Bad Message 400</h1>" }],
  ["[]", { code: null, message: "[]" }],
  ['[{"errorCode":', { code: null, message: '[{"errorCode":' }],
  ["", { code: null, message: "" }],
])("fault of %s", (body, fault) => {
  expect(readFault(body)).toEqual(fault);
});

test.each([
  ["0018d00000UVCju", "0018d00000UVCjuAAH"],
  ["750ak000009Bkrx", "750ak000009BkrxAAC"],
  ["0058d000006mtd1", "0058d000006mtd1AAA"],
  ["0018d00000UVCjuAAH", "0018d00000UVCjuAAH"],
  ["", ""],
])("the long form of %s", (id, long) => {
  expect(longId(id)).toBe(long);
});
