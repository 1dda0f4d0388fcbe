import { expect, test } from "vitest";
import { localProject } from "./local-project.ts";

const FILES = {
  "contacts.sync.yaml": `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping:
  Key__c: key
  LastName: name
  Email: { from: mail, nulls: clear }
  Score__c: score
  Birthdate: { from: born, date: iso }
  Account.Key__c: account
`,
  "accounts.sync.yaml": `sync: accounts
source: { files: accounts.csv }
target: { object: Account, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, Name: name }
`,
  "accounts.csv": "key,name\na1,Acme\na2,Globex\n",
};

function rows(count: number, name: (i: number) => string, account = "a1"): string {
  const lines = Array.from(
    { length: count },
    (_, i) => `k${i},${name(i)},m${i}@x.example,${i}.50,1990-01-02,${account}\n`,
  );
  return `key,name,mail,score,born,account\n${lines.join("")}`;
}

async function sent(count: number) {
  const own = await localProject({
    files: { ...FILES, "contacts.csv": rows(count, (i) => `Name ${i}`) },
  });
  expect((await own.run(["accounts"])).exitCode).toBe(0);
  expect((await own.run(["contacts"])).exitCode).toBe(0);
  return own;
}

test("samples show before and after, masked unless asked, the same every time", async () => {
  const own = await sent(20);
  own.write("contacts.csv", rows(20, (i) => `Other ${i}`).replace("m0@x.example", ""));
  const clear = await own.plan(["contacts"], { samples: 2, showValues: true });
  expect(clear.data.syncs[0].samples).toEqual([
    {
      kind: "changed",
      key: "k0",
      file: "contacts.csv",
      line: 2,
      inOrg: true,
      fields: [
        { field: "LastName", before: "Name 0", after: "Other 0" },
        { field: "Email", before: "m0@x.example", after: "" },
      ],
    },
    {
      kind: "changed",
      key: "k10",
      file: "contacts.csv",
      line: 12,
      inOrg: true,
      fields: [{ field: "LastName", before: "Name 10", after: "Other 10" }],
    },
  ]);
  const masked = await own.plan(["contacts"], { samples: 2 });
  expect(masked.data.syncs[0].samples[0].fields[0]).toEqual({
    field: "LastName",
    before: "N•••",
    after: "O•••",
  });
  for (const format of ["text", "markdown", "html", "json"] as const) {
    const { text } = await own.plan(["contacts"], { format });
    expect(text).not.toMatch(/Other \d|m0@/);
  }
  const again = await own.plan(["contacts"], { samples: 2 });
  expect(again.data.syncs[0].samples).toEqual(masked.data.syncs[0].samples);
  expect((await own.plan(["contacts"], { samples: 0 })).data.syncs[0].samples).toEqual([]);
});

test("--diff-out writes every change of every changed row", async () => {
  const own = await sent(5);
  own.write(
    "contacts.csv",
    rows(5, (i) => (i < 3 ? `"New, ${i}"` : `Name ${i}`), "a2"),
  );
  const plan = await own.plan(["contacts"], { diffOut: "diff.csv" });
  expect(plan.data.syncs[0].counts.changed).toBe(5);
  const lines = own.read("diff.csv").trim().split("\n").sort();
  expect(lines).toEqual(
    [
      "sync,key,file,line,field,before,after",
      ...[0, 1, 2, 3, 4].map((i) => `contacts,k${i},contacts.csv,${i + 2},Account.Key__c,a1,a2`),
      ...[0, 1, 2].map(
        (i) => `contacts,k${i},contacts.csv,${i + 2},LastName,Name ${i},"New, ${i}"`,
      ),
    ].sort(),
  );
});

test("--refresh tells what the org holds: exact counts, drift, records that are gone", async () => {
  const own = await sent(6);
  const quiet = (await own.plan(["contacts"], { refresh: true })).data.syncs[0];
  expect([quiet.basis, quiet.inOrg]).toEqual([
    "org",
    { create: 0, update: 0, same: 0, drifted: 0, gone: 0, fields: {} },
  ]);
  const ids = new Map<string, string>();
  for (const { Id, Key__c } of await own.org.query("SELECT Id, Key__c FROM Contact")) {
    ids.set(Key__c, Id);
  }
  const record = (key: string) => `/services/data/v61.0/sobjects/Contact/${ids.get(key)}`;
  await own.org.call("PATCH", record("k1"), { LastName: "Edited", Score__c: 9 });
  await own.org.call("DELETE", record("k2"));
  await own.org.call("PATCH", record("k3"), { LastName: "Name 33" });
  await own.org.call("DELETE", record("k5"));
  const content = rows(7, (i) =>
    i === 3 ? "Name 33" : i === 4 || i === 5 ? `New ${i}` : `Name ${i}`,
  );
  own.write("contacts.csv", content);
  const plan = await own.plan(["contacts"], { refresh: true });
  expect(plan.data.syncs[0].counts).toMatchObject({ new: 1, changed: 3, unchanged: 3 });
  expect(plan.data.syncs[0].inOrg).toEqual({
    ...{ create: 2, update: 1, same: 1, drifted: 1, gone: 1 },
    fields: { LastName: 1, Score__c: 1 },
  });
  expect(plan.text.replace(/\s+/g, " ")).toContain(
    "1 record changed in Salesforce since (LastName 1, Score__c 1), 1 record deleted there",
  );
  // What the plan said of the org is what the run then finds.
  const run = (await own.run(["contacts"])).data.runs[0].counts;
  expect([run.sent, run.created, run.updated]).toEqual([4, 2, 2]);
});
