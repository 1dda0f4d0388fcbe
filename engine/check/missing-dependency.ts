import type { Diagnostic } from "../base/diagnostic.ts";
import type { SyncSpec } from "../config/sync-spec.ts";
import { type CheckContext, type CheckedColumn, listed, sameName, warn } from "./check-context.ts";

/** A relationship column finds parents by a key. Where another sync of the project makes those parents
 *  by that key, it should run first: a doubt, for they may all be there already. A dependency that would
 *  close a circle is not suggested, nor one between syncs of the same object. */
export function checkMissingDependency(context: CheckContext): Diagnostic[] {
  const { spec, shape, project } = context;
  if (project === undefined) return [];
  const orgOf = ({ org }: SyncSpec) => org ?? project.defaultOrg;
  const others = project.syncs.filter((other) => orgOf(other) === orgOf(spec));
  const first = reachableFrom(spec, project.syncs);
  return context.columns.flatMap((checked) => {
    const { column, pointer } = checked;
    if (column?.kind !== "relationship" || column.parent.name === shape.name) return [];
    const missing = others.filter(
      (other) =>
        makes(other, checked) &&
        !first.has(other.name) &&
        !reachableFrom(other, project.syncs).has(spec.name),
    );
    if (missing.length === 0) return [];
    const names = missing.map(({ name }) => name);
    const { parent, parentField } = column;
    return [
      warn(spec, "CHECK_DEPENDENCY", pointer, {
        detail: `${checked.mapping.field} looks ${parent.name} records up by ${parentField.name}, and ${listed(names)} ${names.length === 1 ? "makes" : "make"} them by that key (${missing.map(({ fileShown }) => fileShown).join(", ")}), but ${spec.name} does not depend on ${names.length === 1 ? "it" : "them"}. If it runs first, rows whose parent is not there yet fail.`,
        hint: `Add to ${spec.fileShown}:\n    dependsOn: [${[...spec.dependsOn, ...names].join(", ")}]`,
      }),
    ];
  });
}

/** An update or a delete makes no parent. */
function makes({ target }: SyncSpec, { column }: CheckedColumn): boolean {
  if (column?.kind !== "relationship") return false;
  const { object, operation, externalId } = target;
  return (
    (operation === "upsert" || operation === "insert") &&
    sameName(object, column.parent.name) &&
    sameName(externalId, column.parentField.name)
  );
}

/** A sync and all that it depends on, by way of others too. */
function reachableFrom(spec: SyncSpec, syncs: readonly SyncSpec[]): ReadonlySet<string> {
  const reached = new Set([spec.name]);
  const next = [...spec.dependsOn];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    next.push(...(syncs.find((other) => other.name === name)?.dependsOn ?? []));
  }
  return reached;
}
