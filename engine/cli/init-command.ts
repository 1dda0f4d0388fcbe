import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { hasErrors } from "../base/diagnostic.ts";
import { writeDurably } from "../base/durable-file.ts";
import { EngineError } from "../base/engine-error.ts";
import { findConfig } from "../config/find-config.ts";
import type { Operation, SourceSpec } from "../config/sync-spec.ts";
import { toObjectShape } from "../describe/to-object-shape.ts";
import { proposeKey, proposeMapping } from "../plan/propose-mapping.ts";
import { specYaml } from "../report/spec-yaml.ts";
import { openSource } from "../source/open-source.ts";
import { orgOf } from "../sync/org-of.ts";
import type { Context } from "./context.ts";
import { openEngine } from "./open-engine.ts";
import { problemsError } from "./problems-error.ts";
import { type CommandResult, success } from "./result.ts";

export interface InitFlags {
  readonly object: string;
  readonly operation: Operation;
  readonly externalId: string | null;
  /** The sync's name; null: the file's. */
  readonly name: string | null;
}

/** Writes a first spec from a CSV's header and the object's describe; without a sync.config.yaml, that
 *  too, with a local org to try it on. Never overwrites a file. */
export async function initCommand(
  csv: string,
  flags: InitFlags,
  context: Context,
): Promise<CommandResult> {
  const source = path.resolve(context.cwd, csv);
  const name = flags.name ?? nameOf(source);
  const spec = path.join(path.dirname(source), `${name}.sync.yaml`);
  if (existsSync(spec)) throw refused(path.relative(context.cwd, spec));
  const header = await readHeaderOf(source, context);
  const config = await writeConfig(spec, context);
  const engine = await openEngine(context);
  try {
    const orgSpec = orgOf(engine.project, null, context.flags.org);
    const org = await engine.connect(orgSpec);
    const shape = toObjectShape(await org.describe(flags.object, context.signal));
    const proposals = proposeMapping(header, shape);
    const wantsKey = flags.operation === "upsert" || flags.operation === "insert";
    const externalId = flags.externalId ?? (wantsKey ? proposeKey(proposals)?.name : null) ?? null;
    const content = specYaml({
      ...{ sync: name, file: path.basename(source), object: shape.name, externalId, proposals },
      schema: schemaPath(spec),
      operation: flags.operation,
    });
    writeDurably(spec, [Buffer.from(content)]);
    const shown = path.relative(context.cwd, spec);
    const count = (trust: string) => proposals.filter((each) => each.trust === trust).length;
    const counts = { sure: count("sure"), guessed: count("guess"), without: count("none") };
    const warnings = keyWarning(externalId, flags.operation, shape.name);
    const text = [
      ...(config === null ? [] : [`Wrote ${config}, with a local org to try it on.`]),
      `Wrote ${shown}: ${counts.sure} columns mapped, ${counts.guessed} guessed, ${counts.without} without a field.`,
      ...warnings,
      "Look at it, then see what it would do:",
      `    sluice plan ${name}`,
      "",
    ].join("\n");
    return success(
      { sync: name, spec: shown, config, externalId, columns: counts },
      text,
      warnings,
    );
  } finally {
    await engine.close();
  }
}

function keyWarning(externalId: string | null, operation: Operation, object: string): string[] {
  if (externalId !== null || (operation !== "upsert" && operation !== "insert")) return [];
  return [
    `No column looks like an external id of ${object}: name one in target.externalId, or an ${operation} can't tell records apart.`,
  ];
}

/** `data/Contacts 2026.csv.gz` -> `contacts-2026`. */
function nameOf(file: string): string {
  const base = path
    .basename(file)
    .replace(/\.gz$/i, "")
    .replace(/\.\w+$/, "");
  const name = base
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "sync" : name;
}

async function readHeaderOf(file: string, context: Context): Promise<readonly string[]> {
  const source: SourceSpec = {
    files: [file],
    folder: path.dirname(file),
    delimiter: null,
    quote: '"',
    encoding: "utf-8",
    comment: null,
    skipLines: 0,
    columns: null,
  };
  const at = { file: path.relative(context.cwd, file), line: null, column: null };
  const opened = await openSource({ source, projectFolder: context.cwd, at });
  if (hasErrors(opened.diagnostics)) throw problemsError(opened.diagnostics);
  return opened.files[0]?.header ?? [];
}

/** The config's path when it had to be written, from where the user stands. */
async function writeConfig(spec: string, context: Context): Promise<string | null> {
  const found = await findConfig({ cwd: context.cwd, configPath: context.flags.config });
  if (found.file !== null) return null;
  const file = path.join(context.cwd, "sync.config.yaml");
  if (existsSync(file)) return null;
  mkdirSync(path.dirname(file), { recursive: true });
  const folder = path.relative(context.cwd, path.dirname(spec));
  const specs = folder === "" ? "*.sync.yaml" : `${folder.split(path.sep).join("/")}/*.sync.yaml`;
  const content = [
    "# Where the syncs go. The local org keeps its records in .sluice/; see the README for real ones.",
    "version: 1",
    "defaultOrg: demo",
    "orgs:",
    "  demo: { emulator: true }",
    `syncs: [${JSON.stringify(specs)}]`,
    "",
  ].join("\n");
  writeDurably(file, [Buffer.from(content)]);
  return "sync.config.yaml";
}

function schemaPath(spec: string): string {
  const schemas = new URL("../../schemas/sync.schema.json", import.meta.url).pathname;
  const inProject = path.relative(path.dirname(spec), schemas).split(path.sep).join("/");
  // An installed Sluice is found through node_modules, wherever that is; else by its place.
  const installed = /(?:\.\.\/)*node_modules\/.*$/.exec(inProject);
  return installed?.[0] ?? inProject;
}

function refused(spec: string): EngineError {
  return new EngineError("USAGE", `${spec} exists already, and is not overwritten.`, {
    hint: "Give the sync another name with --name, or move the file away.",
  });
}
