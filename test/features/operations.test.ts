import { beforeAll, describe, expect, test } from "vitest";
import { makeId } from "../../engine/emulator/ids.ts";
import { newProject, type TestProject } from "../cli/test-project.ts";
import type { Json } from "../emulator/local-org.ts";

/** What each operation does to the org, and what a second run of it does. */
const ID = (n: number) => makeId("003", 1_000_000 + n);

const SPECS: Readonly<Record<string, string>> = {
  upsert: `
source: { files: upsert.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name }
`,
  insert: `
source: { files: insert.csv }
target: { object: Contact, operation: insert, externalId: Key__c }
mapping: { Key__c: key, LastName: name }
`,
  update: `
source: { files: update.csv }
target: { object: Contact, operation: update }
mapping: { Id: id, LastName: name }
guards: { maxFailed: 1 }
`,
  "update-by-key": `
source: { files: update-by-key.csv }
target: { object: Contact, operation: update, externalId: Code__c }
mapping: { Code__c: code, LastName: name }
guards: { maxFailed: 2 }
`,
  delete: `
source: { files: delete.csv }
target: { object: Contact, operation: delete }
mapping: { Id: id }
`,
  "delete-by-key": `
source: { files: delete-by-key.csv }
target: { object: Contact, operation: delete, externalId: Key__c }
mapping: { Key__c: key }
guards: { maxFailed: 1 }
`,
};

const SEED = `Id,Key__c,Code__c,LastName,FirstName
${ID(1)},s1,u1,Old,One
${ID(2)},s2,u2,Old,Two
${ID(3)},s3,twin,Old,Three
${ID(4)},s4,twin,Old,Four
${ID(5)},s5,,Old,Five
${ID(6)},s6,,Old,Six
`;

let project: TestProject;
type Runs = Map<string, Json>;
let first: Runs;

async function run(...words: string[]): Promise<Runs> {
  const document = (await project.sluice("run", "--json", ...words)).document();
  return new Map(document.data.runs.map((one: { sync: string }) => [one.sync, one]));
}

async function nameOf(key: string): Promise<string | undefined> {
  const [record] = await project.org.query(`SELECT LastName FROM Contact WHERE Key__c = '${key}'`);
  return record?.LastName;
}

beforeAll(async () => {
  project = await newProject({
    shape: `objects:
  Contact:
    fields:
      Key__c: { type: string, externalId: true, unique: true }
      Code__c: { type: string, externalId: true }
`,
    seeds: { Contact: SEED },
    files: {
      "upsert.csv": "key,name\ns1,Upserted\nn1,New\n",
      "insert.csv": "key,name\ni1,One\ni2,Two\n",
      "update.csv": `id,name\n${ID(2).slice(0, 15)},Updated\n${makeId("001", 1)},Account\n`,
      "update-by-key.csv": "code,name\nU1,ByKey\nnobody,X\ntwin,Y\n",
      "delete.csv": `id\n${ID(5)}\n`,
      "delete-by-key.csv": "key\nS6\nnobody\n",
      ...Object.fromEntries(
        Object.entries(SPECS).map(([name, spec]) => [`${name}.sync.yaml`, `sync: ${name}${spec}`]),
      ),
    },
  });
  await run("upsert");
  first = await run();
});

test("upsert changes what is there and creates what is not", async () => {
  expect(await nameOf("n1")).toBe("New");
  const [history] = (await project.sluice("runs", "--json", "--sync", "upsert"))
    .document()
    .data.runs.slice(-1);
  expect(history.counts).toMatchObject({ created: 1, updated: 1, sent: 2 });
});

test("a run that finds nothing changed sends nothing", () => {
  expect(first.get("upsert")).toMatchObject({
    state: "nothingToDo",
    jobs: [],
    counts: { source: 2, unchanged: 2, sent: 0 },
  });
});

test("update by Id, of 15 characters too; an Id of another object is not sent", async () => {
  expect(await nameOf("s2")).toBe("Updated");
  expect(first.get("update").counts).toMatchObject({ sent: 1, updated: 1, invalid: 1 });
  expect(project.readCsv(first.get("update").files.invalid)).toMatchObject([
    { code: "VALUE_NOT_ID", field: "Id", line: "3" },
  ]);
});

test("update by an external id looks the Ids up; none and several are told apart", async () => {
  const records = await project.org.query("SELECT LastName, FirstName FROM Contact");
  const byName = new Map(records.map((one) => [one.FirstName, one.LastName]));
  expect([byName.get("One"), byName.get("Three"), byName.get("Four")]).toEqual([
    "ByKey",
    "Old",
    "Old",
  ]);
  const invalid = project.readCsv(first.get("update-by-key").files.invalid);
  expect(invalid.map(({ code, line }) => [code, line])).toEqual([
    ["KEY_NOT_FOUND", "3"],
    ["KEY_AMBIGUOUS", "4"],
  ]);
});

test("delete by Id and by an external id", async () => {
  expect(await project.org.query("SELECT Id FROM Contact WHERE Key__c IN ('s5','s6')")).toEqual([]);
  expect(first.get("delete").counts).toMatchObject({ sent: 1, succeeded: 1, deleted: 1 });
  expect(first.get("delete-by-key").counts).toMatchObject({ sent: 1, deleted: 1, invalid: 1 });
});

describe("after the files changed", () => {
  let second: Runs;

  beforeAll(async () => {
    project.write("upsert.csv", "name,key\nChanged,s1\nNew,n1\nThird,n2\n");
    project.write("insert.csv", "key,name\ni1,Changed\ni2,Two\ni3,Three\n");
    project.write("delete-by-key.csv", "key\ns6\nnobody\n");
    second = await run("upsert", "insert", "delete-by-key");
  });

  test("only the rows that changed are sent; the order of columns is no change", async () => {
    expect(second.get("upsert").counts).toMatchObject({ unchanged: 1, created: 1, updated: 1 });
    expect(await nameOf("s1")).toBe("Changed");
  });

  test("insert sends only keys that were never sent, and says what it left", async () => {
    expect(second.get("insert").counts).toMatchObject({ unchanged: 2, sent: 1, created: 1 });
    expect([await nameOf("i1"), await nameOf("i3")]).toEqual(["One", "Three"]);
    const plan = await project.sluice("plan", "insert");
    expect(plan.stdout).toContain("1 row changed since it was inserted; insert never updates.");
  });

  test("what a delete has deleted is as it should be, however its key is written", () => {
    expect(second.get("delete-by-key")).toMatchObject({
      state: "nothingToDo",
      jobs: [],
      counts: { source: 2, unchanged: 1, invalid: 1, sent: 0 },
    });
  });

  test("--full sends every row of an upsert and no row of an insert again", async () => {
    const full = await run("upsert", "insert", "--full");
    expect(full.get("upsert").counts).toMatchObject({ unchanged: 0, sent: 3, updated: 3 });
    expect(full.get("insert").counts).toMatchObject({ unchanged: 3, sent: 0 });
    const count = await project.org.query("SELECT Id FROM Contact WHERE Key__c LIKE 'i%'");
    expect(count).toHaveLength(3);
  });

  test("plan tells a changed mapping from changed data", async () => {
    project.write(
      "upsert.sync.yaml",
      `sync: upsert${SPECS.upsert?.replace("LastName: name", "LastName: { from: name, transform: [upper] }")}`,
    );
    const document = (await project.sluice("plan", "upsert", "--json")).document();
    expect(document.data.syncs[0]).toMatchObject({
      reason: "mapping changed",
      counts: { source: 3, changed: 3, toSend: 3 },
      fields: { LastName: 3 },
    });
  });
});
