import { expect, test } from "vitest";
import { localProject } from "./local-project.ts";

const SPEC = `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Score__c: score }
`;
const ROWS = "key,name,score\nk1,a,1\nk2,b,2\nk3,c,3\n";

test("a plan says why, through a sync's life", async () => {
  const own = await localProject({ files: { "contacts.sync.yaml": SPEC, "contacts.csv": ROWS } });
  const why = async (flags = {}) => {
    const plan = (await own.plan([], flags)).data.syncs[0];
    return [plan.reason, plan.reasons.map(({ text }: { text: string }) => text).join(" ")];
  };
  expect(await why()).toEqual(["first run", "The first run: nothing is known to have been sent."]);
  await own.run();
  expect(await why()).toEqual(["nothing changed", "The source is as it was last sent."]);
  expect(await why({ full: true })).toEqual(["full", "--full sends every row, changed or not."]);
  own.write("contacts.csv", `${ROWS.replace("k1,a", "k1,A")}k4,d,4\n`);
  expect(await why()).toEqual(["data changed", "1 row is new, 1 row changed since the last run."]);
  own.write("contacts.csv", ROWS);
  own.write(
    "contacts.sync.yaml",
    SPEC.replace(
      "Score__c: score",
      'Email: { expr: row.key + "@x.example" }, LeadSource: { value: Web }',
    ).replace("LastName: name", "LastName: { from: name, transform: [upper] }"),
  );
  const changed = (await own.plan()).data.syncs[0];
  expect(changed.reason).toBe("mapping changed");
  expect(changed.reasons[0].text).toBe(
    "The mapping changed (+ Email, + LeadSource, - Score__c, ~ LastName): 3 rows differ.",
  );
  expect(changed.reasons[0].fields).toEqual(["Email", "LeadSource", "LastName", "Score__c"]);
  own.write("contacts.sync.yaml", SPEC.replace("upsert", "insert"));
  expect((await own.plan()).data.syncs[0].reasons[0]).toMatchObject({
    kind: "keyChanged",
    text: "It was upsert Contact by Key__c and is insert Contact by Key__c: what was sent before says nothing.",
  });
});

test("another org under a known name is a first run, and the plan says so", async () => {
  const own = await localProject({ files: { "contacts.sync.yaml": SPEC, "contacts.csv": ROWS } });
  await own.run();
  own.moveTo(await localProject({ files: {} }));
  const plan = (await own.plan()).data.syncs[0];
  expect([plan.reason, plan.reasons[0].kind]).toEqual(["first run", "otherOrg"]);
  expect(plan.counts.new).toBe(3);
});

test("rows that failed last time are tried again, and the plan says so", async () => {
  const own = await localProject({
    files: {
      "contacts.sync.yaml": SPEC.replace("Score__c: score", "Account.Key__c: score"),
      "contacts.csv": ROWS,
    },
  });
  const run = await own.run();
  expect(run.data.runs[0].counts.failed).toBe(3);
  const plan = (await own.plan()).data.syncs[0];
  expect(plan.reasons.at(-1)).toMatchObject({
    kind: "failedBefore",
    text: expect.stringMatching(/^3 rows of run \S+ did not arrive and are tried again\.$/),
  });
});
