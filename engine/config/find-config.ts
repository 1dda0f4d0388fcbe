import { stat } from "node:fs/promises";
import path from "node:path";
import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";

export type FoundConfig =
  | { readonly file: string; readonly diagnostics: readonly [] }
  | { readonly file: null; readonly diagnostics: readonly Diagnostic[] };

interface FindOptions {
  readonly cwd: string;
  readonly configPath: string | null;
}

/** The config file to use: the one that was named, or the nearest one from `cwd` upward. */
export async function findConfig({ cwd, configPath }: FindOptions): Promise<FoundConfig> {
  if (configPath !== null) {
    const file = path.resolve(cwd, configPath);
    const kind = await kindOf(file);
    if (kind === "file") return { file, diagnostics: [] };
    if (kind === "folder" && (await kindOf(path.join(file, CONFIG_NAME))) === "file") {
      return { file: path.join(file, CONFIG_NAME), diagnostics: [] };
    }
    const hint = "Name the file, or leave --config out to have it looked for.";
    return notFound(`--config names ${configPath}, and there is no such file.`, hint);
  }
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    const file = path.join(folder, CONFIG_NAME);
    if ((await kindOf(file)) === "file") return { file, diagnostics: [] };
    const misnamed = await findMisnamed(folder);
    if (misnamed !== null) {
      const detail = `There is ${misnamed} in ${folder}, but the file must be called ${CONFIG_NAME}.`;
      return notFound(detail, `Rename it:\n    mv ${misnamed} ${CONFIG_NAME}`);
    }
    if (path.dirname(folder) === folder) break;
  }
  const detail = `Neither ${path.resolve(cwd)} nor any folder above it has a ${CONFIG_NAME}.`;
  return notFound(
    detail,
    "To begin a project here:\n    sluice init\nTo use one that is elsewhere, add --config FILE.",
  );
}

const CONFIG_NAME = "sync.config.yaml";
const MISNAMED = ["sync.config.yml", "sync-config.yaml", "sync.config.json"];

async function findMisnamed(folder: string): Promise<string | null> {
  for (const name of MISNAMED) {
    if ((await kindOf(path.join(folder, name))) === "file") return name;
  }
  return null;
}

async function kindOf(file: string): Promise<"file" | "folder" | null> {
  try {
    return (await stat(file)).isDirectory() ? "folder" : "file";
  } catch {
    // Whatever keeps it from being looked at, there is no file to use here.
    return null;
  }
}

function notFound(detail: string, hint: string): FoundConfig {
  return { file: null, diagnostics: [errorDiagnostic("CONFIG_NOT_FOUND", { detail, hint })] };
}
