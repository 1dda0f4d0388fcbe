import fc from "fast-check";
import { expect, test } from "vitest";
import { expectSame } from "./expect-same.ts";
import { type LocalProject, localProject } from "./local-project.ts";

/** Every operation, day after day, with rows that the org refuses: what a plan says is what the run
 *  after it reports, and the plan after that knows of each row whether it arrived. */

interface Case {
  readonly name: string;
  readonly target: string;
  readonly mapping: string;
  /** Further lines of the spec. */
  readonly more: string;
  /** Bulk operation whose jobs have rows that fail. */
  readonly failing: string;
}

const UPSERT = "operation: upsert, externalId: Key__c";
const FIELDS = "Key__c: key, LastName: name";

const CASES: readonly Case[] = [
  {
    name: "insert",
    target: "operation: insert, externalId: Key__c",
    mapping: FIELDS,
    more: "",
    failing: "insert",
  },
  {
    name: "update",
    target: "operation: update, externalId: Key__c",
    mapping: FIELDS,
    more: "",
    failing: "update",
  },
  {
    name: "delete",
    target: "operation: delete, externalId: Key__c",
    mapping: "Key__c: key",
    more: "",
    failing: "delete",
  },
  {
    name: "mirror that deletes, rows fail",
    target: UPSERT,
    mapping: FIELDS,
    more: "mirror: true",
    failing: "upsert",
  },
  {
    name: "mirror that deletes, deletes fail",
    target: UPSERT,
    mapping: FIELDS,
    more: "mirror: true",
    failing: "delete",
  },
  {
    name: "mirror that updates, updates fail",
    target: UPSERT,
    mapping: FIELDS,
    more: "mirror: { update: { Active__c: { value: false } } }",
    failing: "update",
  },
];

interface Row {
  readonly key: string;
  readonly name: string;
}

const day = fc.record({
  rows: fc.array(
    fc.record({
      key: fc.constantFrom("k1", "k2", "k3", "K3", "k4", "k5", "k6", "k7", "strange"),
      name: fc.constantFrom("a", "a", "b", "skip"),
    }),
    { minLength: 1, maxLength: 9 },
  ),
  /** Each n-th row of a job is refused; 0: none. */
  every: fc.constantFrom(0, 1, 2, 3),
});

const SEEDS = `Key__c,LastName\n${["k1", "k2", "k3", "k4", "k5"].map((key) => `${key},Old\n`).join("")}`;

test.each(CASES)("$name", async (own) => {
  const spec = `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, ${own.target} }
mapping: { ${own.mapping} }
where: row.name != "skip"
retry: { rounds: 0 }
guards: { maxFailed: 100%, maxDeletes: 100 }
${own.more}
`;
  await fc.assert(
    fc.asyncProperty(fc.array(day, { minLength: 2, maxLength: 3 }), async (days) => {
      const project = await localProject({
        files: { "contacts.sync.yaml": spec },
        // Inserts find an empty org: Key__c is unique.
        seeds: own.name === "insert" ? {} : { Contact: SEEDS },
      });
      for (const { rows, every } of days) {
        project.write("contacts.csv", `key,name\n${rows.map(line).join("")}`);
        const planned = (await project.plan()).data.syncs[0];
        await refuse(project, own.failing, every);
        const { runs } = (await project.run()).data;
        await refuse(project, own.failing, 0);
        const [main, mirror] = runs;
        expectSame(planned.counts, main.counts);
        const records = (planned.mirror?.deletes ?? 0) + (planned.mirror?.updates ?? 0);
        expect(mirror?.counts.sent ?? 0).toBe(records);
        expect(runs.length).toBe(records > 0 ? 2 : 1);

        const { failed, succeeded, unchanged, filtered, invalid, duplicate } = main.counts;
        const next = (await project.plan()).data.syncs[0];
        const known = { unchanged: unchanged + succeeded, toSend: failed };
        expect(next.counts).toMatchObject({ ...known, filtered, invalid, duplicate });
        const left = (next.mirror?.deletes ?? 0) + (next.mirror?.updates ?? 0);
        expect(left).toBe(mirror?.counts.failed ?? 0);
      }
    }),
    { numRuns: 2 },
  );
});

function line({ key, name }: Row): string {
  return `${key},${name}\n`;
}

function refuse(project: LocalProject, operation: string, every: number) {
  const rowError = { code: "FIELD_CUSTOM_VALIDATION_EXCEPTION", message: "no", every };
  const rule = { on: { job: { object: "Contact", operation } }, do: { rowError } };
  return project.org.faults(every === 0 ? [] : [rule]);
}
