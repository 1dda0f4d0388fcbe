import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { systemClock } from "../../engine/base/clock.ts";
import { asEngineError } from "../../engine/base/engine-error.ts";
import { applyCommand } from "../../engine/cli/apply-command.ts";
import type { Context } from "../../engine/cli/context.ts";
import { type PlanFlags, planCommand } from "../../engine/cli/plan-command.ts";
import { envelope } from "../../engine/cli/respond.ts";
import { type CommandResult, failure } from "../../engine/cli/result.ts";
import { type RunFlags, runCommand } from "../../engine/cli/run-command.ts";
import { startEmulator } from "../../engine/emulator/emulator.ts";
import { type Client, client, type Json } from "../emulator/local-org.ts";

/** A project in a temporary folder with a local org, both inside this process: commands are called as
 *  functions, so that a test may run hundreds of them. */
export interface LocalProject {
  readonly folder: string;
  readonly org: Client;
  /** The org of the next commands; null: the default. */
  useOrg(name: string | null): void;
  /** The terminal of the next commands: 80 columns without colour at first. */
  useScreen(width: number, color: boolean): void;
  /** What is free on the disk, each time that it is asked; the last answer stays. Null: it does not say. */
  useFreeBytes(...bytes: (number | null)[]): void;
  write(name: string, content: string | Uint8Array): void;
  read(name: string): string;
  remove(name: string): void;
  /** Makes a file look as if written so long ago. */
  age(name: string, ms: number): void;
  readonly token: string;
  /** Another org takes the place of this one. */
  moveTo(other: LocalProject): void;
  plan(names?: readonly string[], flags?: Partial<PlanFlags>): Promise<Ended>;
  run(names?: readonly string[], flags?: Partial<RunFlags>): Promise<Ended>;
  apply(file: string, override?: readonly string[]): Promise<Ended>;
  command(name: string, act: (context: Context) => Promise<CommandResult>): Promise<Ended>;
}

export interface Ended {
  readonly exitCode: number;
  readonly text: string;
  readonly data: Json;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** The whole --json document. */
  readonly document: unknown;
}

const closers: (() => Promise<void> | void)[] = [];

afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Key__c on the objects that tests sync. */
export const SHAPE = `objects:
  Contact:
    fields:
      Key__c: { type: string, length: 40, externalId: true, unique: true }
      Score__c: { type: double, precision: 8, scale: 2 }
      Active__c: { type: boolean }
  Account:
    fields:
      Key__c: { type: string, length: 40, externalId: true, unique: true }
`;

export async function localProject(options: {
  readonly files: Readonly<Record<string, string>>;
  readonly shape?: string;
  readonly seeds?: Readonly<Record<string, string>>;
}): Promise<LocalProject> {
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-plan-"));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  write("org/shape.yaml", options.shape ?? SHAPE);
  mkdirSync(path.join(folder, "seed"));
  for (const [object, csv] of Object.entries(options.seeds ?? {})) write(`seed/${object}.csv`, csv);
  const emulator = await startEmulator({
    dir: path.join(folder, "org"),
    orgShapeFiles: [path.join(folder, "org/shape.yaml")],
    seedDir: path.join(folder, "seed"),
    control: true,
    batchDelayMs: 0,
  });
  closers.push(() => emulator.close());
  write("sync.config.yaml", configOf(emulator.url));
  for (const [name, content] of Object.entries(options.files)) write(name, content);
  let token = emulator.accessToken;
  let org: string | null = null;
  let free: (number | null)[] = [1e12];
  let screen = { width: 80, color: false };
  const context = (): Context => ({
    cwd: folder,
    env: { TEST_TOKEN: token },
    freeBytes: () => (free.length > 1 ? free.shift() : free[0]) ?? null,
    clock: { ...systemClock, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 5), signal) },
    flags: { config: null, org, state: null, json: true },
    signal: new AbortController().signal,
    out: () => {},
    err: () => {},
    live: false,
    ...screen,
    errScreen: { color: screen.color, columns: screen.width },
  });
  const command: LocalProject["command"] = async (name, act) => {
    const result = await act(context()).catch((error) => failure(asEngineError(error)));
    const { exitCode, text, data, error } = result;
    return { exitCode, text, data, error, document: envelope(name, result, exitCode) };
  };
  const read = (name: string) => readFileSync(path.join(folder, name), "utf8");
  return {
    folder,
    org: client(emulator),
    useOrg(name) {
      org = name;
    },
    useFreeBytes(...bytes) {
      free = bytes;
    },
    useScreen(width, color) {
      screen = { width, color };
    },
    token,
    moveTo(other) {
      token = other.token;
      write("sync.config.yaml", other.read("sync.config.yaml"));
    },
    write,
    read,
    remove: (name) => rmSync(path.join(folder, name)),
    age(name, ms) {
      const at = new Date(systemClock.now() - ms);
      utimesSync(path.join(folder, name), at, at);
    },
    command,
    plan: (names = [], flags = {}) =>
      command("plan", (own) => planCommand(names, { ...PLAN_FLAGS, ...flags }, own)),
    run: (names = [], flags = {}) =>
      command("run", (own) => runCommand(names, { ...RUN_FLAGS, ...flags }, own)),
    apply: (file, override = []) =>
      command("apply", (own) => applyCommand(file, { override }, own)),
  };
}

const PLAN_FLAGS: PlanFlags = {
  full: false,
  refresh: false,
  resendUnknown: false,
  format: "text",
  detailedExitcode: false,
  samples: 3,
  showValues: false,
  diffOut: null,
  out: null,
};

const RUN_FLAGS: RunFlags = {
  full: false,
  refresh: false,
  approve: false,
  override: [],
  resendUnknown: false,
};

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
syncs: ["*.sync.yaml"]
`;
}
