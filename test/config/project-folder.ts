import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import {
  type LoadedProject,
  type LoadOptions,
  loadProject,
} from "../../engine/config/load-project.ts";

/** Writes a project to a folder that goes away after the test. Gives the folder. */
export function projectFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-project-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

export function load(
  files: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): Promise<LoadedProject> {
  const cwd = projectFolder(files);
  return loadProject({ cwd, configPath: null, env: {}, statePath: null, ...options });
}
