import { expect, test } from "vitest";
import { resolveAuth } from "../../engine/config/resolve-auth.ts";
import type { AuthSpec, OrgSpec } from "../../engine/config/sync-spec.ts";
import { goodSpec } from "./cases/bad-case.ts";
import { load, projectFolder } from "./project-folder.ts";

function org(auth: AuthSpec | null): OrgSpec {
  return {
    name: "prod",
    emulator: false,
    instanceUrl: "https://acme.my.salesforce.com",
    apiVersion: "61.0",
    protected: false,
    auth,
    position: { file: "sync.config.yaml", line: 4, column: 3 },
  };
}

const env = { ID: "id", SECRET: "s3cret", EMPTY: "" };

test("every flow has its references resolved", async () => {
  const folder = projectFolder({ "keys/server.key": "-----BEGIN-----\nx\n-----END-----\n" });
  const flows: readonly (readonly [AuthSpec, AuthSpec])[] = [
    [
      { flow: "clientCredentials", clientId: "${env:ID}", clientSecret: "${env:SECRET}" },
      { flow: "clientCredentials", clientId: "id", clientSecret: "s3cret" },
    ],
    [
      {
        flow: "jwtBearer",
        clientId: "plain",
        username: "${env:ID}@acme.example",
        privateKey: "${file:keys/server.key}",
        audience: null,
      },
      {
        flow: "jwtBearer",
        clientId: "plain",
        username: "id@acme.example",
        privateKey: "-----BEGIN-----\nx\n-----END-----",
        audience: null,
      },
    ],
    [
      { flow: "refreshToken", clientId: "a", clientSecret: null, refreshToken: "${env:SECRET}" },
      { flow: "refreshToken", clientId: "a", clientSecret: null, refreshToken: "s3cret" },
    ],
    [
      { flow: "accessToken", accessToken: "${env:SECRET}" },
      { flow: "accessToken", accessToken: "s3cret" },
    ],
    [
      { flow: "sfCli", username: "acme" },
      { flow: "sfCli", username: "acme" },
    ],
  ];
  for (const [written, resolved] of flows) {
    expect(await resolveAuth(org(written), { env, folder })).toEqual(resolved);
  }
});

test("what is missing is named by its reference and its place, never by a value", async () => {
  const rows = [
    ["${env:NONE}", "CONFIG_ENV_MISSING", "The environment variable NONE is not set."],
    ["${env:EMPTY}", "CONFIG_ENV_MISSING", "The environment variable EMPTY is set but empty."],
    ["${file:none.key}", "CONFIG_FILE_MISSING", "The referenced file none.key does not exist."],
  ] as const;
  for (const [accessToken, code, detail] of rows) {
    const auth = { flow: "accessToken", accessToken } as const;
    await expect(resolveAuth(org(auth), { env, folder: "/nowhere" })).rejects.toMatchObject({
      code,
      message: `orgs.prod.auth.accessToken (sync.config.yaml:4): ${detail}`,
      hint: expect.any(String),
    });
  }
});

test("an address that could not be resolved is told like a missing secret", async () => {
  const { project, diagnostics } = await load({
    "sync.config.yaml": `version: 1
orgs:
  demo: { emulator: true }
  prod:
    instanceUrl: \${env:SF_URL}
    auth: { flow: accessToken, accessToken: "\${env:SECRET}" }
syncs: [specs/*.sync.yaml]
`,
    "specs/contacts.sync.yaml": goodSpec,
  });
  expect(diagnostics).toEqual([]);
  const prod = project?.orgs.prod;
  if (prod === undefined) throw new Error("The org was not read.");
  await expect(resolveAuth(prod, { env, folder: "." })).rejects.toMatchObject({
    code: "CONFIG_ENV_MISSING",
    message:
      "orgs.prod.instanceUrl (sync.config.yaml:4): The environment variable SF_URL is not set.",
  });
});

test("an org without auth cannot be signed in to", async () => {
  await expect(resolveAuth(org(null), { env, folder: "." })).rejects.toMatchObject({
    code: "CONFIG_ORG",
  });
});
