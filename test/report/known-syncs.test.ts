import { beforeAll, expect, test } from "vitest";
import { runsCommand } from "../../engine/cli/runs-command.ts";
import { stateCommand } from "../../engine/cli/state-command.ts";
import { whyCommand } from "../../engine/cli/why-command.ts";
import { type Ended, type LocalProject, localProject } from "../plan/local-project.ts";

const FILES = {
  "contacts.sync.yaml": `sync: contacts
source: { files: rows.csv }
target: { object: Lead, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Company: name, "User:Owner.Staff__c": owner }
`,
  "visits.sync.yaml": `sync: visits
source: { files: rows.csv }
target: { object: Contact, operation: insert }
repeat: true
mapping: { LastName: name }
`,
  "gone.sync.yaml": `sync: gone
source: { files: none.csv }
target: { object: Contact, operation: delete, externalId: Key__c }
mapping: { Key__c: key }
`,
  "rows.csv": "key,name,owner\nk1,Meier,\n",
  "none.csv": "key\n",
};

const KEY = "{ type: string, length: 40, externalId: true, unique: true }";
const SHAPE = `objects:
  Contact: { fields: { Key__c: ${KEY} } }
  Lead: { fields: { Key__c: ${KEY} } }
  User: { fields: { Staff__c: ${KEY} } }
`;

let own: LocalProject;

beforeAll(async () => {
  own = await localProject({ files: FILES, shape: SHAPE });
});

const why = (sync: string) => own.command("why", (context) => whyCommand(sync, "k1", context));
const runs = (sync: string) =>
  own.command("runs", (context) => runsCommand({ sync, limit: 5 }, context));
const forget = (sync: string) => {
  const flags = { orgId: null, duplicates: false };
  return own.command("state", (context) => stateCommand("forget", sync, flags, context));
};

test.each([
  ["runs", runs],
  ["why", why],
  ["state forget", forget],
] as const)(
  "%s of a sync that is none: an error with a suggestion",
  async (_, act: (sync: string) => Promise<Ended>) => {
    const near = await act("contcts");
    expect([near.exitCode, near.error]).toMatchObject([
      3,
      { code: "CONFIG_SYNC_UNKNOWN", hint: 'Did you mean "contacts"?' },
    ]);
    const far = await act("something-else");
    expect(far.error).toMatchObject({ hint: "Its syncs are: contacts, gone, visits." });
  },
);

test("why of rows without a key, run or not, is an error of its own", async () => {
  expect((await why("visits")).error?.code).toBe("RUN_WITHOUT_KEY");
  await own.run(["visits"]);
  expect((await why("visits")).error?.code).toBe("RUN_WITHOUT_KEY");
  expect((await why("contacts")).error?.code).toBe("RUN_UNKNOWN");
});

test("--refresh names what it can't compare, and why", async () => {
  const { data, error } = await own.plan([], { refresh: true });
  expect(error).toBeNull();
  const warnings = Object.fromEntries(
    data.syncs.map((plan: { sync: string; warnings: string[] }) => [plan.sync, plan.warnings]),
  );
  expect(warnings).toEqual({
    contacts: [
      "--refresh does not compare User:Owner.Staff__c: of a parent that may be of several kinds, SOQL reads only a user's Email and Username.",
    ],
    gone: [],
    visits: ["--refresh compares nothing: rows without a key have no record."],
  });
});
