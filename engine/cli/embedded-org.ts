import { existsSync } from "node:fs";
import path from "node:path";
import type { OrgSpec, Project } from "../config/sync-spec.ts";
import type { Connection } from "../salesforce/connect.ts";
import { startLocalOrg } from "./start-local-org.ts";

/** Starts the local org of `emulator: true` inside this process. The engine knows nothing of it but a
 *  URL and a token. */
export async function embeddedOrg(
  org: OrgSpec,
  project: Project,
  closers: (() => Promise<void>)[],
): Promise<Connection> {
  const emulator = await startLocalOrg({
    dir: emulatorFolder(project.stateFolder, Object.values(project.orgs), org.name),
    orgShapeFiles: await shapeFiles(project.folder),
    seedDir: seedFolder(project.folder),
  });
  closers.push(() => emulator.close());
  return {
    name: org.name,
    instanceUrl: emulator.url,
    apiVersion: org.apiVersion,
    auth: { flow: "accessToken", accessToken: emulator.accessToken },
  };
}

/** Where a local org keeps its records: the first one in `emulator/`, others beside it. */
export function emulatorFolder(
  stateFolder: string,
  orgs: readonly OrgSpec[],
  name: string | null,
): string {
  const first = orgs.find((org) => org.emulator);
  const isFirst = name === null || first === undefined || first.name === name;
  return path.join(stateFolder, isFirst ? "emulator" : `emulator-${name}`);
}

/** The custom fields and objects of the local org: emulator/*.yaml beside sync.config.yaml. */
export async function shapeFiles(folder: string): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  const files = await glob(["emulator/*.yaml", "emulator/*.yml"], { cwd: folder, absolute: true });
  return files.sort();
}

export function seedFolder(folder: string): string | null {
  const seed = path.join(folder, "emulator", "seed");
  return existsSync(seed) ? seed : null;
}
