import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import type { Emulator, EmulatorOptions } from "../../engine/emulator/emulator.ts";
import { type Client, client } from "./local-org.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let compiled: string | null = null;
const children = new Set<ChildProcess>();

afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  if (compiled !== null) rmSync(compiled, { recursive: true, force: true });
  compiled = null;
});

export interface EmulatorProcess {
  readonly org: Client;
  /** SIGKILL: the process has no chance to tidy up. */
  kill(): Promise<void>;
}

/** Runs the emulator in a process of its own, so that it can be killed. */
export async function spawnEmulator(options: EmulatorOptions): Promise<EmulatorProcess> {
  compiled ??= compile();
  const child = spawn(process.execPath, [path.join(compiled, "run.mjs"), JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the emulator ended with ${code}`)));
  });
  const emulator: Emulator = { ...JSON.parse(line), close: async () => {} };
  return {
    org: client(emulator),
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
      children.delete(child);
    },
  };
}

function compile(): string {
  const out = mkdtempSync(path.join(tmpdir(), "sluice-emulator-"));
  const require = createRequire(import.meta.url);
  const tsc = path.join(path.dirname(require.resolve("typescript/package.json")), "bin", "tsc");
  const flags =
    "--ignoreConfig --target es2023 --module nodenext --rewriteRelativeImportExtensions --noCheck --types node";
  const entry = path.join(ROOT, "engine/emulator/emulator.ts");
  const args = [tsc, ...flags.split(" "), "--outDir", path.join(out, "js"), entry];
  const built = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (built.status !== 0) throw new Error(built.stdout + built.stderr);
  mkdirSync(out, { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(out, "node_modules"));
  writeFileSync(path.join(out, "package.json"), '{ "type": "module" }');
  writeFileSync(
    path.join(out, "run.mjs"),
    `import { startEmulator } from "./js/emulator.js";
const emulator = await startEmulator(JSON.parse(process.argv[2]));
console.log(JSON.stringify(emulator));
`,
  );
  return out;
}
