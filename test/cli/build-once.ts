import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { TestProject } from "vitest/node";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** Folders whose tests run the built command. */
const NEED_BUILD = /[/\\]test[/\\](cli|examples|features|walkthrough)[/\\]/;

/** Before all tests: builds dist/ when it is older than engine/ and a selected test needs it. */
export default async function buildOnce(project: TestProject): Promise<void> {
  const { testFiles } = await project.globTestFiles(filters(project));
  if (!testFiles.some((file) => NEED_BUILD.test(file))) return;
  if (newest(path.join(ROOT, "dist")) >= newest(path.join(ROOT, "engine"))) return;
  const built = spawnSync(process.execPath, [path.join(ROOT, "scripts", "build.mjs")], {
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(`The build failed:\n${built.stdout}${built.stderr}`);
}

/** The file names given to `vitest run`. Vitest keeps them to itself; without them, all tests count. */
function filters({ vitest }: TestProject): string[] | undefined {
  const pattern: unknown = Reflect.get(vitest, "filenamePattern");
  return Array.isArray(pattern) ? pattern.map(String) : undefined;
}

function newest(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.[jt]s$/.test(name))
      .reduce((latest, name) => Math.max(latest, statSync(path.join(folder, name)).mtimeMs), 0);
  } catch {
    return 0;
  }
}
