import { expect, test } from "vitest";
import { type LocalProject, localProject } from "./local-project.ts";

const SPEC = `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Active__c: { value: true }, Phone: { value: "1" } }
mirror:
  update:
    active__c: { value: false }
    Title: { value: "Left, for \\"good\\"" }
    Phone: { value: "", nulls: clear }
guards: { maxDeletes: 5 }
chunk: { maxRows: 2 }
`;

function rows(...keys: string[]): string {
  return `key,name\n${keys.map((key) => `${key},Name of ${key}\n`).join("")}`;
}

async function sent(spec = SPEC): Promise<LocalProject> {
  const own = await localProject({
    files: { "contacts.sync.yaml": spec, "contacts.csv": rows("a", "b", "c", "d", "e") },
    seeds: { Contact: "Key__c,LastName\nothers,Not ours\n" },
  });
  expect((await own.run()).data.runs[0].state).toBe("succeeded");
  return own;
}

async function contact(own: LocalProject, key: string) {
  const soql = "SELECT Id, Active__c, Title, Phone, LastName FROM Contact WHERE Key__c = ";
  const [record] = await own.org.query(`${soql}'${key}'`);
  return record;
}

const AS_SENT = { Active__c: true, Title: null, Phone: "1" };
const AS_LEFT = { Active__c: false, Title: 'Left, for "good"', Phone: null };

test("records whose key left the source are updated once, and are new when they come back", async () => {
  const own = await sent();
  own.write("contacts.csv", rows("a", "b"));
  const plan = await own.plan([], { out: "plan.json" });
  expect(plan.data.syncs[0]).toMatchObject({
    counts: { unchanged: 2, toSend: 0 },
    mirror: { deletes: 0, updates: 3, fields: ["Active__c", "Title", "Phone"], chunks: 2 },
  });
  expect(plan.text).toContain("3 to update (3 left the source)");
  expect(await contact(own, "c")).toMatchObject(AS_SENT);

  const run = await own.apply("plan.json");
  expect([run.exitCode, run.data.runs.length]).toEqual([0, 2]);
  expect(run.data.runs[0].state).toBe("nothingToDo");
  expect(run.data.runs[1]).toMatchObject({
    state: "succeeded",
    counts: { source: 3, sent: 3, succeeded: 3, created: 0, updated: 3, deleted: 0 },
  });
  for (const key of ["c", "d", "e"]) expect(await contact(own, key)).toMatchObject(AS_LEFT);
  expect(await contact(own, "a")).toMatchObject(AS_SENT);
  expect(await contact(own, "others")).toMatchObject({ Title: null, Phone: null });

  // Whoever sets the record right by hand is not overruled by the next run.
  const { Id } = await contact(own, "c");
  await own.org.call("PATCH", `/services/data/v61.0/sobjects/Contact/${Id}`, { Title: "Back" });
  expect((await own.plan()).data.syncs[0].mirror).toMatchObject({ updates: 0, alreadyGone: 0 });
  expect((await own.run()).data.runs.length).toBe(1);
  expect(await contact(own, "c")).toMatchObject({ Title: "Back" });

  own.write("contacts.csv", rows("a", "b", "c"));
  expect((await own.plan()).data.syncs[0].counts).toMatchObject({ new: 1, unchanged: 2 });
  expect((await own.run()).data.runs[0].counts).toMatchObject({ created: 0, updated: 1 });
  expect(await contact(own, "c")).toMatchObject({ Id, Active__c: true, Phone: "1" });
  // And when it leaves again, that is another departure.
  own.write("contacts.csv", rows("a", "b"));
  expect((await own.run()).data.runs[1].counts).toMatchObject({ sent: 1, updated: 1 });
  expect(await contact(own, "c")).toMatchObject(AS_LEFT);
});

test("a record that can't be updated is listed with what was sent, and tried by the next run", async () => {
  const own = await sent();
  await own.org.faults([
    {
      on: { job: { operation: "update" } },
      do: { rowError: { every: 2, code: "DUPLICATE_VALUE" } },
    },
  ]);
  own.write("contacts.csv", rows("a", "b", "c"));
  const failed = await own.run();
  expect([failed.exitCode, failed.data.runs[1].state]).toEqual([4, "partial"]);
  expect(failed.data.runs[1].counts).toMatchObject({ sent: 2, updated: 1, failed: 1 });
  const table = own.read(failed.data.runs[1].files.failed.slice(own.folder.length + 1));
  expect(table).toMatch(/^Id,Active__c,Title,Phone,file,line,code/);
  expect(table).toMatch(/\n003\w{15},false,"Left, for ""good""",#N\/A,,,DUPLICATE_VALUE/);
  await own.org.faults([]);
  expect((await own.run()).data.runs[1].counts).toMatchObject({ sent: 1, updated: 1 });
  expect(await contact(own, "d")).toMatchObject(AS_LEFT);
  expect(await contact(own, "e")).toMatchObject(AS_LEFT);
});

test("for a sync by Id, and for one by a looked-up key", async () => {
  for (const operation of ["update, externalId: Key__c", "update"]) {
    const own = await sent();
    const ids = await own.org.query("SELECT Id FROM Contact WHERE Key__c = 'e'");
    const byId = operation === "update";
    own.write(
      "contacts.sync.yaml",
      `sync: titles
source: { files: contacts.csv }
target: { object: Contact, operation: ${operation} }
mapping: { ${byId ? "Id: id, Phone: name" : "Key__c: key, Phone: name"} }
mirror: { update: { Title: { value: left } } }
guards: { maxDeletes: 1 }
`,
    );
    const all = await own.org.query("SELECT Id, Key__c FROM Contact WHERE Key__c != 'others'");
    const csv = (keep: (key: string) => boolean) =>
      `id,key,name\n${all
        .filter(({ Key__c }) => keep(Key__c))
        .map(({ Id, Key__c }) => `${Id},${Key__c},5\n`)
        .join("")}`;
    own.write(
      "contacts.csv",
      csv(() => true),
    );
    expect((await own.run()).exitCode).toBe(0);
    own.write(
      "contacts.csv",
      csv((key) => key !== "e"),
    );
    const run = await own.run();
    expect(run.data.runs[1].counts).toMatchObject({ sent: 1, updated: 1 });
    expect(await contact(own, "e")).toMatchObject({ Id: ids[0]?.Id, Title: "left" });
    expect(await contact(own, "d")).toMatchObject({ Title: null });
    expect((await own.run()).data.runs.length).toBe(1);
  }
});
