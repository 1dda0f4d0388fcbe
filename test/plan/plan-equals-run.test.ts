import fc from "fast-check";
import { expect, test } from "vitest";
import { expectSame } from "./expect-same.ts";
import { localProject } from "./local-project.ts";

const SPEC = `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Account.Key__c: account }
where: row.name != "skip"
retry: { rounds: 0 }
guards: { maxFailed: 100% }
`;

interface Row {
  readonly key: string;
  readonly name: string;
  /** `none` is no account's key: the org refuses the row. */
  readonly account: "a1" | "none" | "";
}

const row: fc.Arbitrary<Row> = fc.record({
  key: fc.constantFrom("k1", "k2", "K2", "k3", "k4", "k5", "k6", ""),
  name: fc.constantFrom("a", "b", "c", "skip"),
  account: fc.constantFrom("a1", "a1", "", "none"),
});

type Policy = "reject" | "first" | "last";

/** What a plan must say, worked out from what was acknowledged. */
function expectedPlan(rows: readonly Row[], known: ReadonlyMap<string, string>, policy: Policy) {
  const counts = {
    source: 0,
    filtered: 0,
    invalid: 0,
    duplicate: 0,
    unchanged: 0,
    new: 0,
    changed: 0,
  };
  const byKey = new Map<string, Row[]>();
  for (const each of rows) {
    counts.source++;
    const key = each.key.toLowerCase();
    if (each.name === "skip") counts.filtered++;
    else if (key === "") counts.invalid++;
    else byKey.set(key, [...(byKey.get(key) ?? []), each]);
  }
  const sent: Row[] = [];
  for (const [key, own] of byKey) {
    const chosen = own.at(policy === "last" ? -1 : 0);
    if (chosen === undefined || (policy === "reject" && own.length > 1)) {
      counts.duplicate += own.length;
      continue;
    }
    counts.duplicate += own.length - 1;
    if (known.get(key) === contentOf(chosen)) counts.unchanged++;
    else {
      counts[known.has(key) ? "changed" : "new"]++;
      sent.push(chosen);
    }
  }
  return { counts: { ...counts, toSend: sent.length }, sent };
}

/** The key's own spelling is content too: it is sent. */
function contentOf({ key, name, account }: Row): string {
  return `${key} ${name} ${account}`;
}

test.each<Policy>(["reject", "first", "last"])(
  "duplicates: %s: a plan's numbers are those of the run after it, whatever failed before",
  async (policy) => {
    const spec = `${SPEC}duplicates: ${policy}\n`;
    const files = { "contacts.sync.yaml": spec, "contacts.csv": "key,name,account\n" };
    const seeds = { Account: "Key__c,Name\na1,Acme\n" };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { maxLength: 9 }), { minLength: 2, maxLength: 4 }),
        async (days) => {
          const own = await localProject({ files, seeds });
          const known = new Map<string, string>();
          for (const rows of days) {
            const lines = rows.map(({ key, name, account }) => `${key},${name},${account}\n`);
            own.write("contacts.csv", `key,name,account\n${lines.join("")}`);
            const expected = expectedPlan(rows, known, policy);
            const plan = (await own.plan()).data.syncs[0];
            expect(plan.counts).toEqual(expected.counts);
            const run = (await own.run()).data.runs[0].counts;
            expectSame(plan.counts, run);
            const { toSend } = plan.counts;
            const failed = expected.sent.filter(({ account }) => account === "none").length;
            expect([run.failed, run.succeeded]).toEqual([failed, toSend - failed]);
            for (const each of expected.sent) {
              if (each.account !== "none") known.set(each.key.toLowerCase(), contentOf(each));
            }
          }
        },
      ),
      { numRuns: 6 },
    );
  },
);
