import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { CODES } from "../../engine/base/codes.ts";
import { explainCommand } from "../../engine/cli/explain-command.ts";
import { type InitFlags, initCommand } from "../../engine/cli/init-command.ts";
import { stateCommand } from "../../engine/cli/state-command.ts";
import { ROW_CODES } from "../../engine/mapping/row-codes.ts";
import { ERROR_CLASSES } from "../../engine/run/error-classes.ts";
import { type LocalProject, localProject } from "./local-project.ts";

const SPEC = `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name }
`;

const UPSERT: InitFlags = { object: "Contact", operation: "upsert", externalId: null, name: null };

function init(own: LocalProject, csv: string, flags: Partial<InitFlags> = {}) {
  return own.command("init", (context) => initCommand(csv, { ...UPSERT, ...flags }, context));
}

test("init writes a spec that can be planned, marks its guesses, and never overwrites", async () => {
  const own = await localProject({
    files: {
      "People 2026.csv":
        "key,Last Name,first_name,e-mail,nachname2,Birthdate,active,Shoe size\nk1,Meier,Anna,a@b.example,x,1990-01-02,true,38\n",
    },
  });
  const made = await init(own, "People 2026.csv");
  expect(made.error).toBeNull();
  expect(made.data).toMatchObject({ sync: "people-2026", externalId: "Key__c" });
  const spec = own.read("people-2026.sync.yaml");
  expect(spec).toMatch(
    /^# yaml-language-server: \$schema=.*sync\.schema\.json\nsync: people-2026\n/,
  );
  expect(spec).toContain("  LastName: Last Name\n");
  expect(spec).toContain("  FirstName: first_name\n");
  expect(spec).toContain("Email: { from: e-mail, transform: [trim, lower] }");
  expect(spec).toContain("Birthdate: { from: Birthdate, date: iso }  # which format has it?");
  expect(spec).toContain("  # Some_Field__c: Shoe size");
  const plan = await own.plan();
  expect(plan.error).toBeNull();
  expect(plan.data.syncs[0].counts).toMatchObject({ source: 1, new: 1 });
  const again = await init(own, "People 2026.csv");
  expect([again.exitCode, again.error?.code]).toEqual([3, "USAGE"]);
  expect(own.read("people-2026.sync.yaml")).toBe(spec);
  expect((await init(own, "nowhere.csv")).exitCode).toBe(3);
  expect((await init(own, "People 2026.csv", { object: "Contakt", name: "x" })).exitCode).toBe(3);
  expect(existsSync(path.join(own.folder, "x.sync.yaml"))).toBe(false);
});

test("every code explains itself", async () => {
  const all = await explainCommand(null, { width: 80 });
  expect(all.text.split("\n").length).toBeGreaterThan(100);
  const codes = [
    ...[...Object.keys(CODES), ...Object.keys(ROW_CODES)],
    ...ERROR_CLASSES.map(({ code }) => code),
  ];
  for (const code of codes) {
    const { text } = await explainCommand(code.toLowerCase(), { width: 80 });
    expect(text.startsWith(`${code}: `)).toBe(true);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  }
  await expect(explainCommand("KEY_DUPLICAT", { width: 80 })).rejects.toMatchObject({
    hint: 'Did you mean "KEY_DUPLICATE"?',
  });
});

test("what was sent can be shown, moved to another machine, and forgotten", async () => {
  const own = await localProject({
    files: { "contacts.sync.yaml": SPEC, "contacts.csv": "key,name\nk1,a\nk2,b\n" },
  });
  const state = (words: string, duplicates = false) => {
    const [what = "", name = null] = words.split(" ");
    return own.command("state", (context) =>
      stateCommand(what, name, { orgId: null, duplicates }, context),
    );
  };
  await own.run();
  const { streams } = (await state("show")).data;
  expect(streams).toMatchObject([
    { sync: "contacts", object: "Contact", keys: 2, keyField: "Key__c" },
  ]);
  expect((await state("export moved")).exitCode).toBe(0);
  // Never over another, and never into a memory that is there.
  expect((await state("export moved")).exitCode).toBe(3);
  expect((await state("import moved")).error?.code).toBe("USAGE");
  expect((await state("forget contacts")).data).toMatchObject({ keys: 2 });
  expect((await own.plan()).data.syncs[0]).toMatchObject({
    reason: "first run",
    counts: { new: 2 },
  });
  expect((await state("import moved")).data).toEqual({ streams: 1 });
  expect((await own.plan()).data.syncs[0].counts).toMatchObject({ unchanged: 2, toSend: 0 });
  expect((await state("forget nobody")).exitCode).toBe(3);
  expect((await state("nonsense")).exitCode).toBe(3);
});

test("what an insert sent is forgotten only on a second word", async () => {
  const own = await localProject({
    files: {
      "contacts.sync.yaml": SPEC.replace("upsert", "insert"),
      "contacts.csv": "key,name\nk1,a\n",
    },
  });
  await own.run();
  const forget = (duplicates: boolean) =>
    own.command("state", (context) =>
      stateCommand("forget", "contacts", { orgId: null, duplicates }, context),
    );
  expect((await forget(false)).error?.code).toBe("USAGE");
  expect((await own.plan()).data.syncs[0].counts.unchanged).toBe(1);
  expect((await forget(true)).exitCode).toBe(0);
  expect((await own.plan()).data.syncs[0].counts.new).toBe(1);
});
