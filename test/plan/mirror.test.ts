import { expect, test } from "vitest";
import { type Ended, type LocalProject, localProject } from "./local-project.ts";

const SPEC = `sync: contacts
source: { files: "contacts*.csv" }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name }
mirror: true
guards: { maxDeletes: 2 }
`;

function rows(...keys: string[]): string {
  return `key,name\n${keys.map((key) => `${key},Name of ${key}\n`).join("")}`;
}

/** Two files, six contacts sent; a seventh that somebody else made. */
async function sent(spec = SPEC): Promise<LocalProject> {
  const own = await localProject({
    files: {
      "contacts.sync.yaml": spec,
      "contacts-1.csv": rows("a1", "a2", "a3"),
      "contacts-2.csv": rows("b1", "b2", "b3"),
    },
    seeds: { Contact: "Key__c,LastName\nothers,Not ours\n" },
  });
  expect((await own.run()).data.runs[0].state).toBe("succeeded");
  return own;
}

async function keys(own: LocalProject): Promise<string[]> {
  const records = await own.org.query("SELECT Key__c FROM Contact");
  return records.map((record) => record.Key__c).sort();
}

const ALL = ["a1", "a2", "a3", "b1", "b2", "b3", "others"];

test("keys that left the source are deleted, and are new when they come back", async () => {
  const own = await sent();
  own.write("contacts-1.csv", rows("a1"));
  const plan = await own.plan();
  expect(plan.data.syncs[0].mirror).toMatchObject({ deletes: 2, alreadyGone: 0, heldBack: null });
  expect(await keys(own)).toEqual(ALL);
  const run = await own.run();
  expect(run.data.runs.map((each: { state: string }) => each.state)).toEqual([
    "nothingToDo",
    "succeeded",
  ]);
  expect(run.data.runs[1].counts).toMatchObject({ source: 2, sent: 2, deleted: 2 });
  expect(await keys(own)).toEqual(["a1", "b1", "b2", "b3", "others"]);
  expect((await own.plan()).data.syncs[0]).toMatchObject({
    counts: { unchanged: 4, toSend: 0 },
    mirror: { deletes: 0 },
  });
  own.write("contacts-1.csv", rows("a1", "a2"));
  expect((await own.plan()).data.syncs[0].counts).toMatchObject({ new: 1, unchanged: 4 });
  expect((await own.run()).data.runs[0].counts).toMatchObject({ created: 1 });
  expect(await keys(own)).toEqual(["a1", "a2", "b1", "b2", "b3", "others"]);
});

/** Ways in which a source loses its rows although the world did not. */
const TRICKS: readonly [string, string, (own: LocalProject, spec: string) => void][] = [
  ["more keys left than maxDeletes", "maxDeletes", (own) => own.write("contacts-1.csv", rows())],
  ["a header-only file", "mirrorSource", (own) => own.write("contacts-1.csv", rows())],
  ["a glob that lost a file", "mirrorSource", (own) => own.remove("contacts-2.csv")],
  [
    "a key column that was renamed",
    "mirrorSource",
    (own, spec) => {
      own.write("contacts.sync.yaml", spec.replace("Key__c: key", "Key__c: no"));
      own.write("contacts-1.csv", "no,name\na1,x\n");
      own.write("contacts-2.csv", "no,name\nb1,x\n");
    },
  ],
  [
    "a where that leaves out more",
    "mirrorSource",
    (own, spec) => own.write("contacts.sync.yaml", `${spec}where: row.key != "a1"\n`),
  ],
  [
    "no limit named",
    "maxDeletes",
    (own, spec) => {
      own.write("contacts.sync.yaml", spec.replace("guards: { maxDeletes: 2 }\n", ""));
      own.write("contacts-1.csv", rows("a1", "a2"));
    },
  ],
];

const UPDATE = SPEC.replace("mirror: true", "mirror: { update: { Title: { value: left } } }");
const VERBS = [
  ["deleting", SPEC],
  ["updating", UPDATE],
] as const;

/** The keys whose record mirror has not touched. */
async function untouched(own: LocalProject): Promise<string[]> {
  const records = await own.org.query("SELECT Key__c FROM Contact WHERE Title = null");
  return records.map((record) => record.Key__c).sort();
}

for (const [trick, guard, act] of TRICKS) {
  test.each(VERBS)(`not tricked into %s: ${trick}`, async (_, spec) => {
    const own = await sent(spec);
    act(own, spec);
    const plan = await own.plan();
    const refused = failing(plan);
    expect(refused).toContain(guard);
    const run = await own.run();
    expect([run.exitCode, run.error?.code]).toEqual([6, "RUN_GUARD"]);
    expect(run.error?.message).toContain(guard);
    expect(await untouched(own)).toEqual(ALL);
    // A cron tries again by itself: the guard must hold for longer than one run.
    expect((await own.run()).exitCode).toBe(6);
    expect(await untouched(own)).toEqual(ALL);
    // Whoever has looked may say so.
    const overridden = await own.run([], { override: refused });
    expect(overridden.exitCode).toBe(0);
    expect((await untouched(own)).length).toBeLessThan(ALL.length);
  });
}

test.each(VERBS)(
  "no %s: an empty or missing source is an error before any guard",
  async (_, spec) => {
    const own = await sent(spec);
    own.write("contacts-1.csv", "");
    expect((await own.run()).exitCode).toBe(3);
    own.remove("contacts-1.csv");
    own.remove("contacts-2.csv");
    expect((await own.run()).exitCode).toBe(3);
    expect(await untouched(own)).toEqual(ALL);
  },
);

test.each(VERBS)(
  "no %s: an invalid row may hold the key that seems to be missing",
  async (_, spec) => {
    const own = await sent(spec);
    own.write("contacts-1.csv", `${rows("a1", "a2")}a3\n`);
    const plan = await own.plan();
    expect(plan.data.syncs[0].mirror).toMatchObject({ deletes: 0, updates: 0 });
    expect(plan.data.syncs[0].warnings.join()).toMatch(
      /mirror (deletes|updates) nothing this time/,
    );
    own.remove("contacts-2.csv");
    await own.run();
    expect(await untouched(own)).toEqual(ALL);
    // The row is mended, and the file that was lost meanwhile is still missed.
    own.write("contacts-1.csv", rows("a1", "a2", "a3"));
    expect((await own.run()).error?.message).toContain("mirrorSource");
    expect(await untouched(own)).toEqual(ALL);
  },
);

test("files may change their names as long as none is missing", async () => {
  const own = await sent();
  own.remove("contacts-2.csv");
  own.write("contacts-3.csv", rows("b1", "b2"));
  const run = await own.run();
  expect(run.exitCode).toBe(0);
  expect(await keys(own)).toEqual(ALL.filter((key) => key !== "b3"));
});

test("a record that somebody deleted is not an error", async () => {
  const own = await sent();
  const [record] = await own.org.query("SELECT Id FROM Contact WHERE Key__c = 'b3'");
  await own.org.call("DELETE", `/services/data/v61.0/sobjects/Contact/${record.Id}`);
  own.write("contacts-2.csv", rows("b1"));
  expect((await own.plan()).data.syncs[0].mirror).toMatchObject({ deletes: 1, alreadyGone: 1 });
  expect((await own.run()).exitCode).toBe(0);
  expect(await keys(own)).toEqual(["a1", "a2", "a3", "b1", "others"]);
});

function failing({ data }: Ended): string[] {
  const guards: { name: string; ok: boolean }[] = data.syncs[0].guards;
  return guards.filter(({ ok }) => !ok).map(({ name }) => name);
}
