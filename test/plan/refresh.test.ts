import { expect, test } from "vitest";
import { type LocalProject, localProject } from "./local-project.ts";

/** What `plan --refresh` holds against the org beside plain fields. */

const KEY = "{ type: string, length: 40, externalId: true, unique: true }";
const SHAPE = `objects:
  Account: { fields: { Key__c: ${KEY} } }
  Contact: { fields: { Key__c: ${KEY} } }
  Lead: { fields: { Key__c: ${KEY} } }
`;

async function refreshed(own: LocalProject) {
  const plan = await own.plan([], { refresh: true });
  expect(plan.error).toBeNull();
  return { ...plan.data.syncs[0], text: plan.text.replace(/\s+/g, " ") };
}

function patch(own: LocalProject, object: string, id: string, fields: object) {
  return own.org.call("PATCH", `/services/data/v61.0/sobjects/${object}/${id}`, fields);
}

const QUIET = { create: 0, update: 0, same: 0, drifted: 0, gone: 0, fields: {} };

test.each(["Key__c", "Id"])("deletes by %s: there, gone already, there again", async (by) => {
  const own = await localProject({
    files: {
      "erase.sync.yaml": `sync: erase
source: { files: gone.csv }
target: { object: Contact, operation: delete${by === "Id" ? "" : ", externalId: Key__c"} }
mapping: { ${by}: key }
`,
    },
    seeds: { Contact: "Key__c,LastName\nk1,One\nk2,Two\nk3,Three\nk4,Four\n" },
    shape: SHAPE,
  });
  const ids = new Map<string, string>();
  for (const { Id, Key__c } of await own.org.query("SELECT Id, Key__c FROM Contact")) {
    ids.set(Key__c, Id);
  }
  const source = (...keys: string[]) =>
    own.write(
      "gone.csv",
      // 15 characters are the same Id.
      `key\n${keys.map((key) => `${by === "Id" ? ids.get(key)?.slice(0, 15) : key}\n`).join("")}`,
    );
  const remove = (key: string) =>
    own.org.call("DELETE", `/services/data/v61.0/sobjects/Contact/${ids.get(key)}`);

  source("k1", "k2", "k3");
  await remove("k3");
  const first = await refreshed(own);
  // By a key, the plan itself finds that k3 has no record.
  expect(first.counts).toMatchObject(by === "Id" ? { toSend: 3 } : { toSend: 2, invalid: 1 });
  expect(first.inOrg).toEqual({ ...QUIET, update: 2, same: by === "Id" ? 1 : 0 });
  expect(first.text).toContain(`2 to delete, ${by === "Id" ? 1 : 0} already gone`);
  source("k1", "k2");
  expect((await own.run()).data.runs[0].counts).toMatchObject({ sent: 2, deleted: 2 });
  expect((await refreshed(own)).inOrg).toEqual(QUIET);
  if (by === "Id") return;
  const again = { Key__c: "k1", LastName: "Again" };
  await own.org.call("POST", "/services/data/v61.0/sobjects/Contact", again);
  const last = await refreshed(own);
  expect([last.counts.toSend, last.inOrg]).toEqual([0, { ...QUIET, drifted: 1 }]);
  expect(last.text).toContain("1 deleted record there again; a run leaves them so");
});

test("parents by Id and by key: neither 15 characters nor the letter case is drift", async () => {
  const own = await localProject({
    files: {
      "contacts.sync.yaml": `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, AccountId: account, ReportsTo.Key__c: boss }
`,
    },
    seeds: { Account: "Key__c,Name\na1,Acme\na2,Globex\n", Contact: "Key__c,LastName\nb1,Boss\n" },
    shape: SHAPE,
  });
  const accounts = (await own.org.query("SELECT Id FROM Account ORDER BY Key__c")).map(
    ({ Id }) => Id as string,
  );
  const [first = "", second = ""] = accounts;
  own.write(
    "contacts.csv",
    `key,name,account,boss\nk1,A,${first.slice(0, 15)},B1\nk2,B,${first},b1\nk3,C,,\n`,
  );
  expect((await own.run()).data.runs[0].counts).toMatchObject({ sent: 3, succeeded: 3 });
  expect((await refreshed(own)).inOrg).toEqual(QUIET);
  const [k1, k2, k3] = await own.org.query(
    "SELECT Id FROM Contact WHERE Key__c LIKE 'k%' ORDER BY Key__c",
  );
  await patch(own, "Contact", k1.Id, { AccountId: second });
  await patch(own, "Contact", k2.Id, { ReportsToId: k1.Id });
  // What the source leaves blank is not the sync's.
  await patch(own, "Contact", k3.Id, { AccountId: second });
  expect((await refreshed(own)).inOrg).toEqual({
    ...QUIET,
    drifted: 2,
    fields: { AccountId: 1, "ReportsTo.Key__c": 1 },
  });
});

test.each(["Email", "Username"])("an owner who may be a queue, by a user's %s", async (field) => {
  const own = await localProject({
    files: {
      "leads.sync.yaml": `sync: leads
source: { files: leads.csv }
target: { object: Lead, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Company: name, User:Owner.${field}: owner }
`,
    },
    seeds: {
      User: `Username,LastName,Email,Alias,TimeZoneSidKey,LocaleSidKey,LanguageLocaleKey,ProfileId
other@x.example,Other,other@x.example,oth,Europe/Berlin,de_DE,de,00e000000000001AAA
`,
    },
    shape: SHAPE,
  });
  own.write("leads.csv", "key,name,owner\nk1,A,OTHER@x.example\nk2,B,other@x.example\n");
  expect((await own.run()).data.runs[0].counts).toMatchObject({ sent: 2, succeeded: 2 });
  const quiet = await refreshed(own);
  expect([quiet.inOrg, quiet.warnings]).toEqual([QUIET, []]);
  const [other] = await own.org.query("SELECT Id FROM User WHERE Email != 'other@x.example'");
  const [lead] = await own.org.query("SELECT Id FROM Lead WHERE Key__c = 'k1'");
  await patch(own, "Lead", lead.Id, { OwnerId: other.Id });
  expect((await refreshed(own)).inOrg).toEqual({
    ...QUIET,
    drifted: 1,
    fields: { [`User:Owner.${field}`]: 1 },
  });
});
