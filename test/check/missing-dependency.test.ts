import { expect, test } from "vitest";
import { checkSync } from "../../engine/check/check-sync.ts";
import type { SyncSpec } from "../../engine/config/sync-spec.ts";
import { ACCOUNT, CONTACT, mapped, object, PARENTS, reference, spec } from "./hand-made.ts";

const BY_ACCOUNT = { ERP_Id__c: "no", LastName: "name", "account.erp_id__c": "account" };

function sync(name: string, target: Partial<SyncSpec["target"]>, dependsOn: string[] = []) {
  const externalId = "ERP_Id__c";
  return spec({ externalId, ...target }, {}, { name, dependsOn, fileShown: `${name}.sync.yaml` });
}

const ACCOUNTS = sync("accounts", { object: "account" });

/** What is said of a sync of contacts among others, as "line:column detail hint". */
function said(others: readonly SyncSpec[], own: Partial<SyncSpec> = {}): string {
  const contacts = spec({}, BY_ACCOUNT, own);
  const project = { syncs: [contacts, ...others], defaultOrg: "demo" };
  return checkSync({ spec: contacts, shape: CONTACT, parents: PARENTS, files: null, project })
    .filter(({ code }) => code === "CHECK_DEPENDENCY")
    .map((d) => `${d.severity} ${d.file}:${d.line}:${d.column} ${d.detail} ${d.hint}`)
    .join("\n");
}

test("a sync that makes the parents by the same key is suggested, with the line to add", () => {
  expect(said([ACCOUNTS])).toBe(
    "warning contacts.sync.yaml:13:3 account.erp_id__c looks Account records up by ERP_Id__c, and accounts makes them by that key (accounts.sync.yaml), but contacts does not depend on it. If it runs first, rows whose parent is not there yet fail. Add to contacts.sync.yaml:\n    dependsOn: [accounts]",
  );
  const users = sync("users", { object: "User", externalId: "Email" });
  const both = said([ACCOUNTS, sync("more", { object: "Account", operation: "insert" }), users], {
    dependsOn: ["users"],
  });
  expect(both).toContain("accounts and more make them by that key");
  expect(both).toContain("dependsOn: [users, accounts, more]");
});

const QUIET: readonly [string, readonly SyncSpec[], Partial<SyncSpec>?][] = [
  ["it is named already", [ACCOUNTS], { dependsOn: ["accounts"] }],
  [
    "it is named by way of another",
    [ACCOUNTS, sync("between", { object: "Lead" }, ["accounts"])],
    { dependsOn: ["between"] },
  ],
  ["it would close a circle", [sync("accounts", { object: "Account" }, ["contacts"])]],
  [
    "it would close a wider circle",
    [
      sync("accounts", { object: "Account" }, ["between"]),
      sync("between", { object: "Lead" }, ["contacts"]),
    ],
  ],
  ["its key is another field", [sync("accounts", { object: "Account", externalId: "Site" })]],
  ["it makes no records", [sync("accounts", { object: "Account", operation: "update" })]],
  ["it deletes", [sync("accounts", { object: "Account", operation: "delete" })]],
  ["it is of another object", [sync("leads", { object: "Lead" })]],
  ["it writes to another org", [{ ...ACCOUNTS, org: "prod" }]],
];

test.each(QUIET)("nothing is said where %s", (_, others, own) => {
  expect(said(others, own)).toBe("");
});

test("the default org is the same org by its name", () => {
  expect(said([{ ...ACCOUNTS, org: "demo" }])).not.toBe("");
});

test("nothing is said of a parent of the same object", () => {
  const shape = object("Account", [
    ...ACCOUNT.fields.filter(({ name }) => name !== "Id"),
    reference("ParentId", "Parent", ["Account"]),
  ]);
  const target = { object: "Account", externalId: "ERP_Id__c" };
  const own = {
    ...spec(target, {}, { name: "tree" }),
    mapping: [mapped("Parent.ERP_Id__c", "up")],
  };
  const project = { syncs: [own, ACCOUNTS], defaultOrg: null };
  const parents = new Map([["account", shape]]);
  const found = checkSync({ spec: own, shape, parents, files: null, project });
  expect(found.map(({ code }) => code)).not.toContain("CHECK_DEPENDENCY");
});
