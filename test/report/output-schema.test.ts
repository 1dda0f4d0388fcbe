import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { beforeAll, expect, test } from "vitest";
import { describeCommand } from "../../engine/cli/describe-command.ts";
import { doctorCommand } from "../../engine/cli/doctor-command.ts";
import { explainCommand } from "../../engine/cli/explain-command.ts";
import { initCommand } from "../../engine/cli/init-command.ts";
import { limitsCommand } from "../../engine/cli/limits-command.ts";
import { resumeCommand } from "../../engine/cli/resume-command.ts";
import { retryCommand } from "../../engine/cli/retry-command.ts";
import { runsCommand } from "../../engine/cli/runs-command.ts";
import { showCommand } from "../../engine/cli/show-command.ts";
import { stateCommand } from "../../engine/cli/state-command.ts";
import { statusCommand } from "../../engine/cli/status-command.ts";
import { validateCommand } from "../../engine/cli/validate-command.ts";
import { whyCommand } from "../../engine/cli/why-command.ts";
import { type Ended, type LocalProject, localProject } from "../plan/local-project.ts";

const SCHEMAS = path.resolve(import.meta.dirname, "../../schemas");
const schema = JSON.parse(readFileSync(path.join(SCHEMAS, "output.schema.json"), "utf8"));
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

const FILES = {
  "contacts.sync.yaml": `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Email: mail, Score__c: score }
mirror: true
guards: { maxChangeRatio: 50%, minSourceRows: 1, maxDeletes: 5, maxAge: 7d, maxFailed: 5 }
`,
  "contacts.csv":
    "key,name,mail,score\nk1,Meier,a@b.example,1\nk2,Okafor,b@b.example,2\nk3,Nilsson,c@b.example,x\n",
  "broken.txt": "a;b\n1;2\n",
};

let own: LocalProject;
let runId: string;

beforeAll(async () => {
  own = await localProject({ files: FILES });
  await own.org.faults([{ when: "row", key: "k2", error: "UNABLE_TO_SEE:no:--" }]).catch(() => {});
  runId = (await own.run()).data.runs[0].runId;
});

function conforms({ document }: Ended): void {
  expect({ valid: validate(document), errors: validate.errors }).toEqual({
    valid: true,
    errors: null,
  });
}

const COMMANDS: readonly [string, () => Promise<Ended>][] = [
  ["validate", () => own.command("validate", (context) => validateCommand([], context))],
  ["plan", () => own.plan([], { out: "plan.json", refresh: true })],
  ["plan", () => own.plan(["nowhere"])],
  ["apply", () => own.apply("plan.json")],
  ["apply", () => own.apply("no.json")],
  ["run", () => own.run([], { full: true })],
  ["run", () => own.run([], { override: ["nonsense"] })],
  [
    "resume",
    () =>
      own.command("resume", (context) => resumeCommand(null, { resendUnknown: false }, context)),
  ],
  [
    "retry",
    () => own.command("retry", (context) => retryCommand(runId, { approve: false }, context)),
  ],
  ["status", () => own.command("status", statusCommand)],
  ["runs", () => own.command("runs", (context) => runsCommand({ sync: null, limit: 5 }, context))],
  ["show", () => own.command("show", (context) => showCommand(runId, { format: "text" }, context))],
  [
    "show",
    () => own.command("show", (context) => showCommand("none", { format: "text" }, context)),
  ],
  ["why", () => own.command("why", (context) => whyCommand("contacts", "k1", context))],
  [
    "describe",
    () => own.command("describe", (context) => describeCommand("Lead", { save: false }, context)),
  ],
  ["limits", () => own.command("limits", limitsCommand)],
  [
    "doctor",
    () => own.command("doctor", (context) => doctorCommand({ abortLeftovers: false }, context)),
  ],
  ["explain", () => own.command("explain", (context) => explainCommand(null, context))],
  [
    "init",
    () =>
      own.command("init", (context) =>
        initCommand(
          "contacts.csv",
          { object: "Contact", operation: "upsert", externalId: null, name: "people" },
          context,
        ),
      ),
  ],
  ...["show", "export moved", "forget contacts", "import moved"].map(
    (words): [string, () => Promise<Ended>] => [
      "state",
      () => {
        const [what = "", name = null] = words.split(" ");
        const flags = { orgId: null, duplicates: false };
        return own.command("state", (context) => stateCommand(what, name, flags, context));
      },
    ],
  ),
];

for (const [i, [command, act]] of COMMANDS.entries()) {
  test(`what ${command} prints is as the schema says (${i + 1})`, async () => {
    const ended = await act();
    expect((ended.document as { command: string }).command).toBe(command);
    conforms(ended);
  });
}

test("the schema knows no data but that of its command", () => {
  const document = {
    ...{ schemaVersion: 1, command: "plan", ok: true, exitCode: 0, warnings: [], error: null },
    data: { runs: [] },
  };
  expect(validate(document)).toBe(false);
});

test("a saved plan is as its schema says", async () => {
  const plans = JSON.parse(readFileSync(path.join(SCHEMAS, "plan.schema.json"), "utf8"));
  const valid = new Ajv({ allowUnionTypes: true }).compile(plans);
  expect([valid(JSON.parse(own.read("plan.json"))), valid.errors]).toEqual([true, null]);
});
