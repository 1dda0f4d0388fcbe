import type { SyncSpec } from "../config/sync-spec.ts";
import { findRelationship } from "./canonical-column.ts";
import { parseColumnName } from "./column-name.ts";
import type { ObjectShape } from "./object-shape.ts";

/** The objects that a spec's relationship columns look records up in, without repetition: Account for
 *  `Account.ERP_Id__c`, User for `User:Owner.Email`. Columns that do not resolve add nothing. */
export function parentObjects(
  spec: Partial<Pick<SyncSpec, "mirror">> & {
    readonly mapping: readonly { readonly field: string }[];
  },
  shape: ObjectShape,
): string[] {
  const parents = new Map<string, string>();
  const updated = spec.mirror?.action === "update" ? spec.mirror.mapping : [];
  for (const { field } of [...spec.mapping, ...updated]) {
    const name = parseColumnName(field);
    if (name.kind !== "relationship") continue;
    const reference = findRelationship(shape, name.relationship);
    if (reference === null) continue;
    const named = name.object?.toLowerCase();
    const candidates =
      named === undefined
        ? reference.referenceTo.slice(0, reference.referenceTo.length === 1 ? 1 : 0)
        : reference.referenceTo.filter((object) => object.toLowerCase() === named);
    for (const object of candidates) parents.set(object.toLowerCase(), object);
  }
  return [...parents.values()];
}
