import { describe, expect, test } from "vitest";
import { findSecrets } from "../../engine/report/find-secrets.ts";

const auth = true;
// The line, whether it is near an auth, and how it looks with its secrets masked.
const rows: readonly (readonly [string, boolean, string])[] = [
  ["  clientSecret: hunter2", auth, "  clientSecret: #"],
  ["  clientSecret: hunter2", false, "  clientSecret: #"],
  ["  clientSecrt: hunter2", auth, "  clientSecrt: #"],
  ['  "accessToken": "00D!AQ, } x"', false, '  "accessToken": #'],
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
    false,
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
    false,
    "    auth: { flow: accessToken, accessToken: ${env:TOKEN} } }",
  ],
  ["  prod: { auth: { flow: x, token: abc } }", true, "  prod: { auth: { flow: x, token: # } }"],
  ["      auth: s3krit", auth, "      auth: #"],
  ["  instanceUrl: https://me:pw@acme.example/x", false, "  instanceUrl: https://#@acme.example/x"],
  ["    MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", false, "    #"],
  ["-----BEGIN PRIVATE KEY-----", false, "#"],
  [
    "  LastName: { from: last_name, transform: [trim] }",
    false,
    "  LastName: { from: last_name, transform: [trim] }",
  ],
  ["", auth, ""],
  ["      clientId:       clientSecret: hunter2", false, "      clientId:       #"],
  ["hunter2", auth, "#"],
];

describe("secrets in a line", () => {
  for (const [line, nearAuth, masked] of rows) {
    test(masked, () => {
      let shown = "";
      let end = 0;
      for (const span of findSecrets(line, nearAuth)) {
        shown += `${line.slice(end, span.start)}#`;
        end = span.end;
      }
      expect(shown + line.slice(end)).toBe(masked);
    });
  }
});
