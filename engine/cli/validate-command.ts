import { type Diagnostic, hasErrors } from "../base/diagnostic.ts";
import { checkSync } from "../check/check-sync.ts";
import { selectSyncs } from "../config/select-syncs.ts";
import type { SyncSpec } from "../config/sync-spec.ts";
import { loadShapes } from "../describe/load-shapes.ts";
import { parentObjects } from "../describe/parent-objects.ts";
import { hanging } from "../report/text-block.ts";
import { checkExpressions } from "../sync/check-expressions.ts";
import { orgOf } from "../sync/org-of.ts";
import { columnsByExpression } from "../sync/prepare-sync.ts";
import type { Context } from "./context.ts";
import { type OpenEngine, openEngine } from "./open-engine.ts";
import { problemsError } from "./problems-error.ts";
import { type CommandResult, failure } from "./result.ts";

/** Offline: schema, mapping, expressions; describe too, where a snapshot is committed. */
export async function validateCommand(
  names: readonly string[],
  context: Context,
): Promise<CommandResult> {
  const engine = await openEngine(context);
  const selected = selectSyncs(engine.loaded, names);
  const diagnostics: Diagnostic[] = [...selected.diagnostics];
  const syncs: { sync: string; file: string; describe: "snapshot" | "none" }[] = [];
  for (const spec of selected.syncs) {
    const checked = await checkOffline(spec, engine, context);
    diagnostics.push(...checked.diagnostics);
    syncs.push({ sync: spec.name, file: spec.fileShown, describe: checked.describe });
  }
  const data = { syncs };
  if (hasErrors(diagnostics)) return failure(problemsError(diagnostics), { data, diagnostics });
  const { width } = context;
  const lines = syncs.flatMap(({ sync, file, describe }) => {
    const note = "  (not checked against the org: no snapshot is committed)";
    const text = `${sync}  ok  ${file}${describe === "snapshot" ? "" : note}`;
    return hanging(text, { width, first: "", rest: "    " });
  });
  return {
    data,
    text: `${lines.join("\n")}\n`,
    warnings: [],
    diagnostics,
    error: null,
    exitCode: 0,
  };
}

async function checkOffline(
  spec: SyncSpec,
  engine: OpenEngine,
  context: Context,
): Promise<{ diagnostics: readonly Diagnostic[]; describe: "snapshot" | "none" }> {
  const expressions = checkExpressions(spec);
  if (hasErrors(expressions)) return { diagnostics: expressions, describe: "none" };
  const org = orgOf(engine.project, spec, context.flags.org);
  const load = (objects: readonly string[]) =>
    loadShapes({
      org: null,
      folder: engine.project.folder,
      orgName: org.name,
      stateFolder: engine.project.stateFolder,
      objects,
      refresh: false,
      offline: true,
      clock: context.clock,
    });
  const shape = (await load([spec.target.object])).get(spec.target.object.toLowerCase());
  if (shape === undefined) return { diagnostics: expressions, describe: "none" };
  const parents = await load(parentObjects(spec, shape));
  const found = checkSync({
    spec,
    shape,
    parents,
    files: null,
    expressionColumns: columnsByExpression(spec),
    project: engine.project,
  });
  return { diagnostics: [...expressions, ...found], describe: "snapshot" };
}
