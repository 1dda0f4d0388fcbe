import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { Json } from "../emulator/local-org.ts";

export const MAIN = path.resolve(import.meta.dirname, "../../dist/cli/main.js");

export interface Outcome {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The --json document; fails the test when stdout is anything but one. */
  document(): Envelope;
}

export interface Envelope {
  readonly schemaVersion: number;
  readonly command: string;
  readonly ok: boolean;
  readonly exitCode: number;
  readonly data: Json;
  readonly warnings: readonly string[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
    readonly diagnostics: readonly Readonly<Record<string, unknown>>[];
  } | null;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** Resolves with the first line on stdout. */
  firstLine(): Promise<string>;
}

/** This process's, without colours unless `more` says otherwise; an empty text of `more` unsets. */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const all = Object.entries({ ...process.env, NO_COLOR: "1", ...more });
  return Object.fromEntries(all.filter(([, value]) => value !== ""));
}

/** Starts the built command as a user's shell would. */
export function startSluice(
  words: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Running {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      resolve({ exitCode, stdout, stderr, document: () => JSON.parse(stdout) });
    });
  });
  const firstLine = () =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const end = stdout.indexOf("\n");
        if (end >= 0) resolve(stdout.slice(0, end));
      };
      child.stdout.on("data", look);
      look();
      ended.then(() => reject(new Error(`ended without a line:\n${stderr}`)), reject);
    });
  return { child, ended, firstLine };
}
