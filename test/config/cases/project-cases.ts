import { type BadCase, goodConfig, goodSpec } from "./bad-case.ts";

const accounts = goodSpec.replace("sync: contacts", "sync: accounts");

function prod(name: string, lines: string, env: Record<string, string> = {}): BadCase {
  const config = `version: 1
defaultOrg: demo
orgs:
  demo: { emulator: true }
  prod:
${lines.replaceAll(/^/gm, "    ")}
syncs: [specs/*.sync.yaml]
`;
  return { name, config, env };
}

/** Mistakes between the files of a project, and in its orgs. */
export const projectCases: readonly BadCase[] = [
  { name: "config-missing", files: { "sync.config.yaml": null } },
  { name: "config-named-missing", configPath: "other/sync.config.yaml" },
  { name: "config-misnamed", files: { "sync.config.yaml": null, "sync.config.yml": goodConfig } },
  { name: "config-path-is-folder", configPath: "specs" },
  { name: "glob-nothing", changeConfig: ["specs/*.sync.yaml", "specs/*.sync.yaml, spec/*.yaml"] },
  { name: "glob-folder", changeConfig: ["specs/*.sync.yaml", "specs"] },
  {
    name: "glob-outside",
    changeConfig: ["specs/*.sync.yaml", "../outside/*.sync.yaml"],
    files: { "../outside/a.sync.yaml": goodSpec },
  },
  { name: "glob-empty", changeConfig: ["[specs/*.sync.yaml]", "[]"] },
  {
    name: "name-twice",
    files: { "specs/people.sync.yaml": goodSpec.replace("contacts\n", "Contacts\n") },
  },
  { name: "org-unknown", change: ["sync: contacts", "sync: contacts\norg: dmo"] },
  { name: "org-default-unknown", changeConfig: ["defaultOrg: demo", "defaultOrg: production"] },
  { name: "org-none", changeConfig: ["orgs:\n  demo: { emulator: true }", "orgs: {}"] },
  { name: "org-bad-name", changeConfig: ["  demo: {", "  my demo: {"] },
  {
    name: "depends-unknown",
    change: ["sync: contacts", "sync: contacts\ndependsOn: [acounts]"],
    files: { "specs/accounts.sync.yaml": accounts },
  },
  { name: "depends-self", change: ["sync: contacts", "sync: contacts\ndependsOn: [contacts]"] },
  {
    name: "depends-cycle",
    change: ["sync: contacts", "sync: contacts\ndependsOn: [accounts]"],
    files: { "specs/accounts.sync.yaml": `${accounts}dependsOn: [contacts]\n` },
  },
  {
    name: "env-missing",
    change: ["contacts.csv", "${env:EXPORT_DIR}/contacts.csv"],
    env: { EXPORTS_DIR: "/data" },
  },
  {
    name: "env-missing-in-list",
    changeConfig: ["[specs/*.sync.yaml]", '["${env:NONE}/*.sync.yaml", specs/*.sync.yaml]'],
  },
  {
    name: "env-empty",
    change: ["contacts.csv", "${env:EXPORT_DIR}/contacts.csv"],
    env: { EXPORT_DIR: "" },
  },
  { name: "reference-file-missing", change: ["contacts.csv", "${file:where.txt}"] },
  { name: "reference-without-env", change: ["contacts.csv", "${EXPORT_DIR}/contacts.csv"] },
  { name: "reference-default", change: ["contacts.csv", "${env:EXPORT_DIR:-/data}/contacts.csv"] },
  { name: "reference-open", change: ["contacts.csv", "${env:EXPORT_DIR/contacts.csv"] },
  {
    name: "reference-bad-unit",
    change: ["sync: contacts", "sync: contacts\npollTimeout: ${env:WAIT}"],
    env: { WAIT: "hidden" },
  },
  {
    name: "reference-bad-number",
    change: ["sync: contacts", "sync: contacts\nparallelJobs: ${env:JOBS}"],
    env: { JOBS: "hidden" },
  },
  {
    name: "reference-bad-choice",
    change: ["operation: upsert", "operation: ${env:OPERATION}"],
    env: { OPERATION: "hidden" },
  },
  prod(
    "secret-literal",
    "instanceUrl: https://acme.my.salesforce.com\nauth:\n  flow: clientCredentials\n  clientId: 3MVG9\n  clientSecret: hunter2hunter2",
  ),
  prod(
    "secret-half-literal",
    "instanceUrl: https://acme.my.salesforce.com\nauth:\n  flow: accessToken\n  accessToken: 00Dxx!${env:TOKEN}",
  ),
  prod(
    "secret-private-key",
    "instanceUrl: https://login.salesforce.com\nauth:\n  flow: jwtBearer\n  clientId: 3MVG9\n  username: a@acme.example\n  privateKey: |\n    -----BEGIN PRIVATE KEY-----\n    MIIEvQIBADANBg",
  ),
  prod(
    "secret-refresh-inline",
    "instanceUrl: https://login.salesforce.com\nauth: { flow: refreshToken, clientId: x, refreshToken: 5Aep861 }",
  ),
  prod(
    "secret-misspelt-key",
    "instanceUrl: https://acme.my.salesforce.com\nauth:\n  flow: clientCredentials\n  clientId: 3MVG9\n  clientSecrt: hunter2hunter2",
  ),
  prod(
    "secret-number",
    "instanceUrl: https://acme.my.salesforce.com\nauth:\n  flow: accessToken\n  accessToken: 123456789",
  ),
  prod(
    "reference-in-auth",
    'instanceUrl: https://acme.my.salesforce.com\nauth: { flow: sfCli, username: "${SF_USER}" }',
  ),
  prod("auth-missing", "instanceUrl: https://acme.my.salesforce.com"),
  prod("auth-no-flow", "instanceUrl: https://acme.my.salesforce.com\nauth: { clientId: x }"),
  prod(
    "auth-flow-unknown",
    "instanceUrl: https://acme.my.salesforce.com\nauth: { flow: jwt, clientId: x }",
  ),
  prod(
    "auth-key-missing",
    "instanceUrl: https://acme.my.salesforce.com\nauth: { flow: jwtBearer, clientId: x }",
  ),
  prod(
    "auth-key-of-other-flow",
    'instanceUrl: https://acme.my.salesforce.com\nauth: { flow: sfCli, username: acme, clientSecret: "${env:X}" }',
  ),
  prod("auth-text", "instanceUrl: https://acme.my.salesforce.com\nauth: sfCli"),
  prod("org-empty", "protected: true"),
  prod(
    "org-emulator-with-auth",
    "emulator: true\ninstanceUrl: https://acme.my.salesforce.com\nauth: { flow: sfCli, username: acme }",
  ),
  prod("url-missing", 'auth: { flow: accessToken, accessToken: "${env:X}" }'),
  prod(
    "url-http",
    "instanceUrl: http://acme.my.salesforce.com\nauth: { flow: sfCli, username: acme }",
  ),
  prod(
    "url-without-scheme",
    "instanceUrl: acme.my.salesforce.com\nauth: { flow: sfCli, username: acme }",
  ),
  prod(
    "url-lightning",
    "instanceUrl: https://acme.lightning.force.com\nauth: { flow: sfCli, username: acme }",
  ),
  prod(
    "url-path",
    "instanceUrl: https://acme.my.salesforce.com/services/data\nauth: { flow: sfCli, username: acme }",
  ),
  prod(
    "url-password",
    "instanceUrl: https://me:pw@acme.my.salesforce.com\nauth: { flow: sfCli, username: acme }",
  ),
  prod(
    "url-login-client-credentials",
    'instanceUrl: https://login.salesforce.com\nauth: { flow: clientCredentials, clientId: x, clientSecret: "${env:X}" }',
  ),
  prod(
    "api-version-old",
    "instanceUrl: https://acme.my.salesforce.com\napiVersion: 28.0\nauth: { flow: sfCli, username: acme }",
  ),
  prod(
    "api-version-words",
    "instanceUrl: https://acme.my.salesforce.com\napiVersion: latest\nauth: { flow: sfCli, username: acme }",
  ),
];
