import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEmulator } from "../../engine/emulator/emulator.ts";
import { startSluice } from "../cli/sluice-process.ts";
import { type Client, client } from "../emulator/local-org.ts";

/** The examples as a user runs them: on the embedded org, in a copy. */
const ROOT = path.resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "sluice-examples-"));

/** source = filtered + invalid + duplicate + sent on a first run; what is left out is 0. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, number | null>>>> = {
  accounts: { source: 321, filtered: 6, invalid: 4, duplicate: 2, created: 297, updated: 12 },
  contacts: { source: 431, filtered: 5, invalid: 7, duplicate: 2, created: 417 },
  "contact-phones": { source: 223, invalid: 2, duplicate: 1, updated: 220 },
  leads: { source: 300, filtered: 11, invalid: 3, succeeded: 286 },
  campaigns: { source: 211, duplicate: 1, created: 210 },
  "campaign-members": { source: 384, invalid: 2, created: 380, failed: 2 },
  "lead-erasure": { source: 111, invalid: 1, deleted: 110 },
};

interface Run {
  readonly state: string;
  readonly counts: Readonly<Record<string, number | null>>;
  readonly files: { readonly failed: string | null; readonly invalid: string | null };
}

let org: Client;
let closeOrg: () => Promise<void> = async () => {};
let runs: Map<string, Run>;
let exitCode: number | null;

beforeAll(async () => {
  for (const name of ["examples", "emulator", "sync.config.yaml"]) {
    cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  const outcome = await startSluice(["run", "--json"], { cwd: folder }).ended;
  exitCode = outcome.exitCode;
  runs = new Map(outcome.document().data.runs.map((run: { sync: string }) => [run.sync, run]));
  const emulator = await startEmulator({
    dir: path.join(folder, ".sluice", "emulator"),
    orgShapeFiles: [path.join(folder, "emulator", "demo.yaml")],
  });
  closeOrg = emulator.close;
  org = client(emulator);
});

afterAll(async () => {
  await closeOrg();
  rmSync(folder, { recursive: true, force: true });
});

test("every example with a spec is in the table, and every one has a README", () => {
  const examples = readdirSync(path.join(ROOT, "examples"));
  const withSpec = examples.filter((name) =>
    existsSync(path.join(ROOT, "examples", name, `${name}.sync.yaml`)),
  );
  expect(withSpec.sort()).toEqual(Object.keys(EXPECTED).sort());
  for (const name of examples) {
    expect(readFileSync(path.join(ROOT, "examples", name, "README.md"), "utf8")).toMatch(/^# /);
  }
});

test("they validate against the committed describes, without a word of complaint", async () => {
  const outcome = await startSluice(["validate", "--json"], { cwd: ROOT }).ended;
  expect(outcome.document()).toMatchObject({ ok: true, warnings: [], error: null });
  const { syncs } = outcome.document().data;
  expect(syncs).toHaveLength(Object.keys(EXPECTED).length);
  for (const one of syncs) expect(one.describe).toBe("snapshot");
});

test("they run: bad rows stay within what each spec allows", () => expect(exitCode).toBe(0));

test.each(Object.entries(EXPECTED))("%s: the counts", (name, expected) => {
  expect(runs.get(name)?.counts).toMatchObject({
    filtered: 0,
    invalid: 0,
    duplicate: 0,
    failed: 0,
    unknown: 0,
    pending: 0,
    ...expected,
  });
});

test.each([
  [
    "accounts",
    "SELECT Name, RecordType.DeveloperName, BillingStreet, BillingCountry, AnnualRevenue, NumberOfEmployees, Segment__c, Owner.Email FROM Account WHERE ERP_Id__c = 'K-10058'",
    {
      Name: "Atelier Béranger Optik GmbH & Co. KG",
      RecordType: { DeveloperName: "Key_Account" },
      BillingStreet: "Werk 2\nTor 4; Rampe 2",
      BillingCountry: "Germany",
      // The field holds whole numbers; Salesforce rounds.
      AnnualRevenue: 222342495,
      NumberOfEmployees: 3463,
      Segment__c: "Small",
      Owner: { Email: "petra.brandt@example.com" },
    },
  ],
  [
    "contacts",
    "SELECT LastName, FirstName, Birthdate, Last_Seen__c, Score__c, Account.ERP_Id__c, Department, Loyalty_Tier__c FROM Contact WHERE ERP_Id__c = 'C-20001'",
    {
      LastName: "Ågård",
      FirstName: "Åse",
      Birthdate: "1983-12-07",
      Last_Seen__c: "2025-11-27T06:51:00.000+0000",
      Score__c: 675.83,
      Account: { ERP_Id__c: "K-10242" },
      Department: "Køge / A",
      Loyalty_Tier__c: "Silver",
    },
  ],
  [
    "campaigns",
    "SELECT Type, StartDate, BudgetedCost, Description FROM Campaign WHERE Code__c = 'CMP-0020'",
    {
      StartDate: expect.stringMatching(/^20\d\d-/),
      BudgetedCost: expect.any(Number),
      Description: 'Public : « décideurs », accueil dès 9 h\nInscription "obligatoire"',
    },
  ],
])("%s: a record as it arrived", async (_, soql, record) => {
  expect(await org.query(soql)).toMatchObject([record]);
});

test("contact-phones: a blank number is wiped; the last row of a contact counts", async () => {
  const wiped = await org.query(
    "SELECT Id FROM Contact WHERE MobilePhone = null AND ERP_Id__c LIKE 'S-%'",
  );
  expect(wiped).toHaveLength(38);
  const [last] = await org.query("SELECT Phone FROM Contact WHERE ERP_Id__c = 'S-30004'");
  expect(last.Phone).toBe("+49 221 555-01");
});

test("campaigns: one that left the export is completed, the others stay", async () => {
  const file = path.join(folder, "examples", "campaigns", "campagnes.tsv");
  const lines = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, lines.filter((line) => !line.startsWith("CMP-0030\t")).join("\n"));
  const outcome = await startSluice(["run", "campaigns", "--json"], { cwd: folder }).ended;
  const [, mirror] = outcome.document().data.runs;
  expect(mirror.counts).toMatchObject({ sent: 1, updated: 1 });
  const left = await org.query("SELECT IsActive, Status FROM Campaign WHERE Code__c = 'CMP-0030'");
  expect(left).toMatchObject([{ IsActive: false, Status: "Completed" }]);
});

test("lead-erasure: the leads are gone, the others are there", async () => {
  const left = await org.query("SELECT Id FROM Lead WHERE Web_Id__c LIKE 'W-1%'");
  expect(left).toHaveLength(50);
});

test("campaign-members: failed.csv holds the rows with Salesforce's reason", () => {
  const file = runs.get("campaign-members")?.files.failed ?? "";
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true });
  expect(rows).toMatchObject([
    { contact: "C-29999", code: "INVALID_FIELD", message: expect.stringContaining("c-29999") },
    { campaign: "CMP-9999", code: "INVALID_FIELD", message: expect.stringContaining("cmp-9999") },
  ]);
});

test("every invalid row of every example says why", () => {
  for (const { files } of runs.values()) {
    if (files.invalid === null) continue;
    const rows: Record<string, string>[] = parse(readFileSync(files.invalid), { columns: true });
    for (const row of rows) expect(row.code !== "" && row.reason !== "").toBe(true);
  }
});
