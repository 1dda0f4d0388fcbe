import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll } from "vitest";
import { startEmulator } from "../../engine/emulator/emulator.ts";
import { type Client, client } from "../emulator/local-org.ts";
import { type Outcome, type Running, startSluice } from "./sluice-process.ts";

/** A project in a temporary folder whose default org, `test`, is a local org inside this process:
 *  the command talks to it over HTTP as to any org, and the test looks at its records. */
export interface TestProject {
  readonly folder: string;
  readonly org: Client;
  write(name: string, content: string | Uint8Array): void;
  read(name: string): string;
  /** The records of a CSV file, by column. */
  readCsv(file: string): Record<string, string>[];
  start(...words: string[]): Running;
  sluice(...words: string[]): Promise<Outcome>;
  /** With more in the environment; an empty text is as good as unset. */
  sluiceWith(env: Readonly<Record<string, string>>, ...words: string[]): Promise<Outcome>;
  /** What a command needs in its environment to reach the org. */
  readonly env: Readonly<Record<string, string>>;
}

const closers: (() => Promise<void> | void)[] = [];

afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

export async function newProject(
  options: {
    /** emulator/*.yaml of the org. */
    readonly shape?: string;
    /** Seeds by object. */
    readonly seeds?: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string | Uint8Array>>;
    readonly batchDelayMs?: number;
  } = {},
): Promise<TestProject> {
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-project-"));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const write: TestProject["write"] = (name, content) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  write("shape.yaml", options.shape ?? "objects: {}\n");
  mkdirSync(path.join(folder, "seed"));
  for (const [object, csv] of Object.entries(options.seeds ?? {})) write(`seed/${object}.csv`, csv);
  const emulator = await startEmulator({
    dir: path.join(folder, "org"),
    orgShapeFiles: [path.join(folder, "shape.yaml")],
    seedDir: path.join(folder, "seed"),
    control: true,
    batchDelayMs: options.batchDelayMs ?? 0,
  });
  closers.push(() => emulator.close());
  write("sync.config.yaml", configOf(emulator.url));
  for (const [name, content] of Object.entries(options.files ?? {})) write(name, content);
  const env = { TEST_TOKEN: emulator.accessToken };
  const start = (...words: string[]) => startSluice(words, { cwd: folder, env });
  return {
    folder,
    org: client(emulator),
    write,
    read: (name) => readFileSync(path.join(folder, name), "utf8"),
    readCsv: (file) => parse(readFileSync(path.resolve(folder, file)), { columns: true }),
    start,
    sluice: (...words) => start(...words).ended,
    sluiceWith: (more, ...words) =>
      startSluice(words, { cwd: folder, env: { ...env, ...more } }).ended,
    env,
  };
}

function configOf(url: string): string {
  return `version: 1
defaultOrg: test
orgs:
  test:
    instanceUrl: ${url}
    auth: { flow: accessToken, accessToken: "\${env:TEST_TOKEN}" }
  guarded:
    instanceUrl: ${url}
    protected: true
    auth: { flow: accessToken, accessToken: "\${env:TEST_TOKEN}" }
  locked-out:
    instanceUrl: ${url}
    auth: { flow: accessToken, accessToken: "\${env:WRONG_TOKEN}" }
syncs: ["*.sync.yaml"]
`;
}
