import type { FieldMapping, SyncSpec } from "../config/sync-spec.ts";

/** What of a mapping is another than when rows were last sent: fields by their name as written, and
 *  settings that concern all of them. */
export interface MappingChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** `where`, `nulls`. */
  readonly settings: readonly string[];
}

export function mappingChanges(before: SyncSpec, now: SyncSpec): MappingChanges {
  const old = byName(before.mapping);
  const current = byName(now.mapping);
  const names = (wanted: (name: string) => boolean, from: Map<string, FieldMapping>) =>
    [...from].filter(([name]) => wanted(name)).map(([, { field }]) => field);
  return {
    added: names((name) => !old.has(name), current),
    removed: names((name) => !current.has(name), old),
    changed: names((name) => {
      const was = old.get(name);
      const is = current.get(name);
      return was !== undefined && is !== undefined && !sameMapping(was, is);
    }, current),
    settings: [
      ...(before.where === now.where ? [] : ["where"]),
      ...(before.nulls === now.nulls ? [] : ["nulls"]),
    ],
  };
}

/** "+ Phone, - Fax, ~ Email, where": as a reader of diffs writes it. */
export function changesText({ added, removed, changed, settings }: MappingChanges): string {
  return [
    ...added.map((name) => `+ ${name}`),
    ...removed.map((name) => `- ${name}`),
    ...changed.map((name) => `~ ${name}`),
    ...settings.map((name) => `~ ${name}`),
  ].join(", ");
}

/** How a field gets its value, without the field's spelling. */
export function sameMapping(a: FieldMapping, b: FieldMapping): boolean {
  const plain = ({ field: _, ...rest }: FieldMapping) => JSON.stringify(sorted(rest));
  return plain(a) === plain(b);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, sorted(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function byName(mapping: readonly FieldMapping[]): Map<string, FieldMapping> {
  return new Map(mapping.map((each) => [each.field.toLowerCase(), each]));
}
