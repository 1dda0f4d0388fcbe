import { describe, expect, test } from "vitest";
import { findSecrets } from "../../engine/report/find-secrets.ts";

const auth = "/orgs/prod/auth/x";
// The line, what it is shown for, and how it looks with its secrets masked.
const rows: readonly (readonly [string, string | null, string])[] = [
  ["  clientSecret: hunter2", auth, "  clientSecret: #"],
  ["  clientSecret: hunter2", null, "  clientSecret: #"],
  ["  clientSecrt: hunter2", auth, "  clientSecrt: #"],
  ['  "accessToken": "00D!AQ, } x"', null, '  "accessToken": #'],
  ["  clientSecret: ${env:SECRET}", auth, "  clientSecret: ${env:SECRET}"],
  [
    "  clientSecret: ${env:SECRET}   # from the vault",
    auth,
    "  clientSecret: ${env:SECRET}   # from the vault",
  ],
  ["  clientSecret: abc${env:SECRET}", auth, "  clientSecret: #"],
  ["  privateKey: |", auth, "  privateKey: |"],
  [
    "    auth: { flow: accessToken, accessToken: abc }",
    auth,
    "    auth: { flow: accessToken, accessToken: # }",
  ],
  [
    "    auth: { flow: accessToken, accessToken: abc,def }",
    null,
    "    auth: { flow: accessToken, accessToken: #,# }",
  ],
  [
    "    auth: {flow: accessToken, accessToken: 'a, b'}",
    auth,
    "    auth: {flow: accessToken, accessToken: #}",
  ],
  [
    '    auth: { flow: sfCli, clientSecret: "${env:X}" }',
    auth,
    '    auth: { flow: sfCli, clientSecret: "${env:X}" }',
  ],
  [
    "    auth: { flow: accessToken, accessToken: ${env:TOKEN} } }",
    null,
    "    auth: { flow: accessToken, accessToken: ${env:TOKEN} } }",
  ],
  [
    "  prod: { auth: { flow: x, token: abc } }",
    "/orgs/prod/auth/token",
    "  prod: { auth: { flow: x, token: # } }",
  ],
  ["      auth: sekrit", auth, "      auth: #"],
  [
    "  instanceUrl: https://me:pw@acme.example/x",
    "/orgs/prod/instanceUrl",
    "  instanceUrl: https://#@acme.example/x",
  ],
  ["    MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", null, "    #"],
  ["-----BEGIN PRIVATE KEY-----", null, "#"],
  [
    "  LastName: { from: last_name, transform: [trim] }",
    "/mapping/LastName",
    "  LastName: { from: last_name, transform: [trim] }",
  ],
  ["", auth, ""],
];

describe("secrets in a line", () => {
  for (const [line, path, masked] of rows) {
    test(masked, () => {
      let shown = "";
      let end = 0;
      for (const span of findSecrets(line, path)) {
        shown += `${line.slice(end, span.start)}#`;
        end = span.end;
      }
      expect(shown + line.slice(end)).toBe(masked);
    });
  }
});
