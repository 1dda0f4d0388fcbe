import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmulator } from "../../engine/emulator/emulator.ts";
import { API, type Client, client } from "../emulator/local-org.ts";
import { compiledMain } from "./compiled-engine.ts";
import { type KillProxy, startKillProxy } from "./kill-proxy.ts";

export type Operation = "insert" | "update" | "upsert" | "delete" | "updateByKey";

export const OPERATIONS: readonly Operation[] = [
  "insert",
  "update",
  "upsert",
  "delete",
  "updateByKey",
];

const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const ROWS = 21;
/** Rows of the source by their number: one never works; two of an upsert work the second time, and one
 *  waits for a parent that is not there the first time. */
const BAD = 3;
const LOCKED = [8, 17];
const ORPHAN = 13;
/** No record of the org has them. */
const NO_ACCOUNT = "001000000000ZZZAAA";
const NO_CONTACT = "003000000000ZZZAAA";

/** A project whose org is a local org behind a proxy: one run of five chunks, with rows that fail, rows
 *  that pass the second time, and a job that ends Failed with rows committed. */
export interface Scenario {
  readonly operation: Operation;
  readonly folder: string;
  readonly org: Client;
  readonly proxy: KillProxy;
  start(words: readonly string[], env?: Readonly<Record<string, string>>): Running;
  close(): Promise<void>;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  /** Null: killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PRELOAD = path.join(import.meta.dirname, "preload.mjs");
/** How much faster time runs for the command: polls of seconds would make a sweep last hours. */
const SPEED = "40";

export async function newScenario(operation: Operation): Promise<Scenario> {
  const folder = mkdtempSync(path.join(PLACE, "sluice-chaos-"));
  writeFileSync(path.join(folder, "shape.yaml"), SHAPE);
  const emulator = await startEmulator({
    dir: path.join(folder, "org"),
    orgShapeFiles: [path.join(folder, "shape.yaml")],
    control: true,
    batchDelayMs: 0,
  });
  const org = client(emulator);
  const proxy = await startKillProxy(emulator.url);
  const keys = await seed(operation, org);
  await org.faults(faultsFor(operation, keys));
  writeFileSync(path.join(folder, "sync.config.yaml"), configFor(proxy.url));
  writeFileSync(path.join(folder, "contacts.sync.yaml"), specFor(operation));
  writeFileSync(path.join(folder, "rows.csv"), sourceFor(operation, keys));
  return {
    operation,
    folder,
    org,
    proxy,
    start(words, env = {}) {
      const main = compiledMain();
      const child = spawn(process.execPath, ["--import", PRELOAD, main, ...words], {
        cwd: folder,
        env: {
          ...process.env,
          TOKEN: emulator.accessToken,
          NO_COLOR: "1",
          CHAOS_SPEED: SPEED,
          CHAOS_ENGINE: main,
          ...env,
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      return { child, ended: endOf(child) };
    },
    async close() {
      await proxy.close();
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** The --json document. Its data is as loose as JSON.parse gives it: a test names what it expects. */
export interface JsonDocument {
  readonly exitCode: number;
  readonly data: ReturnType<typeof JSON.parse>;
  readonly error: ReturnType<typeof JSON.parse>;
  readonly warnings: readonly string[];
}

/** Runs one command to its end and gives its --json document. */
export async function json(
  scenario: Scenario,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<JsonDocument> {
  const { stdout, stderr } = await scenario.start([...words, "--json"], env).ended;
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`no document from ${words.join(" ")}:\n${stdout}\n${stderr}`);
  }
}

/** Resumes until nothing is left to resume, begins the run where it never began, and gives the run's
 *  counts. */
export async function finishAll(scenario: Scenario): Promise<unknown> {
  scenario.proxy.watch(null, null);
  for (let tries = 0; tries < 5; tries++) {
    const resumed = await json(scenario, ["resume"]);
    if (resumed.exitCode === 7) continue;
    const [run] = resumed.data.runs;
    if (run !== undefined) return run.counts;
    const { runs } = (await json(scenario, ["runs"])).data;
    if (runs.length > 0) return runs.at(-1).counts;
    const begun = await json(scenario, ["run"]);
    if (begun.exitCode !== 7) return begun.data.runs[0].counts;
  }
  throw new Error("The run does not come to its end.");
}

/** The org's own ledger: each row that can be applied was applied once, and no job is left Open with
 *  rows in it. Gives what is wrong; empty when all is well. */
export async function whatIsWrong(scenario: Scenario): Promise<string[]> {
  const wrong: string[] = [];
  const { org, operation } = scenario;
  const seeds = new Set(scenarioSeeds.get(scenario.org) ?? []);
  const applied = new Map<string, number>();
  const note = (key: string) => applied.set(key, (applied.get(key) ?? 0) + 1);
  // An insert made twice is two records with one key; the ledger knows them by their Ids only.
  if (operation === "insert") {
    for (const { ERP_Id__c } of await org.query("SELECT ERP_Id__c FROM Contact")) note(ERP_Id__c);
  } else {
    const entries = (await org.call("GET", "/__control/ledger")).json;
    for (const { jobId, id } of entries) if (!seeds.has(jobId)) note(id);
  }
  for (const [key, count] of applied)
    if (count !== 1) wrong.push(`${key} was applied ${count} times`);
  if (applied.size !== ROWS - 1) wrong.push(`${applied.size} rows were applied, not ${ROWS - 1}`);
  const { records } = (await org.call("GET", `${API}/jobs/ingest`)).json;
  for (const { id, state } of records) {
    if (state !== "Open") continue;
    const job = (await org.call("GET", `${API}/jobs/ingest/${id}`)).json;
    if (job.numberRecordsProcessed !== undefined) wrong.push(`job ${id} is left Open with rows`);
  }
  return wrong;
}

/** Jobs that made the records a scenario begins with. */
const scenarioSeeds = new Map<Client, string[]>();

/** Makes the records that are to be updated or deleted; gives the key of each source row. */
async function seed(operation: Operation, org: Client): Promise<string[]> {
  const keys = Array.from({ length: ROWS }, (_, i) => `C-${i}`);
  if (operation === "insert" || operation === "upsert") return keys;
  const rows = keys.map((key, i) => `${key},Name ${i}\n`).join("");
  const job = await org.load(
    { object: "Contact", operation: "insert" },
    `ERP_Id__c,LastName\n${rows}`,
  );
  await org.finish(job);
  scenarioSeeds.set(org, [job]);
  const records = await org.query("SELECT Id, ERP_Id__c FROM Contact");
  const idOf = new Map(records.map(({ Id, ERP_Id__c }) => [ERP_Id__c, Id]));
  if (operation === "updateByKey") return keys.map((key, i) => (i === BAD ? "C-none" : key));
  return keys.map((key, i) => (i === BAD ? NO_CONTACT : idOf.get(key)));
}

function faultsFor(operation: Operation, keys: readonly string[]): unknown[] {
  const on = { job: { object: "Contact" } };
  const failing = { on: { ...on, nth: 2 }, do: { failAfterRows: 3 } };
  if (operation !== "upsert") {
    return [{ on, do: { rowError: { every: 4, attempts: 1 } } }, failing];
  }
  const name = (i: number) => keys[i] ?? "";
  const orphan = { code: "INVALID_CROSS_REFERENCE_KEY", message: "invalid cross reference id" };
  return [
    { on, do: { rowError: { code: "REQUIRED_FIELD_MISSING", keys: [name(BAD)] } } },
    { on, do: { rowError: { keys: LOCKED.map(name), attempts: 1 } } },
    { on, do: { rowError: { ...orphan, keys: [name(ORPHAN)], attempts: 1 } } },
    failing,
  ];
}

const SHAPE = `objects:
  Contact: { fields: { ERP_Id__c: { type: string, length: 40, externalId: true } } }
`;

function configFor(url: string): string {
  return `version: 1
defaultOrg: test
orgs:
  test: { instanceUrl: "${url}", auth: { flow: accessToken, accessToken: "\${env:TOKEN}" } }
syncs: ["*.sync.yaml"]
`;
}

function specFor(operation: Operation): string {
  const byId = operation === "update" || operation === "delete";
  const verb = operation === "updateByKey" ? "update" : operation;
  const key = byId ? "" : ", externalId: ERP_Id__c";
  const name = operation === "delete" ? "" : "  LastName: name\n";
  const account = operation === "insert" ? "  AccountId: account\n" : "";
  return `sync: contacts
source: { files: rows.csv }
target: { object: Contact, operation: ${verb}${key} }
mapping:
  ${byId ? "Id" : "ERP_Id__c"}: key
${name}${account}chunk: { maxRows: 5 }
parallelJobs: 2
retry: { rounds: 2 }
`;
}

function sourceFor(operation: Operation, keys: readonly string[]): string {
  if (operation === "delete") return `${["key", ...keys].join("\n")}\n`;
  const rows = keys.map((key, i) => `${key},New ${i},${i === BAD ? NO_ACCOUNT : ""}`);
  return `${["key,name,account", ...rows].join("\n")}\n`;
}

/** Writes to the disk that an undisturbed run makes. */
export function writesCounted(file: string): number {
  return Number(readFileSync(file, "utf8").trim().split("\n").at(-1));
}
