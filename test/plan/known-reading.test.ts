import path from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { expect, test, vi } from "vitest";
import { stateCommand } from "../../engine/cli/state-command.ts";
import { type Ended, type LocalProject, localProject } from "./local-project.ts";

const SPEC = `sync: contacts
source: { files: "contacts*.csv" }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Account.Key__c: account }
where: row.name != "skip"
retry: { rounds: 0 }
`;

/** What the spec may say besides. */
const MORE = [
  "guards: { maxFailed: 100%, maxChangeRatio: 50%, minSourceRows: 2 }\n",
  "guards: { maxFailed: 100%, maxDeletes: 1 }\nmirror: true\n",
  "guards: { maxFailed: 100% }\nduplicates: last\n",
  "guards: { maxFailed: 100% }\nnulls: clear\n",
];

function query<T>(own: LocalProject, sql: string, ...values: unknown[]): T[] {
  const database = new Database(path.join(own.folder, ".sluice/state.db"));
  try {
    const statement = database.prepare(sql);
    if (/^select/.test(sql)) return statement.all(...values) as T[];
    statement.run(...values);
    return [];
  } finally {
    database.close();
  }
}

/** Gives the plan as it is made with what is kept of the last reading, and as it is without. */
async function plannedTwice(own: LocalProject) {
  const withIt = await own.plan();
  const kept = query<{ stream_id: number; reading: string }>(own, "select * from readings");
  query(own, "delete from readings");
  const without = await own.plan();
  for (const { stream_id, reading } of kept) {
    query(own, "insert into readings values (?, ?)", stream_id, reading);
  }
  return { withIt, without };
}

/** All of a plan but what the org has left after the calls of the plan before. */
function comparable({ document, text, exitCode }: Ended) {
  const json = JSON.stringify(document, (_, value) =>
    value?.detail === "left in the org today" ? { ...value, limit: null } : value,
  );
  return { document: JSON.parse(json), text, exitCode };
}

/** Makes what is kept of the last reading say another number: a plan that has it went by that. */
function mark(own: LocalProject): number {
  query(own, "update readings set reading = json_set(reading, '$.source', 777)");
  return 777;
}

async function planned(own: LocalProject): Promise<number> {
  return (await own.plan()).data.syncs[0].counts.source;
}

async function twoContacts(spec = SPEC + MORE[0]): Promise<LocalProject> {
  const rows = "key,name,account\nk1,a,\nk2,b,\nk3,skip,\n";
  return localProject({ files: { "contacts.sync.yaml": spec, "contacts.csv": rows } });
}

test("while nothing moves, a plan and a run go by the digests of the source", async () => {
  const own = await twoContacts();
  expect((await own.run()).data.runs[0]).toMatchObject({ state: "succeeded" });
  const { withIt, without } = await plannedTwice(own);
  expect(comparable(withIt)).toEqual(comparable(without));
  const marked = mark(own);
  expect(await planned(own)).toBe(marked);
  expect((await own.run()).data.runs[0]).toMatchObject({
    state: "nothingToDo",
    counts: { source: marked, filtered: 1, sent: 0 },
  });
});

test("a run that found nothing to send keeps its reading too", async () => {
  const own = await twoContacts();
  await own.run();
  query(own, "delete from readings");
  expect((await own.run()).data.runs[0].state).toBe("nothingToDo");
  const marked = mark(own);
  expect(await planned(own)).toBe(marked);
});

/** What makes a plan read every row again. */
const MOVES: readonly [string, (own: LocalProject) => unknown, number][] = [
  [
    "a byte of the source",
    (own) => own.write("contacts.csv", "key,name,account\nk1,a,\nk2,c,\nk3,skip,\n"),
    3,
  ],
  ["the end of the source", (own) => own.write("contacts.csv", "key,name,account\nk1,a,\n"), 1],
  ["a further file", (own) => own.write("contacts-2.csv", "key,name,account\nk4,a,\n"), 4],
  ["the spec", (own) => own.write("contacts.sync.yaml", SPEC + MORE[2]), 3],
  [
    "the state",
    (own) =>
      own.command("state", (context) =>
        stateCommand("forget", "contacts", { orgId: null, duplicates: false }, context),
      ),
    3,
  ],
];

for (const [what, move, rows] of MOVES) {
  test(`${what} moved: every row is read`, async () => {
    const own = await twoContacts();
    await own.run();
    mark(own);
    await move(own);
    expect(await planned(own)).toBe(rows);
  });
}

test("another Node reads every row: zones, letters and numbers are its own", async () => {
  const own = await twoContacts();
  await own.run();
  mark(own);
  vi.stubGlobal("process", Object.create(process, { version: { value: "v0.0.0" } }));
  try {
    expect(await planned(own)).toBe(3);
  } finally {
    vi.unstubAllGlobals();
  }
});

test("--full, --resend-unknown and --refresh read every row", async () => {
  const own = await twoContacts();
  await own.run();
  mark(own);
  for (const flag of ["full", "resendUnknown", "refresh"] as const) {
    expect((await own.plan([], { [flag]: true })).data.syncs[0].counts.source).toBe(3);
  }
});

/** Rows that leave something open: the next run looks at them again. */
const OPEN: readonly [string, string][] = [
  ["an invalid row", "k1,a,\n,b,\n"],
  ["a duplicate", "k1,a,\nk1,b,\n"],
  ["a row that the org refuses", "k1,a,\nk2,b,none\n"],
];

for (const [what, rows] of OPEN) {
  test(`${what}: nothing is kept`, async () => {
    const own = await twoContacts();
    own.write("contacts.csv", `key,name,account\n${rows}`);
    await own.run();
    expect(query(own, "select * from readings")).toEqual([]);
  });
}

type Step =
  | { readonly kind: "rows"; readonly file: string; readonly rows: readonly string[] }
  | { readonly kind: "spec"; readonly more: string }
  | { readonly kind: "run"; readonly full: boolean }
  | { readonly kind: "remove" | "forget" | "touch" };

const line = fc
  .tuple(
    fc.constantFrom("k1", "k2", "K2", "k3", "k4", ""),
    fc.constantFrom("a", "b", "skip", "#N/A"),
    fc.constantFrom("a1", "", "", "none"),
  )
  .map((cells) => cells.join(","));
const goodLine = fc.constantFrom("k1,a,a1", "k2,b,", "k3,skip,", "k4,c,", "k5,d,#N/A");
const rows = fc.oneof(
  fc.uniqueArray(goodLine, { minLength: 1, maxLength: 5 }),
  fc.array(line, { maxLength: 5 }),
);
const run = fc.record({ kind: fc.constant("run" as const), full: fc.boolean() });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: run },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("rows" as const),
      file: fc.constantFrom("contacts.csv", "contacts.csv", "contacts-2.csv"),
      rows,
    }),
  },
  fc.record({ kind: fc.constant("spec" as const), more: fc.constantFrom(...MORE) }),
  fc.record({ kind: fc.constantFrom("remove", "forget", "touch") }),
);

async function take(own: LocalProject, step: Step): Promise<void> {
  switch (step.kind) {
    case "rows":
      own.write(step.file, `key,name,account\n${step.rows.map((row) => `${row}\n`).join("")}`);
      return;
    case "spec":
      own.write("contacts.sync.yaml", SPEC + step.more);
      return;
    case "run":
      await own.run([], { full: step.full });
      return;
    case "remove":
      own.write("contacts-2.csv", "");
      own.remove("contacts-2.csv");
      return;
    case "touch":
      own.write("contacts.csv", own.read("contacts.csv"));
      return;
    case "forget":
      await own.command("state", (context) =>
        stateCommand("forget", "contacts", { orgId: null, duplicates: false }, context),
      );
  }
}

test("a plan with what is kept is the plan without it, whatever came before", async () => {
  const seeds = { Account: "Key__c,Name\na1,Acme\n" };
  const csv = "key,name,account\nk1,a,a1\nk2,b,\n";
  const files = { "contacts.sync.yaml": SPEC + MORE[0], "contacts.csv": csv };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 6 }), async (steps) => {
      const own = await localProject({ files, seeds });
      await own.run();
      for (const each of steps) {
        await take(own, each);
        const { withIt, without } = await plannedTwice(own);
        expect(comparable(withIt)).toEqual(comparable(without));
      }
    }),
    { numRuns: 5 },
  );
});
