import { beforeAll, expect, test } from "vitest";
import { newProject, type TestProject } from "../cli/test-project.ts";
import type { Json } from "../emulator/local-org.ts";

/** What a spec says beside its fields, by the records and the counts: all syncs in one run. */
const SPECS: Readonly<Record<string, string>> = {
  parents: `
source: { files: parents.csv }
target: { object: Account, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, Name: name, RecordTypeId: { from: type, recordType: true } }
`,
  children: `
source: { files: children.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Account.Key__c: parent }
where: row.name != "" && !row.name.startsWith("Test")
dependsOn: [parents]
chunk: { maxRows: 2 }
results: failures
retry: { rounds: 0 }
guards: { maxFailed: 1 }
`,
  leads: `
source: { files: leads.csv }
target: { object: Lead, operation: insert, externalId: Key__c, assignmentRuleId: 01Q5e0000000Xyz }
mapping: { Key__c: key, LastName: key, Company: { value: Acme }, "User:Owner.Email": owner }
`,
  first: `
source: { files: twice.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: { expr: '"first-" + row.key' }, LastName: name }
duplicates: first
`,
  last: `
source: { files: twice.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: { expr: '"last-" + row.key' }, LastName: name }
duplicates: last
`,
  reject: `
source: { files: twice.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: { expr: '"reject-" + row.key' }, LastName: name }
guards: { maxFailed: 50% }
`,
  stop: `
source: { files: twice.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: { expr: '"stop-" + row.key' }, LastName: { from: name, nulls: error } }
duplicates: first
onInvalid: stop
`,
  repeat: `
source: { files: leads.csv }
target: { object: Campaign, operation: insert }
mapping: { Name: { from: key } }
repeat: true
`,
};

const FILES = {
  "parents.csv": "key,name,type\np1,One,Partner\np2,Two,Key_Account\n",
  "children.csv":
    "key,name,parent\nc1,Ada,p1\nc2,Test,p1\nc3,,p2\nc4,Bo,P2\nc5,Cy,p1\nc6,Di,nobody\nc7,Ed,\n",
  "leads.csv": "key,owner\nl1,ann@example.com\nl2,integration@example.com\n",
  "twice.csv": "key,name\nk1,One\nk2,Two\nK1,Three\nk3,\n",
};

let project: TestProject;
let runs: Map<string, Json>;

beforeAll(async () => {
  const specs = Object.entries(SPECS).map(([name, spec]) => [
    `${name}.sync.yaml`,
    `sync: ${name}${spec}`,
  ]);
  const key = "Key__c: { type: string, externalId: true, unique: true }";
  project = await newProject({
    shape: `objects:
  Account: { recordTypes: [Partner, Key Account], fields: { ${key} } }
  Contact: { fields: { ${key} } }
  Lead: { fields: { ${key} } }
`,
    seeds: {
      User: "Username,LastName,Email,Alias,TimeZoneSidKey,LocaleSidKey,LanguageLocaleKey\nann@x.example,Ann,ann@example.com,ann,UTC,en_US,en_US\n",
    },
    files: { ...FILES, ...Object.fromEntries(specs) },
  });
  const document = (await project.sluice("run", "--json")).document();
  runs = new Map(document.data.runs.map((run: { sync: string }) => [run.sync, run]));
});

const query = (soql: string) => project.org.query(soql);

test("recordType: a DeveloperName becomes the Id", async () => {
  const records = await query("SELECT Name, RecordType.DeveloperName FROM Account ORDER BY Name");
  expect(records).toMatchObject([
    { Name: "One", RecordType: { DeveloperName: "Partner" } },
    { Name: "Two", RecordType: { DeveloperName: "Key_Account" } },
  ]);
});

test("a relationship column finds the parent, in any letter case; a blank one has none", async () => {
  const records = await query("SELECT Key__c, Account.Name FROM Contact WHERE Key__c LIKE 'c%'");
  const names = records.map((one) => [one.Key__c, one.Account?.Name ?? null]).sort();
  expect(names).toEqual([
    ["c1", "One"],
    ["c4", "Two"],
    ["c5", "One"],
    ["c7", null],
  ]);
});

test("a parent that is not there fails the row, told in failed.csv", () => {
  const run = runs.get("children");
  expect(project.readCsv(run.files.failed)).toMatchObject([
    { key: "c6", name: "Di", file: "children.csv", line: "7", code: "INVALID_FIELD" },
  ]);
  expect(project.readCsv(run.files.failed)[0]?.message).toContain("nobody not found");
});

test("where filters rows", () => {
  expect(runs.get("children").counts).toMatchObject({ source: 7, filtered: 2, sent: 5 });
});

test("dependsOn: parents run before their children", () => {
  const names = [...runs.keys()];
  expect(names.indexOf("parents")).toBeLessThan(names.indexOf("children"));
  expect(runs.get("parents").state).toBe("succeeded");
});

test("chunk.maxRows: five rows are three jobs", () => {
  const [first, second, third] = runs.get("children").jobs;
  expect([first.rows, second.rows, third.rows]).toEqual([2, 2, 1]);
});

test("results: failures leaves created and updated unknown, never the failed rows", () => {
  expect(runs.get("children").counts).toMatchObject({ succeeded: 4, failed: 1 });
  expect(runs.get("children").counts.updated).toBeNull();
});

test("a polymorphic owner is found by email", async () => {
  const records = await query("SELECT Key__c, Owner.Email FROM Lead ORDER BY Key__c");
  expect(records.map((one) => one.Owner.Email)).toEqual([
    "ann@example.com",
    "integration@example.com",
  ]);
});

test("assignmentRuleId goes to the job", async () => {
  const { id } = runs.get("leads").jobs[0];
  const job = await project.org.call("GET", `/services/data/v61.0/jobs/ingest/${id}`);
  expect(job.json.assignmentRuleId).toMatch(/^01Q5e0000000Xyz/);
});

test.each([
  ["first", "One", { source: 4, duplicate: 1, sent: 3 }],
  ["last", "Three", { source: 4, duplicate: 1, sent: 3 }],
  ["reject", undefined, { source: 4, duplicate: 2, sent: 2 }],
])("duplicates: %s sends %s", async (policy, name, counts) => {
  const records = await query(`SELECT LastName FROM Contact WHERE Key__c = '${policy}-k1'`);
  expect(records[0]?.LastName).toBe(name);
  expect(runs.get(policy).counts).toMatchObject(counts);
});

test("duplicates: reject lists every row of the key", () => {
  const rows = project.readCsv(runs.get("reject").files.invalid);
  const duplicates = rows.filter(({ code }) => code === "KEY_DUPLICATE");
  expect(duplicates.map(({ key, line }) => [key, line])).toEqual([
    ["k1", "2"],
    ["K1", "4"],
  ]);
});

test("onInvalid: stop sends nothing when one row is invalid", async () => {
  expect(runs.get("stop")).toMatchObject({ state: "failed", error: { code: "RUN_INVALID_STOP" } });
  expect(await query("SELECT Id FROM Contact WHERE Key__c LIKE 'stop-%'")).toEqual([]);
});

test("repeat: an insert without a key", async () => {
  expect(await query("SELECT Name FROM Campaign ORDER BY Name")).toMatchObject([
    { Name: "l1" },
    { Name: "l2" },
  ]);
});

test("the counts of every run add up", () => {
  for (const { counts } of runs.values()) {
    const { source, filtered, invalid, duplicate, unchanged, sent, pending } = counts;
    expect(source).toBe(filtered + invalid + duplicate + unchanged + sent + pending);
    const { succeeded, failed, unprocessed, unknown, inFlight } = counts;
    expect(sent).toBe(succeeded + failed + unprocessed + unknown + inFlight);
  }
});
