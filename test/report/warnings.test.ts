import { expect, test } from "vitest";
import { resumeCommand } from "../../engine/cli/resume-command.ts";
import { showCommand } from "../../engine/cli/show-command.ts";
import { type Ended, type LocalProject, localProject } from "../plan/local-project.ts";

/** What the text warns of stands in the markdown, in the plan's data and in the document's `warnings`. */

const SPEC = (rest: string, operation = "upsert") => `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: ${operation}, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Email: mail }
${rest}`;
const FILE = (...rows: readonly string[]) =>
  `key,name,mail\n${rows.map((row) => `${row}\n`).join("")}`;
const TWO = FILE("k1,Meier,a@b.example", "k2,Okafor,b@b.example");

interface Case {
  readonly name: string;
  readonly spec: string;
  readonly before?: string;
  readonly now: string;
  readonly warning: string;
  readonly faults?: readonly unknown[];
  /** Faults while the plan is made. */
  readonly faultsNow?: readonly unknown[];
  /** The run tells the same. */
  readonly run: boolean;
}

const CASES: readonly Case[] = [
  {
    name: "cells that hold #N/A",
    spec: SPEC(""),
    now: FILE("k1,Meier,#N/A"),
    warning: "1 cell holds exactly #N/A.",
    run: true,
  },
  {
    name: "rows that changed since they were inserted",
    spec: SPEC("", "insert"),
    before: TWO,
    now: FILE("k1,Maier,a@b.example", "k2,Okafor,b@b.example"),
    warning: "1 row changed since it was inserted; insert never updates.",
    run: true,
  },
  {
    name: "rows of unknown fate",
    spec: SPEC("guards: { maxFailed: 5 }", "insert"),
    before: TWO,
    now: FILE("k1,Meier,a@b.example", "k3,Nilsson,"),
    faults: [
      { on: { method: "GET", path: "**/successfulResults*" }, do: { short: 1 } },
      { on: { method: "GET", path: "**/failedResults*" }, do: { short: 1 } },
      { on: { job: { object: "Contact" } }, do: { rowError: { code: "NO", every: 2 } } },
    ],
    warning: "1 row of an earlier run has an unknown fate and is not sent again.",
    run: true,
  },
  {
    name: "a mirror that is held back",
    spec: SPEC("mirror: true\nguards: { maxDeletes: 5, maxFailed: 5 }"),
    before: TWO,
    now: FILE("k1,Meier,a@b.example", ",Nilsson,"),
    warning: "mirror deletes nothing this time:",
    run: true,
  },
  {
    name: "rows that stop the run",
    spec: SPEC("onInvalid: stop"),
    now: FILE("k1,Meier,no mail"),
    warning: "onInvalid is stop: a run sends nothing while 1 row can't be sent.",
    run: true,
  },
  {
    name: "an org that does not answer for the samples",
    spec: SPEC(""),
    now: TWO,
    faultsNow: [
      {
        on: { method: "GET", path: "**/query" },
        do: { status: { status: 400, body: [{ errorCode: "MALFORMED_QUERY", message: "no" }] } },
      },
    ],
    warning: "What the org holds now could not be read for the samples:",
    run: false,
  },
];

for (const { name, spec, before, now, warning, faults, faultsNow, run } of CASES) {
  test(`every format warns of ${name}`, async () => {
    const own = await localProject({ files: { "contacts.sync.yaml": spec, "contacts.csv": now } });
    if (before !== undefined) {
      own.write("contacts.csv", before);
      await own.org.faults([...(faults ?? [])]);
      await own.run();
      await own.org.faults([]);
      own.write("contacts.csv", now);
    }
    await own.org.faults([...(faultsNow ?? [])]);
    await expectSaid(own, warning);
    await own.org.faults([]);
    if (!run) return;
    const ended = await own.run();
    expect(words(ended.text)).toContain(warning);
    expect(warningsOf(ended)).toContainEqual(expect.stringContaining(`contacts: ${warning}`));
    const { runId } = ended.data.runs[0];
    const shown = await own.command("show", (context) =>
      showCommand(runId, { format: "text" }, context),
    );
    expect(words(shown.text)).toContain(warning);
    expect(warningsOf(shown)).toContainEqual(expect.stringContaining(`contacts: ${warning}`));
  });
}

async function expectSaid(own: LocalProject, warning: string): Promise<void> {
  const text = await own.plan();
  const markdown = await own.plan([], { format: "markdown" });
  const json = await own.plan([], { format: "json" });
  expect(words(text.text)).toContain(warning);
  expect(words(markdown.text)).toContain(warning);
  expect(JSON.parse(json.text).syncs[0].warnings).toEqual(text.data.syncs[0].warnings);
  for (const ended of [text, markdown, json]) {
    expect(warningsOf(ended)).toEqual(
      text.data.syncs[0].warnings.map((each: string) => `contacts: ${each}`),
    );
    expect(warningsOf(ended)).toContainEqual(expect.stringContaining(`contacts: ${warning}`));
  }
}

test("what the checks warn of stands in the markdown and in the document", async () => {
  const own = await localProject({
    files: {
      "contacts.sync.yaml": SPEC("").replace("LastName: name, ", ""),
      "contacts.csv": FILE("k1,Meier,a@b.example"),
    },
  });
  const json = await own.plan();
  const markdown = await own.plan([], { format: "markdown" });
  expect(warningsOf(json)).toContainEqual(
    expect.stringMatching(/^CHECK_\w+ contacts.sync.yaml:\d+: /),
  );
  const [warning = ""] = warningsOf(json);
  expect(words(markdown.text)).toContain(words(warning));
  expect((await own.plan([], { format: "json" })).document).toMatchObject({
    warnings: warningsOf(json),
  });
});

test("an overridden guard and a run that was finished first are told by run", async () => {
  const own = await localProject({
    files: {
      "contacts.sync.yaml": SPEC("guards: { minSourceRows: 5 }\npollTimeout: 1s"),
      "contacts.csv": TWO,
    },
  });
  await own.org.faults([{ on: { job: { object: "Contact" } }, do: { holdAfterRows: 0 } }]);
  const first = await own.run([], { override: ["minSourceRows"] });
  expect(first.exitCode).toBe(7);
  await own.org.faults([]);
  const resumed = await own.command("resume", (context) =>
    resumeCommand(null, { resendUnknown: false }, context),
  );
  for (const ended of [first, resumed]) {
    expect(words(ended.text)).toContain("minSourceRows");
    expect(warningsOf(ended)).toContainEqual(expect.stringContaining("minSourceRows"));
  }
});

function warningsOf({ document }: Ended): readonly string[] {
  return (document as { warnings: string[] }).warnings;
}

/** Without line breaks, and without what marks text as text. */
function words(text: string): string {
  return text
    .replace(/\\([\\`*[\]|])/g, "$1")
    .replace(/&#64;/g, "@")
    .replace(/\s+/g, " ");
}
