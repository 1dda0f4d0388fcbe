import { expect, test } from "vitest";
import { localProject } from "./local-project.ts";

const ACCOUNTS = `sync: accounts
source: { files: accounts.csv }
target: { object: Account, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, Name: name }
`;
const CONTACTS = `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping:
  Key__c: key
  LastName: name
  Account.Key__c: account
`;

test("a missing dependency is told where the parent is looked up, whichever syncs are named", async () => {
  const own = await localProject({
    files: {
      "a.sync.yaml": CONTACTS,
      "b.sync.yaml": ACCOUNTS,
      "accounts.csv": "key,name\na1,Acme\n",
      "contacts.csv": "key,name,account\nc1,One,a1\n",
    },
  });
  for (const names of [[], ["contacts"]]) {
    const { exitCode, document } = await own.plan(names);
    expect(exitCode).toBe(0);
    expect(warningsOf(document)).toContain("CHECK_DEPENDENCY a.sync.yaml:7");
  }
  own.write("a.sync.yaml", `${CONTACTS}dependsOn: [accounts]\n`);
  const { data, document } = await own.plan();
  expect(warningsOf(document)).not.toContain("CHECK_DEPENDENCY");
  expect(data.syncs.map(({ sync }: { sync: string }) => sync)).toEqual(["accounts", "contacts"]);
});

function warningsOf(document: unknown): string {
  return (document as { warnings: string[] }).warnings.join("\n");
}
