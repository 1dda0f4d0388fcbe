import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
let folder: string | null = null;

afterAll(() => {
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
  folder = null;
});

/** The command line, compiled into a folder of this test's own: a sweep takes minutes, and must not
 *  change under way when somebody builds. */
export function compiledMain(): string {
  folder ??= compile();
  return path.join(folder, "dist", "cli", "main.js");
}

function compile(): string {
  const out = mkdtempSync(path.join(tmpdir(), "sluice-engine-"));
  const args = [path.join(ROOT, "scripts", "build.mjs"), path.join(out, "dist")];
  const built = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (built.status !== 0) throw new Error(built.stdout + built.stderr);
  for (const name of ["node_modules", "schemas"]) {
    symlinkSync(path.join(ROOT, name), path.join(out, name));
  }
  copyFileSync(path.join(ROOT, "package.json"), path.join(out, "package.json"));
  return out;
}
