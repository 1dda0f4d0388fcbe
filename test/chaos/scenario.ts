import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { startEmulator } from "../../engine/emulator/emulator.ts";
import { type Client, client } from "../emulator/local-org.ts";
import { compiledMain } from "./compiled-engine.ts";
import { type KillProxy, startKillProxy } from "./kill-proxy.ts";
import { keysById, type Operation, type Work, workOf } from "./works.ts";

const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const PRELOAD = path.join(import.meta.dirname, "preload.mjs");
/** How much faster time runs for the command: polls of seconds would make a sweep last hours. */
const SPEED = "40";

/** A project whose org is a local org behind a proxy, and a work that is to be done in it. */
export interface Scenario {
  readonly operation: Operation;
  readonly work: Work;
  readonly folder: string;
  readonly org: Client;
  readonly proxy: KillProxy;
  /** The command that does the work. */
  readonly begin: readonly string[];
  readonly before: Before;
  /** Entries of the org's ledger before it. */
  readonly appliedBefore: number;
  /** `fileKib`: how large a file the command may write, as a disk that has no more room. */
  start(
    words: readonly string[],
    env?: Readonly<Record<string, string>>,
    fileKib?: number,
  ): Running;
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

/** What went before the work, made once and copied for each scenario: a folder with its state and its
 *  org. */
const templates = new Map<Operation, Promise<string>>();

afterAll(async () => {
  for (const folder of templates.values()) {
    rmSync(await folder, { recursive: true, force: true });
  }
  templates.clear();
});

export async function newScenario(operation: Operation): Promise<Scenario> {
  let template = templates.get(operation);
  if (template === undefined) {
    template = makeTemplate(operation);
    templates.set(operation, template);
  }
  const folder = mkdtempSync(path.join(PLACE, "sluice-chaos-"));
  cpSync(await template, folder, { recursive: true });
  const opened = await openProject(operation, folder);
  const { work, org } = opened;
  const before: Before = JSON.parse(readFileSync(path.join(folder, BEFORE), "utf8"));
  await org.faults([...work.faults]);
  const appliedBefore = (await org.ledger()).length;
  return { ...opened, before, appliedBefore, begin: work.begin(before) };
}

/** What a work finds: the ids of earlier runs, the newest first, and the org's records: key by Id. */
export interface Before {
  readonly runs: readonly string[];
  readonly keys: Readonly<Record<string, string>>;
}

async function makeTemplate(operation: Operation): Promise<string> {
  const folder = mkdtempSync(path.join(PLACE, "sluice-chaos-"));
  const opened = await openProject(operation, folder, false);
  const { work, org, proxy } = opened;
  try {
    await work.prepare(folder, org, (...words) => json(opened, words));
    const ran = existsSync(path.join(folder, ".sluice"));
    const runs = ran ? (await json(opened, ["runs"])).data.runs : [];
    const before: Before = {
      runs: runs.map(({ runId }: { runId: string }) => runId),
      keys: Object.fromEntries(await keysById(org)),
    };
    writeFileSync(path.join(folder, BEFORE), JSON.stringify(before));
  } finally {
    await proxy.close();
    await org.emulator.close();
  }
  return folder;
}

async function openProject(operation: Operation, folder: string, temporary = true) {
  const work = workOf(operation);
  writeFileSync(path.join(folder, "shape.yaml"), SHAPE);
  const emulator = await startEmulator({
    dir: path.join(folder, "org"),
    orgShapeFiles: [path.join(folder, "shape.yaml")],
    control: true,
    batchDelayMs: 0,
  });
  const org = client(emulator);
  const proxy = await startKillProxy(emulator.url);
  writeFileSync(path.join(folder, "sync.config.yaml"), configFor(proxy.url));
  return {
    operation,
    work,
    folder,
    org,
    proxy,
    start(
      words: readonly string[],
      env: Readonly<Record<string, string>> = {},
      fileKib?: number,
    ): Running {
      const main = compiledMain();
      const limit =
        fileKib === undefined ? [] : ["bash", "-c", `ulimit -f ${fileKib}; exec "$@"`, ""];
      const [program = "", ...args] = [
        ...limit,
        process.execPath,
        "--import",
        PRELOAD,
        main,
        ...words,
      ];
      const child = spawn(program, args, {
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
      if (temporary) rmSync(folder, { recursive: true, force: true });
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
  scenario: Pick<Scenario, "start">,
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

const BEFORE = "before.json";

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

/** Writes to the disk that an undisturbed run makes. */
export function writesCounted(file: string): number {
  return Number(readFileSync(file, "utf8").trim().split("\n").at(-1));
}
