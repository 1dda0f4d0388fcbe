import { expect, test } from "vitest";
import { localProject } from "./local-project.ts";

const SPEC = `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, FirstName: { from: first, nulls: clear } }
`;
/** k1 comes three times; of its rows the first and the last have no first name. */
const ROWS = "key,name,first\nk1,a,\nk1,b,B\nK1 ,c,\nk2,d,\nk3,e,E\n";

for (const [policy, cleared] of [
  ["reject", 1],
  ["first", 2],
  ["last", 2],
] as const) {
  test(`duplicates: ${policy}: a first load's plan counts the cells that are sent as #N/A`, async () => {
    const spec = `${SPEC}duplicates: ${policy}\n`;
    const own = await localProject({
      files: { "contacts.sync.yaml": spec, "contacts.csv": ROWS },
    });
    const [plan] = (await own.plan()).data.syncs;
    expect(plan.cleared).toEqual({ FirstName: cleared });
  });
}

test("an update counts no cell of a row whose record the org does not have", async () => {
  const spec = SPEC.replace("upsert", "update");
  const own = await localProject({
    files: { "contacts.sync.yaml": spec, "contacts.csv": "key,name,first\nk1,a,\nk2,b,\n" },
    seeds: { Contact: "Key__c,LastName\nk1,a\n" },
  });
  const [plan] = (await own.plan()).data.syncs;
  expect(plan).toMatchObject({ counts: { invalid: 1, toSend: 1 }, cleared: { FirstName: 1 } });
});

test("no cell of a row that is longer than a chunk is counted", async () => {
  const long = "x".repeat(5000);
  const spec = `${SPEC.replace("FirstName", "Description: text, FirstName")}chunk: { maxBytes: 4KB }\n`;
  const own = await localProject({
    files: {
      "contacts.sync.yaml": spec,
      "contacts.csv": `key,name,text,first\nk1,a,${long},\nk2,b,,\n`,
    },
  });
  const [plan] = (await own.plan()).data.syncs;
  expect(plan).toMatchObject({ counts: { invalid: 1, toSend: 1 }, cleared: { FirstName: 1 } });
});
