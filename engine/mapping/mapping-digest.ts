import { murmurHex } from "../base/murmur.ts";
import type { SyncSpec } from "../config/sync-spec.ts";
import type { ColumnPlan } from "./column-plan.ts";

/** Digest of all that decides what is made of a row, in canonical names and a fixed order: moving
 *  lines of the mapping changes nothing, any other change does. It explains why rows are sent again;
 *  whether one is, the row's own digest decides. */
export function digestMapping(spec: SyncSpec, columns: readonly ColumnPlan[]): string {
  const fields = columns.map((plan) => [plan.name, describe(plan)]);
  const settings = { version: DIGEST_VERSION, where: spec.where, fields: sortByName(fields) };
  return murmurHex(JSON.stringify(settings));
}

const DIGEST_VERSION = 2;

function describe({ mapping, nulls, recordTypes }: ColumnPlan): unknown {
  const { field: _, boolean, values, nulls: __, recordType: ___, ...rest } = mapping;
  return sortByName([
    ...Object.entries(rest),
    ["nulls", nulls],
    ["boolean", boolean && { true: boolean.true.toSorted(), false: boolean.false.toSorted() }],
    ["values", values && sortByName(Object.entries(values))],
    ["recordTypes", recordTypes && sortByName([...recordTypes])],
  ]);
}

function sortByName(entries: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  return entries.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}
