import { type Diagnostic, hasErrors } from "../base/diagnostic.ts";
import { checkSync } from "../check/check-sync.ts";
import type { OrgSpec, SyncSpec } from "../config/sync-spec.ts";
import { loadShapes } from "../describe/load-shapes.ts";
import type { ObjectShape } from "../describe/object-shape.ts";
import { parentObjects } from "../describe/parent-objects.ts";
import { unknownObject } from "../describe/unknown-object.ts";
import { compileProgram } from "../mapping/compile-program.ts";
import { expressionColumns } from "../mapping/expression-columns.ts";
import type { RowProgram } from "../mapping/row-program.ts";
import type { ConnectedOrg } from "../salesforce/connect.ts";
import type { OrgIdentity } from "../salesforce/org.ts";
import { openSource } from "../source/open-source.ts";
import type { OpenedFile } from "../source/opened-file.ts";
import { checkExpressions } from "./check-expressions.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { positionAt } from "./position-at.ts";

/** A sync that passed its checks: all that pass 1 needs. */
export interface PreparedSync {
  readonly spec: SyncSpec;
  readonly orgSpec: OrgSpec;
  readonly org: ConnectedOrg;
  readonly identity: OrgIdentity;
  readonly shape: ObjectShape;
  readonly parents: ReadonlyMap<string, ObjectShape>;
  readonly files: readonly OpenedFile[];
  readonly program: RowProgram;
}

export interface Preparation {
  /** Null when a diagnostic is an error. */
  readonly prepared: PreparedSync | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** config -> describe -> check -> mapping, source: connects, looks at the object and at the header of
 *  each file, and checks one against the other. Sends nothing. A field that was added a minute ago is
 *  in no cache, so an error is told only after the org itself was asked. */
export async function prepareSync(
  spec: SyncSpec,
  orgSpec: OrgSpec,
  deps: EngineDeps,
  options: { readonly refresh: boolean },
): Promise<Preparation> {
  const first = await prepareOnce(spec, orgSpec, deps, options);
  if (first.prepared !== null || options.refresh) return first;
  return prepareOnce(spec, orgSpec, deps, { refresh: true });
}

async function prepareOnce(
  spec: SyncSpec,
  orgSpec: OrgSpec,
  deps: EngineDeps,
  options: { readonly refresh: boolean },
): Promise<Preparation> {
  const expressions = checkExpressions(spec);
  if (hasErrors(expressions)) return { prepared: null, diagnostics: expressions };
  const org = await deps.connect(orgSpec);
  const identity = await org.identify();
  const target = await describeTarget(spec, orgSpec, deps, org, options.refresh).catch(
    (thrown: unknown) => {
      const unknown = unknownObject(thrown, spec, "/target/object");
      if (unknown === null) throw thrown;
      return unknown;
    },
  );
  if ("code" in target) return { prepared: null, diagnostics: [target] };
  const { shape, parents } = target;
  const opened = await openSource({
    source: spec.source,
    projectFolder: deps.project.folder,
    at: positionAt(spec, "/source/files"),
  });
  const diagnostics = [...opened.diagnostics];
  // Without a sound source, its columns would all be "missing": one problem is not told as many.
  const files = hasErrors(diagnostics) ? null : opened.files;
  diagnostics.push(
    ...checkSync({
      ...{ spec, shape, parents, files },
      expressionColumns: columnsByExpression(spec),
      project: deps.project,
    }),
  );
  if (hasErrors(diagnostics)) return { prepared: null, diagnostics };
  const program = compileProgram({ spec, shape, parents });
  const prepared = { spec, orgSpec, org, identity, shape, parents, files: opened.files, program };
  return { prepared, diagnostics };
}

async function describeTarget(
  spec: SyncSpec,
  orgSpec: OrgSpec,
  deps: EngineDeps,
  org: ConnectedOrg,
  refresh: boolean,
): Promise<{ shape: ObjectShape; parents: ReadonlyMap<string, ObjectShape> }> {
  const load = (objects: readonly string[]) =>
    loadShapes({
      org,
      folder: deps.project.folder,
      orgName: orgSpec.name,
      stateFolder: deps.project.stateFolder,
      objects,
      refresh,
      offline: false,
      clock: deps.clock,
      signal: deps.signal,
    });
  const shape = (await load([spec.target.object])).get(spec.target.object.toLowerCase());
  if (shape === undefined) throw new Error("A described object has no shape. This is a bug");
  return { shape, parents: await load(parentObjects(spec, shape)) };
}

/** The source columns that each expression of a spec reads, by mapped field; `where` by that name. */
export function columnsByExpression(spec: SyncSpec): Map<string, readonly string[]> {
  const columns = new Map<string, readonly string[]>();
  if (spec.where !== null) columns.set("where", expressionColumns(spec.where));
  for (const { field, expr } of spec.mapping) {
    if (expr !== null) columns.set(field, expressionColumns(expr));
  }
  return columns;
}
