import { expect, test } from "vitest";
import { checkSync } from "../../engine/check/check-sync.ts";
import type { FieldMapping, MirrorSpec } from "../../engine/config/sync-spec.ts";

import { CONTACT, mapped, PARENTS, spec } from "./hand-made.ts";

const KEY = { ERP_Id__c: "no", LastName: "name" };

function problems(mirror: MirrorSpec, shape = CONTACT): string {
  const input = { shape, parents: PARENTS, files: null };
  return checkSync({ ...input, spec: spec({}, KEY, { mirror }) })
    .map(({ code, path, detail }) => `${code} ${path} ${detail}`)
    .join("\n");
}

const update = (fields: Record<string, Partial<FieldMapping>>): MirrorSpec => ({
  action: "update",
  mapping: Object.entries(fields).map(([name, more]) => mapped(name, more)),
});

test("fields that an update can write are in order", () => {
  const fields = { Active__c: { value: "false" }, Phone: { value: "", nulls: "clear" } } as const;
  expect(problems(update(fields))).toBe("");
  expect(problems({ action: "delete" })).toBe("");
});

const CASES: readonly [string, Record<string, Partial<FieldMapping>>, string][] = [
  [
    "an unknown field",
    { Actve__c: { value: "no" } },
    "CHECK_FIELD_UNKNOWN /mirror/update/Actve__c",
  ],
  ["a compound field", { Name: { value: "Gone" } }, "CHECK_FIELD_COMPOUND /mirror/update/Name"],
  [
    "another kind of value",
    { Active__c: { value: "gone" } },
    "CHECK_VALUE /mirror/update/Active__c",
  ],
  [
    "a field that always has a value",
    { Active__c: { value: "", nulls: "clear" } },
    "CHECK_NULLS /mirror/update/Active__c/nulls",
  ],
  [
    "one field in two ways",
    { AccountId: { value: "001000000000001" }, "Account.ERP_Id__c": { value: "none" } },
    "CHECK_FIELD_TWICE /mirror/update/Account.ERP_Id__c",
  ],
];

test.each(CASES)("refused: %s", (_, fields, want) => {
  expect(problems(update(fields))).toContain(want);
});

test("the object must allow it", () => {
  const fixed = { ...CONTACT, deletable: false };
  expect(problems({ action: "delete" }, fixed)).toContain("CHECK_OBJECT_OPERATION /mirror");
  expect(problems(update({ Phone: { value: "1" } }), fixed)).toBe("");
});
