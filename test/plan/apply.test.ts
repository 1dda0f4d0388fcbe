import { expect, test } from "vitest";
import { type LocalProject, localProject } from "./local-project.ts";

const SPEC = `sync: contacts
source: { files: "contacts*.csv" }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Score__c: score }
`;
const ROWS = "key,name,score\nk1,Meier,1\nk2,Okafor,2\nk3,Nilsson,3\n";

function project(): Promise<LocalProject> {
  return localProject({ files: { "contacts.sync.yaml": SPEC, "contacts.csv": ROWS } });
}

test("apply does exactly what the saved plan says, and is the approval of a protected org", async () => {
  const own = await project();
  own.useOrg("guarded");
  await own.plan([], { out: "plan.json" });
  const refused = await own.run();
  expect([refused.exitCode, refused.error?.code]).toEqual([6, "RUN_PROTECTED"]);
  own.useOrg(null);
  const applied = await own.apply("plan.json");
  expect(applied.data.runs[0]).toMatchObject({
    org: "guarded",
    state: "succeeded",
    counts: { sent: 3, succeeded: 3, created: 3 },
  });
  // The same plan a second time: the state has moved.
  const again = await own.apply("plan.json");
  expect([again.exitCode, again.error?.code]).toEqual([6, "PLAN_STALE"]);
});

test("a saved plan holds no row's value and no token", async () => {
  const own = await project();
  await own.plan([], { out: "plan.json" });
  const saved = own.read("plan.json");
  for (const value of ["Meier", "Okafor", "Nilsson", own.token]) expect(saved).not.toContain(value);
});

/** What moves after the plan was saved, and how the refusal names it. */
const MOVES: readonly [string, RegExp, (own: LocalProject) => unknown][] = [
  [
    "the spec",
    /configuration: contacts\.sync\.yaml/,
    (own) => own.write("contacts.sync.yaml", SPEC.replace("Score__c: score", "Email: score")),
  ],
  [
    "a value in a source file",
    /source: contacts\.csv changed/,
    (own) => own.write("contacts.csv", ROWS.replace("Meier", "Mayer")),
  ],
  [
    "the rows of a source file",
    /contacts\.csv changed \(3 rows, now 4\)/,
    (own) => own.write("contacts.csv", `${ROWS}k4,Neu,4\n`),
  ],
  [
    "one more source file",
    /contacts-2\.csv is new/,
    (own) => own.write("contacts-2.csv", "key,name,score\nn1,Neu,1\n"),
  ],
  ["a source file that is gone", /No file matches/, (own) => own.remove("contacts.csv")],
  ["the state", /state: rows were sent since/, (own) => own.run()],
];

for (const [what, words, move] of MOVES) {
  test(`a saved plan is refused when it moved: ${what}`, async () => {
    const own = await project();
    await own.plan([], { out: "plan.json" });
    await move(own);
    const before = await own.org.query("SELECT Id FROM Contact");
    const applied = await own.apply("plan.json");
    const message = `${applied.error?.message} ${applied.data?.runs?.[0]?.error?.message ?? ""}`;
    expect([applied.exitCode, applied.error?.code]).toEqual([6, "PLAN_STALE"]);
    expect(message).toMatch(words);
    expect(await own.org.query("SELECT Id FROM Contact")).toEqual(before);
  });
}

const ACCOUNTS = `sync: accounts
source: { files: accounts.csv }
target: { object: Account, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, Name: name }
`;

/** What moves of the second sync, and how the refusal names it. */
const SECOND: readonly [string, RegExp, (own: LocalProject) => unknown][] = [
  [
    "a value of its source",
    /plan of contacts is stale. What moved: the source: contacts\.csv changed\. Nothing was sent/,
    (own) => own.write("contacts.csv", ROWS.replace("Meier", "Mayer")),
  ],
  [
    "one more of its files",
    /contacts-2\.csv is new/,
    (own) => own.write("contacts-2.csv", "key,name,score\nn1,Neu,1\n"),
  ],
  [
    "its state",
    /contacts is stale. What moved: the state: rows were/,
    (own) => own.run(["contacts"]),
  ],
];

for (const [what, words, move] of SECOND) {
  test(`of several saved plans none is applied when another moved: ${what}`, async () => {
    const own = await localProject({
      files: {
        "accounts.sync.yaml": ACCOUNTS,
        "accounts.csv": "key,name\na1,Acme\n",
        "contacts.sync.yaml": `${SPEC}dependsOn: [accounts]\n`,
        "contacts.csv": ROWS,
      },
    });
    const { data } = await own.plan([], { out: "plan.json" });
    expect(data.syncs.map(({ sync }: { sync: string }) => sync)).toEqual(["accounts", "contacts"]);
    await move(own);
    const applied = await own.apply("plan.json");
    expect([applied.exitCode, applied.error?.code]).toEqual([6, "PLAN_STALE"]);
    expect(applied.error?.message).toMatch(words);
    expect(applied.error?.message).not.toContain("plan of accounts");
    expect(await own.org.query("SELECT Id FROM Account")).toEqual([]);
    // As it was, all of it is applied.
    if (what !== "a value of its source") return;
    own.write("contacts.csv", ROWS);
    const again = await own.apply("plan.json");
    expect([again.exitCode, again.data.runs.length]).toEqual([0, 2]);
  });
}

test("all that moved of several saved plans is told", async () => {
  const own = await localProject({
    files: {
      "accounts.sync.yaml": ACCOUNTS,
      "accounts.csv": "key,name\na1,Acme\n",
      "contacts.sync.yaml": SPEC,
      "contacts.csv": ROWS,
    },
  });
  await own.plan([], { out: "plan.json" });
  own.write("accounts.csv", "key,name\na1,Acme\na2,Bolt\n");
  own.write("contacts.sync.yaml", SPEC.replace("Score__c: score", "Email: score"));
  const { message } = (await own.apply("plan.json")).error ?? { message: "" };
  expect(message).toMatch(/plan of accounts .* accounts\.csv changed \(1 rows, now 2\)/);
  expect(message).toMatch(/plan of contacts .* the configuration: contacts\.sync\.yaml/);
});

test("a saved plan is refused when the org's name means another org, or its describe moved", async () => {
  const own = await project();
  await own.plan([], { out: "plan.json" });
  const other = await localProject({
    files: {},
    shape: `objects:
  Contact:
    fields:
      Key__c: { type: string, length: 30, externalId: true, unique: true }
      Score__c: { type: double, precision: 8, scale: 2 }
`,
  });
  own.moveTo(other);
  const applied = await own.apply("plan.json");
  expect([applied.exitCode, applied.error?.code]).toEqual([6, "PLAN_STALE"]);
  expect(applied.error?.message).toMatch(/the org: "test" was \w{18} and is \w{18}/);
  expect(applied.error?.message).toMatch(/the describe of Contact/);
});

test("comments and another line order do not make a plan stale", async () => {
  const own = await project();
  await own.plan([], { out: "plan.json" });
  own.write("contacts.sync.yaml", `# why this sync is there\n\n${SPEC}`);
  expect((await own.apply("plan.json")).exitCode).toBe(0);
});

test("an edited plan file is refused", async () => {
  const own = await project();
  await own.plan([], { out: "plan.json" });
  own.write("plan.json", own.read("plan.json").replace('"toSend": 3', '"toSend": 2'));
  const applied = await own.apply("plan.json");
  expect([applied.exitCode, applied.error?.code]).toEqual([3, "PLAN_FILE"]);
  own.write("plan.json", "{}");
  expect((await own.apply("plan.json")).error?.code).toBe("PLAN_FILE");
});
