import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../engine/base/diagnostic.ts";
import { checkSync } from "../../engine/check/check-sync.ts";
import type { FieldMapping, SyncSpec } from "../../engine/config/sync-spec.ts";
import type { ObjectShape } from "../../engine/describe/object-shape.ts";
import { CONTACT, PARENTS, spec } from "./hand-made.ts";

export type Target = Partial<SyncSpec["target"]>;
export type Mapping = Record<string, string | Partial<FieldMapping>>;

export const UPSERT: Target = {};
export const INSERT: Target = { operation: "insert" };
export const UPDATE: Target = { operation: "update" };
export const DELETE: Target = { operation: "delete" };
/** What an upsert needs to be quiet. */
export const BASE: Mapping = { ERP_Id__c: "no", LastName: "last" };
export const BY_ID: Mapping = { Id: "id" };

export function check(
  target: Target,
  mapping: Mapping,
  shape: ObjectShape = CONTACT,
): Diagnostic[] {
  return checkSync({ spec: spec(target, mapping), shape, parents: PARENTS, files: null });
}

export function short({ code, severity, path, detail, hint }: Diagnostic): string {
  return `${severity} ${code} ${path}: ${detail} | ${hint}`;
}
export interface Row {
  readonly name: string;
  readonly target?: Target;
  readonly mapping: Mapping;
  /** Severity, code and place, then parts of the texts; none: no problem. */
  readonly want: readonly string[];
}

export function table(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    test.each(rows)("$name", ({ target = UPSERT, mapping, want }) => {
      const found = check(target, mapping).map(short);
      if (want.length === 0) return expect(found).toEqual([]);
      expect(found).toHaveLength(1);
      for (const part of want) expect(found[0]).toContain(part);
    });
  });
}
