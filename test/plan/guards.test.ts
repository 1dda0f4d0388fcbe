import { expect, test } from "vitest";
import { localProject } from "./local-project.ts";

function spec(guards: string): string {
  return `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name }
guards: { ${guards} }
`;
}

const rows = (...names: string[]) =>
  `key,name\n${names.map((name, i) => `k${i},${name}\n`).join("")}`;

const DAY = 86_400_000;

/** A guard, what trips it, and its number and limit as they are told. */
const CASES: readonly [string, string, string, object][] = [
  ["maxChangeRatio: 50%", "maxChangeRatio", rows("a", "B", "C"), { value: 2 / 3, limit: 0.5 }],
  ["minSourceRows: 3", "minSourceRows", rows("a", "b"), { value: 2, limit: 3 }],
  ["maxAge: 2d", "maxAge", rows("a", "b", "C"), { limit: 2 * DAY, detail: "contacts.csv" }],
];

for (const [guards, name, source, numbers] of CASES) {
  test(`${name} stops a run before it sends, tells its number and limit, and can be overridden`, async () => {
    const own = await localProject({
      files: { "contacts.sync.yaml": spec(guards), "contacts.csv": rows("a", "b", "c") },
    });
    expect((await own.run()).exitCode).toBe(0);
    own.write("contacts.csv", source);
    if (name === "maxAge") own.age("contacts.csv", 3 * DAY);
    const plan = await own.plan();
    expect(plan.exitCode).toBe(0);
    const guard = plan.data.syncs[0].guards.find((each: { name: string }) => each.name === name);
    expect(guard).toMatchObject({ ok: false, ...numbers });
    expect(plan.text).toContain(`STOPS: ${name}`);
    const run = await own.run();
    expect([run.exitCode, run.error?.code, run.data.runs[0].state]).toEqual([
      ...[6, "RUN_GUARD", "blocked"],
    ]);
    expect(run.error?.message).toContain(`${name} is`);
    // Of another guard says nothing for this one.
    expect((await own.run([], { override: ["maxDeletes"] })).exitCode).toBe(6);
    const overridden = await own.run([], { override: [name] });
    expect(overridden.exitCode).toBe(0);
    expect(JSON.stringify(overridden.document)).toContain(`The guard ${name} was overridden`);
  });
}

test("maxDeletes stops a delete", async () => {
  const own = await localProject({
    files: {
      "gone.sync.yaml": `sync: gone
source: { files: gone.csv }
target: { object: Contact, operation: delete, externalId: Key__c }
mapping: { Key__c: key }
guards: { maxDeletes: 1 }
`,
      "gone.csv": "key\nk1\nk2\n",
    },
    seeds: { Contact: "Key__c,LastName\nk1,a\nk2,b\n" },
  });
  const run = await own.run();
  expect([run.exitCode, run.error?.message]).toEqual([
    6,
    expect.stringContaining("maxDeletes is 2"),
  ]);
  expect(await own.org.query("SELECT Id FROM Contact")).toHaveLength(2);
});

test("what the org has left today is a guard, where the org tells it", async () => {
  const own = await localProject({
    files: { "contacts.sync.yaml": spec("maxDeletes: 1"), "contacts.csv": rows("a") },
  });
  const { guards } = (await own.plan()).data.syncs[0];
  const names = guards.map(({ name }: { name: string }) => name);
  expect(names).toEqual(["maxDeletes", "apiCalls", "bulkBatches"]);
  const { judgeGuards } = await import("../../engine/plan/guards.ts");
  const off = {
    ...{ maxFailed: null, maxChangeRatio: null, minSourceRows: null },
    ...{ maxDeletes: null, maxAgeMs: null },
  };
  const counts = {
    ...{ source: 1, filtered: 0, invalid: 0, duplicate: 0, unchanged: 0, new: 1, changed: 0 },
    toSend: 1,
  };
  const facts = { counts, knownKeys: 0, operation: "upsert" as const, oldest: null, mirror: null };
  const tight = judgeGuards(off, {
    ...{ ...facts, apiCalls: 6, batches: 1, left: { apiCalls: 5, batches: 0 } },
  });
  expect(tight.map(({ name, ok, value, limit }) => [name, ok, value, limit])).toEqual([
    ["apiCalls", false, 6, 5],
    ["bulkBatches", false, 1, 0],
  ]);
  const untold = judgeGuards(off, {
    ...{ ...facts, apiCalls: 6, batches: 1, left: { apiCalls: null, batches: null } },
  });
  expect(untold).toEqual([]);
});

test("an override that names no guard is a mistake", async () => {
  const own = await localProject({
    files: { "contacts.sync.yaml": spec("maxDeletes: 1"), "contacts.csv": rows("a") },
  });
  const run = await own.run([], { override: ["maxDelets"] });
  expect([run.exitCode, run.error?.code]).toEqual([3, "USAGE"]);
});
