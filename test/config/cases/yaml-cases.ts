import { type BadCase, goodConfig, goodSpec } from "./bad-case.ts";

/** Mistakes of YAML itself, and its features that are refused. */
export const yamlCases: readonly BadCase[] = [
  { name: "yaml-empty-config", config: "" },
  { name: "yaml-empty-spec", spec: "# nothing here yet\n" },
  { name: "yaml-only-null", spec: "~\n" },
  { name: "yaml-list-instead-of-mapping", spec: "- sync: contacts\n" },
  { name: "yaml-text-instead-of-mapping", config: "just a text\n" },
  { name: "yaml-not-utf8", spec: new Uint8Array([0x73, 0x3a, 0x20, 0xfc, 0x0a]) },
  { name: "yaml-utf16", spec: new Uint8Array([0xff, 0xfe, 0x73, 0, 0x3a, 0, 0x20, 0]) },
  { name: "yaml-tab", change: ["  files: contacts.csv", "\tfiles: contacts.csv"] },
  {
    name: "yaml-duplicate-key",
    change: ["  LastName: { from: last_name }\n", "  LastName: a\n  LastName: b\n"],
  },
  { name: "yaml-duplicate-top-key", spec: `${goodSpec}mapping:\n  Email: email\n` },
  { name: "yaml-second-colon", change: ["  files: contacts.csv", "  files: C: contacts.csv"] },
  { name: "yaml-indentation", change: ["  operation: upsert", "    operation: upsert"] },
  { name: "yaml-open-bracket", changeConfig: ["[specs/*.sync.yaml]", "[specs/*.sync.yaml"] },
  { name: "yaml-open-brace", change: ["{ from: last_name }", "{ from: last_name"] },
  { name: "yaml-open-quote", change: ["contacts.csv", '"contacts.csv'] },
  { name: "yaml-at-sign", change: ["contacts.csv", "@contacts.csv"] },
  { name: "yaml-missing-space", change: ["operation: upsert", "operation:upsert"] },
  { name: "yaml-comment-without-space", change: ["contacts.csv", '"contacts.csv"# all'] },
  { name: "yaml-backslash", change: ["contacts.csv", '"data\\contacts.csv"'] },
  {
    name: "yaml-missing-comma",
    change: ["{ from: last_name }", "{ from: last_name transform: [trim] }"],
  },
  { name: "yaml-text-after-quote", change: ["contacts.csv", '"contacts".csv'] },
  { name: "yaml-nul", change: ["contacts.csv", "con\u0000tacts.csv"] },
  { name: "yaml-escaped-nul", change: ["contacts.csv", '"con\\0tacts.csv"'] },
  { name: "yaml-nested-deep", spec: `sync: ${"[".repeat(100_000)}` },
  { name: "yaml-too-large", spec: `sync: a # ${"x".repeat(2_000_000)}` },
  {
    name: "yaml-reference-in-braces",
    config: `${goodConfig.replace("demo: { emulator: true }", "prod: { instanceUrl: https://acme.my.salesforce.com, auth: { flow: accessToken, accessToken: ${env:TOKEN} } }")}`,
  },
  {
    name: "yaml-anchor-and-alias",
    change: [
      "  LastName: { from: last_name }\n",
      "  LastName: &name { from: last_name }\n  FirstName: *name\n",
    ],
  },
  { name: "yaml-merge-key", change: ["{ from: last_name }", "{ <<: { from: last_name } }"] },
  { name: "yaml-tag", change: ["contacts.csv", "!!str contacts.csv"] },
  { name: "yaml-own-tag", change: ["contacts.csv", "!include contacts.csv"] },
  { name: "yaml-two-documents", spec: `${goodSpec}---\n${goodSpec}` },
  { name: "yaml-cron-unquoted", spec: `${goodSpec}schedule:\n  cron: */15 * * * *\n` },
  { name: "yaml-list-as-key", spec: `${goodSpec}? [a, b]\n: 1\n` },
  { name: "yaml-empty-value", change: ["  object: Contact", "  object:"] },
  {
    name: "yaml-unfinished-secret",
    config: `${goodConfig}  accessToken: 00D5e000000abcd!AQcAQH0dMHZfz972Szmpkb58urFRkgeBGsxL: x\n`,
  },
];
