import path from "node:path";
import type { Diagnostic } from "../base/diagnostic.ts";
import { checkTogether } from "./check-together.ts";
import type { ConfigYaml } from "./config-yaml.generated.ts";
import { findConfig } from "./find-config.ts";
import { findSpecs } from "./find-specs.ts";
import type { Draft, Findings } from "./findings.ts";
import { interpolate } from "./interpolate.ts";
import { isAuth } from "./name-of.ts";
import { readDocument } from "./read-document.ts";
import { readOrgs } from "./read-orgs.ts";
import { readSync } from "./read-sync.ts";
import { refuseControls } from "./refuse-controls.ts";
import type { SourceDocument } from "./source-document.ts";
import type { Project, SyncSpec } from "./sync-spec.ts";
import { type SchemaName, validateDocument } from "./validate-document.ts";

export interface LoadOptions {
  /** Absolute working directory. */
  readonly cwd: string;
  /** The flag --config: a file, relative to `cwd`; null: looked for from `cwd` upward. */
  readonly configPath: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The flag --state: a folder, relative to `cwd`; null: as configured. */
  readonly statePath: string | null;
}

export interface LoadedProject {
  /** Null when sync.config.yaml is missing or cannot be understood at all. Otherwise it holds what is
   *  sound, in dependency order: whoever sends anything looks at the diagnostics first. */
  readonly project: Project | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute folder that the files of the diagnostics are relative to; null without a config file. */
  readonly folder: string | null;
  /** Specs that are left out of `project.syncs` because of their errors. */
  readonly broken: readonly BrokenSpec[];
}

export interface BrokenSpec {
  /** Null when not even the name can be read. */
  readonly name: string | null;
  readonly fileShown: string;
}

/** Reads sync.config.yaml and the specs that it names. Takes a place to begin at, gives the project
 *  and every problem of every file at once. Never contacts an org, never opens a source file, and
 *  never throws for a user's mistake. */
export async function loadProject(options: LoadOptions): Promise<LoadedProject> {
  const found = await findConfig(options);
  if (found.file === null) {
    return { project: null, diagnostics: found.diagnostics, folder: null, broken: [] };
  }
  const folder = path.dirname(found.file);
  const config = await loadDocument({
    file: found.file,
    fileShown: path.basename(found.file),
    schema: "sync.config.schema.json",
    env: options.env,
  });
  if (config.document === null) {
    return { project: null, diagnostics: config.diagnostics, folder, broken: [] };
  }
  const findings: Findings = { document: config.document, diagnostics: [...config.diagnostics] };
  const yaml = config.document.data as Draft<ConfigYaml>;
  const orgs = readOrgs(findings, yaml);
  const patterns = (yaml.syncs ?? []).map((pattern) => pattern ?? null);
  const files = await findSpecs(findings, { folder, configFile: found.file, patterns });
  const specs = await loadSpecs(files, { folder, env: options.env });
  const crossed = checkTogether(config.document, specs);
  const diagnostics = [...findings.diagnostics, ...specs.diagnostics, ...crossed.diagnostics];
  const stateFolder =
    options.statePath === null
      ? path.resolve(folder, yaml.state?.path ?? ".sluice")
      : path.resolve(options.cwd, options.statePath);
  const project: Project = { ...orgs, file: found.file, folder, stateFolder, syncs: crossed.syncs };
  return { project, diagnostics: inFileOrder(diagnostics), folder, broken: specs.broken };
}

interface LoadDocumentOptions {
  readonly file: string;
  readonly fileShown: string;
  readonly schema: SchemaName;
  readonly env: LoadOptions["env"];
}

async function loadDocument(
  options: LoadDocumentOptions,
): Promise<{ document: SourceDocument | null; diagnostics: readonly Diagnostic[] }> {
  const { file, fileShown, schema, env } = options;
  const holds = schema === "sync.schema.json" ? "sync" : "project";
  const { document, diagnostics } = await readDocument({ file, fileShown, holds });
  if (document === null) return { document, diagnostics };
  const when = holds === "project" ? whenInConfig : () => "now" as const;
  const folder = path.dirname(file);
  const unprintable = refuseControls(document);
  const unresolved = await interpolate(document, { env, folder, when });
  const invalid = validateDocument(document, schema);
  return { document, diagnostics: [...diagnostics, ...unprintable, ...unresolved, ...invalid] };
}

/** An org that no command uses must not need its variables: see resolveAuth. */
function whenInConfig(pointer: string): "now" | "ifPossible" | "never" {
  if (isAuth(pointer)) return "never";
  return /^\/orgs\/[^/]+\/instanceUrl$/.test(pointer) ? "ifPossible" : "now";
}

interface LoadedSpecs {
  /** Those with errors too, as far as they have a name. */
  readonly specs: SyncSpec[];
  readonly broken: BrokenSpec[];
  readonly diagnostics: Diagnostic[];
}

async function loadSpecs(
  files: readonly string[],
  { folder, env }: { readonly folder: string; readonly env: LoadOptions["env"] },
): Promise<LoadedSpecs> {
  const loaded: LoadedSpecs = { specs: [], broken: [], diagnostics: [] };
  for (const file of files) {
    const fileShown = path.relative(folder, file).split(path.sep).join("/");
    const result = await loadDocument({ file, fileShown, schema: "sync.schema.json", env });
    loaded.diagnostics.push(...result.diagnostics);
    if (result.document === null) {
      loaded.broken.push({ name: null, fileShown });
      continue;
    }
    const { spec, isSound, diagnostics } = await readSync(
      result.document,
      result.diagnostics.length === 0,
    );
    loaded.diagnostics.push(...diagnostics);
    if (spec.name !== "") loaded.specs.push(spec);
    if (!isSound) loaded.broken.push({ name: spec.name || null, fileShown });
  }
  return loaded;
}

/** File by file, in the order they were read in, and from top to bottom. */
function inFileOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ file }) => file))];
  return [...diagnostics].sort(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}
