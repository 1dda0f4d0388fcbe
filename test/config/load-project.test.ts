import path from "node:path";
import { describe, expect, test } from "vitest";
import { loadProject } from "../../engine/config/load-project.ts";
import { goodConfig, goodSpec } from "./cases/bad-case.ts";
import { load, projectFolder } from "./project-folder.ts";

const files = { "sync.config.yaml": goodConfig, "specs/contacts.sync.yaml": goodSpec };

function withSpec(spec: string) {
  return { ...files, "specs/contacts.sync.yaml": spec };
}

async function specOf(spec: string, env: Record<string, string> = {}) {
  const { project, diagnostics } = await load(withSpec(spec), { env });
  expect(diagnostics).toEqual([]);
  const sync = project?.syncs[0];
  if (sync === undefined) throw new Error("The spec was not read.");
  return sync;
}

const nothing = {
  from: null,
  value: null,
  expr: null,
  transform: [],
  date: null,
  dateTime: null,
  zone: null,
  number: null,
  boolean: null,
  values: null,
  default: null,
  nulls: null,
  recordType: false,
};

describe("a spec", () => {
  test("has the documented defaults", async () => {
    const { positions, file, source, ...sync } = await specOf(goodSpec);
    expect(sync).toEqual({
      name: "contacts",
      fileShown: "specs/contacts.sync.yaml",
      org: null,
      target: {
        object: "Contact",
        operation: "upsert",
        externalId: "ERP_Id__c",
        assignmentRuleId: null,
      },
      mapping: [
        { ...nothing, field: "ERP_Id__c", from: "customer_no" },
        { ...nothing, field: "LastName", from: "last_name" },
      ],
      where: null,
      nulls: "ignore",
      duplicates: "reject",
      onInvalid: "skip",
      dependsOn: [],
      chunk: { bytesMax: 100_000_000, rowsMax: 500_000 },
      parallelJobs: 4,
      results: "full",
      retry: { roundsMax: 3 },
      pollTimeoutMs: 3_600_000,
      repeat: false,
      mirror: null,
      guards: {
        maxFailed: { rows: 0 },
        maxChangeRatio: null,
        minSourceRows: null,
        maxDeletes: null,
        maxAgeMs: null,
      },
      schedule: null,
    });
    expect(source).toEqual({
      files: ["contacts.csv"],
      folder: path.dirname(file),
      delimiter: null,
      quote: '"',
      encoding: "utf-8",
      comment: null,
      skipLines: 0,
      columns: null,
    });
    expect(positions["/mapping/LastName/from"]).toEqual({
      file: "specs/contacts.sync.yaml",
      line: 10,
      column: 21,
    });
  });

  test("has its settings read and its units resolved", async () => {
    const sync = await specOf(`${goodSpec}where: 'row.country != ""'
nulls: clear
duplicates: last
onInvalid: stop
chunk: { maxBytes: 5MiB, maxRows: 1000 }
parallelJobs: 2
results: failures
retry: { rounds: 0 }
pollTimeout: 1h30m
mirror: true
guards: { maxFailed: 2.5%, maxChangeRatio: 50%, minSourceRows: 1, maxDeletes: 100, maxAge: 2d }
schedule: { cron: "*/15 * * * *", timezone: Europe/Berlin, catchUp: none, jitter: 30s, pauseAfterFailures: 5 }
`);
    expect(sync).toMatchObject({
      where: 'row.country != ""',
      nulls: "clear",
      duplicates: "last",
      onInvalid: "stop",
      chunk: { bytesMax: 5_242_880, rowsMax: 1000 },
      parallelJobs: 2,
      results: "failures",
      retry: { roundsMax: 0 },
      pollTimeoutMs: 5_400_000,
      mirror: { action: "delete" },
      guards: {
        maxFailed: { ratio: 0.025 },
        maxChangeRatio: 0.5,
        minSourceRows: 1,
        maxDeletes: 100,
        maxAgeMs: 172_800_000,
      },
      schedule: {
        cron: "*/15 * * * *",
        timezone: "Europe/Berlin",
        overlap: "skip",
        catchUp: "none",
        jitterMs: 30_000,
        pauseAfterFailures: 5,
      },
    });
  });

  test("has its source read", async () => {
    const sync = await specOf(
      goodSpec.replace(
        "  files: contacts.csv",
        `  files: [a-*.csv, ../b.csv.gz]
  delimiter: "\\t"
  quote: "'"
  encoding: windows-1252
  comment: "#"
  skipLines: 2
  columns: [no, 2024, true, "name"]`,
      ),
    );
    expect(sync.source).toMatchObject({
      files: ["a-*.csv", "../b.csv.gz"],
      delimiter: "\t",
      quote: "'",
      encoding: "windows-1252",
      comment: "#",
      skipLines: 2,
      columns: ["no", "2024", "true", "name"],
    });
  });

  // A field of the mapping as written, and what it means.
  const fields = [
    ["a: no", { field: "a", from: "no" }],
    ["a: { from: 2024 }", { from: "2024" }],
    ["a: { from: x, transform: [trim, upper] }", { from: "x", transform: ["trim", "upper"] }],
    ["a: { value: 1.50 }", { value: "1.50" }],
    ["a: { value: 007 }", { value: "007" }],
    ["a: { value: true }", { value: "true" }],
    ["a: { value: yes }", { value: "yes" }],
    ['a: { value: "" }', { value: "" }],
    ["a: { value: 2024-01-31 }", { value: "2024-01-31" }],
    ["a: { expr: 'row.x + row.y', transform: [trim] }", { expr: "row.x + row.y" }],
    ["a: { from: x, date: iso }", { date: "iso" }],
    ["a: { from: x, date: d.M.yyyy }", { date: "d.M.yyyy" }],
    ["a: { from: x, date: 'd. MMMM yyyy' }", { date: "d. MMMM yyyy" }],
    ["a: { from: x, date: yyyyMMdd }", { date: "yyyyMMdd" }],
    ["a: { from: x, dateTime: iso }", { dateTime: "iso", zone: null }],
    ["a: { from: x, dateTime: iso, zone: UTC }", { zone: "UTC" }],
    ["a: { from: x, dateTime: \"yyyy-MM-dd'T'HH:mm:ssZZ\" }", { zone: null }],
    [
      "a: { from: x, dateTime: 'M/d/yyyy h:mm a', zone: America/New_York }",
      { zone: "America/New_York" },
    ],
    ["a: { from: x, number: de-CH }", { number: "de-CH" }],
    [
      'a: { from: x, boolean: { true: [yes, 1], false: [no, "0", false] } }',
      { boolean: { true: ["yes", "1"], false: ["no", "0", "false"] } },
    ],
    [
      "a: { from: x, values: { 1: Gold, true: 2.0, constructor: y, __proto__: z }, default: 0 }",
      { values: { 1: "Gold", true: "2.0", constructor: "y", ["__proto__"]: "z" }, default: "0" },
    ],
    ["a: { from: x, nulls: clear }", { nulls: "clear" }],
    ["RecordTypeId: { from: x, recordType: true }", { recordType: true }],
    ["User:Owner.Email: x", { field: "User:Owner.Email", from: "x" }],
    ["a: $${env:X}", { from: "${env:X}" }],
  ] as const;
  for (const [written, meant] of fields) {
    test(written, async () => {
      const sync = await specOf(goodSpec.replace("LastName: { from: last_name }", () => written));
      expect(sync.mapping[1]).toMatchObject(meant);
    });
  }

  test("may be an insert with a key, a repeated insert, an update and a delete", async () => {
    const keyless = goodSpec.replace("  externalId: ERP_Id__c\n", "");
    const operation = (spec: string, name: string) => spec.replace("upsert", name);
    expect((await specOf(operation(goodSpec, "insert"))).repeat).toBe(false);
    expect((await specOf(`${operation(keyless, "insert")}repeat: true\n`)).repeat).toBe(true);
    expect((await specOf(operation(goodSpec, "update"))).target.operation).toBe("update");
    const lone = keyless.replace(/mapping:[\s\S]*/, "mapping: { Id: sf_id }\n");
    expect((await specOf(operation(lone, "delete"))).target.externalId).toBe(null);
  });

  test("may name its key in other letter case than its mapping", async () => {
    const sync = await specOf(goodSpec.replace("externalId: ERP_Id__c", "externalId: erp_id__c"));
    expect(sync.target.externalId).toBe("erp_id__c");
  });
});

test("a spec may use every feature at once", async () => {
  const { diagnostics, project } = await load({
    "sync.config.yaml": `# yaml-language-server: $schema=./schemas/sync.config.schema.json
version: 1
defaultOrg: demo
orgs:
  demo: { emulator: true }
  prod:
    instanceUrl: https://acme.my.salesforce.com
    apiVersion: 61.0
    protected: true
    auth:
      flow: clientCredentials
      clientId: \${env:SF_CLIENT_ID}
      clientSecret: \${env:SF_CLIENT_SECRET}
state: { path: .sluice }
syncs: [examples/*/*.sync.yaml]
`,
    "examples/accounts/accounts.sync.yaml": goodSpec.replace("contacts\n", "accounts\n"),
    "examples/contacts/contacts.sync.yaml": `sync: contacts
source:
  files: contacts-*.csv
  delimiter: ","
target:
  object: Contact
  operation: upsert
  externalId: ERP_Id__c
mapping:
  ERP_Id__c: customer_no
  LastName:  { from: last_name, transform: [trim] }
  Email:     { from: email, transform: [trim, lower] }
  Birthdate: { from: born, date: dd.MM.yyyy }
  Last_Seen__c: { from: seen, dateTime: "dd.MM.yyyy HH:mm", zone: Europe/Berlin }
  Score__c: { from: score, number: de }
  Active__c: { from: active, boolean: { true: [yes, ja, "1"], false: [no, nein, "0"] } }
  Loyalty_Tier__c: { from: tier, values: { G: Gold, S: Silver }, default: Bronze }
  LeadSource: { value: Web }
  Description: { expr: 'row.city + " / " + row.segment' }
  Account.ERP_Id__c: account_no
where: 'row.country != ""'
nulls: ignore
duplicates: reject
onInvalid: skip
dependsOn: [accounts]
chunk: { maxBytes: 100MB, maxRows: 500000 }
parallelJobs: 4
results: full
retry: { rounds: 3 }
guards: { maxFailed: 0, maxChangeRatio: 50%, minSourceRows: 1, maxDeletes: 100 }
schedule: { cron: "*/15 * * * *", timezone: Europe/Berlin, overlap: skip, catchUp: latest, jitter: 30s, pauseAfterFailures: 5 }
`,
  });
  expect(diagnostics).toEqual([]);
  expect(project?.syncs.map(({ name }) => name)).toEqual(["accounts", "contacts"]);
  expect(project?.syncs[1]?.mapping).toHaveLength(11);
});

describe("a project", () => {
  test("is found upward from the working directory", async () => {
    const folder = projectFolder({ ...files, "a/b/c.txt": "" });
    const cwd = path.join(folder, "a", "b");
    const { project } = await loadProject({ cwd, configPath: null, env: {}, statePath: null });
    expect(project?.file).toBe(path.join(folder, "sync.config.yaml"));
    expect(project?.stateFolder).toBe(path.join(folder, ".sluice"));
  });

  test("is named by a flag, as a file or as its folder; state by another", async () => {
    const cwd = projectFolder({
      "p/sync.config.yaml": `${goodConfig}state: { path: kept }\n`,
      "p/specs/contacts.sync.yaml": goodSpec,
    });
    const options = { cwd, env: {}, statePath: null };
    const { project } = await loadProject({ ...options, configPath: "p/sync.config.yaml" });
    expect(project?.stateFolder).toBe(path.join(cwd, "p", "kept"));
    const other = await loadProject({ ...options, configPath: "p", statePath: "elsewhere" });
    expect(other.project?.stateFolder).toBe(path.join(cwd, "elsewhere"));
  });

  test("may begin with a byte order mark and end its lines with CRLF", async () => {
    const dos = (text: string) => `\ufeff${text.replaceAll("\n", "\r\n")}`;
    const { diagnostics, project } = await load({
      "sync.config.yaml": dos(goodConfig),
      "specs/contacts.sync.yaml": dos(goodSpec),
    });
    expect(diagnostics).toEqual([]);
    expect(project?.syncs).toHaveLength(1);
  });

  test("takes each spec once, leaves out what ! excludes, and puts dependencies first", async () => {
    const named = (name: string, more = "") => goodSpec.replace("contacts\n", `${name}\n${more}`);
    const { diagnostics, project } = await load({
      "sync.config.yaml": goodConfig.replace(
        "[specs/*.sync.yaml]",
        '["specs/*.yaml", "**/*.sync.yaml", "!specs/old.yaml"]',
      ),
      "specs/a.sync.yaml": named("a", "dependsOn: [c]\n"),
      "specs/b.sync.yaml": named("b"),
      "specs/deep/c.sync.yaml": named("c"),
      "specs/old.yaml": "not a spec",
      "node_modules/x/d.sync.yaml": "not a spec",
    });
    expect(diagnostics).toEqual([]);
    expect(project?.syncs.map(({ name }) => name)).toEqual(["c", "a", "b"]);
  });

  test("keeps what is sound when one spec is broken", async () => {
    const loaded = await load({
      ...files,
      "specs/broken.sync.yaml": goodSpec.replace("contacts\n", "broken\n").replace("Contact", "{}"),
      "specs/unreadable.sync.yaml": "a: [",
    });
    expect(loaded.project?.syncs.map(({ name }) => name)).toEqual(["contacts"]);
    expect(loaded.broken).toEqual([
      { name: "broken", fileShown: "specs/broken.sync.yaml" },
      { name: null, fileShown: "specs/unreadable.sync.yaml" },
    ]);
  });

  test("has orgs with defaults; secrets stay references", async () => {
    const { project, diagnostics } = await load({
      ...files,
      "sync.config.yaml": `version: 1
orgs:
  prod:
    instanceUrl: https://acme.my.salesforce.com/
    apiVersion: 62.0
    protected: true
    auth: { flow: jwtBearer, clientId: "\${env:ID}", username: a@acme.example, privateKey: "\${file:k}" }
  near: { instanceUrl: "http://127.0.0.1:8080", auth: { flow: accessToken, accessToken: "\${env:T}" } }
  cli: { apiVersion: "60", auth: { flow: sfCli, username: acme } }
syncs: [specs/*.sync.yaml]
`,
    });
    expect(diagnostics).toEqual([]);
    expect(project?.defaultOrg).toBe(null);
    expect(project?.orgs).toEqual({
      prod: {
        name: "prod",
        emulator: false,
        instanceUrl: "https://acme.my.salesforce.com",
        apiVersion: "62.0",
        protected: true,
        auth: {
          flow: "jwtBearer",
          clientId: "${env:ID}",
          username: "a@acme.example",
          privateKey: "${file:k}",
          audience: null,
        },
        position: { file: "sync.config.yaml", line: 3, column: 3 },
      },
      near: expect.objectContaining({ instanceUrl: "http://127.0.0.1:8080", apiVersion: "61.0" }),
      cli: expect.objectContaining({ instanceUrl: null, apiVersion: "60.0" }),
    });
  });

  test("has its only org for the default", async () => {
    const config = goodConfig.replace("defaultOrg: demo\n", "");
    const { project } = await load({ ...files, "sync.config.yaml": config });
    expect(project?.defaultOrg).toBe("demo");
  });
});
