import { spawn } from "node:child_process";
import { once } from "node:events";
import { beforeAll, describe, expect, test } from "vitest";
import { displayWidth } from "../../engine/report/text-width.ts";
import { environment, MAIN, type Outcome } from "./sluice-process.ts";
import { newProject, type TestProject } from "./test-project.ts";

/** The built command on screens of several widths, with and without colours, and on a real terminal. */

const SHAPE = `objects:
  Contact:
    fields:
      Key__c: { type: string, length: 40, externalId: true, unique: true }
  Lead:
    fields: { Key__c: { type: string, length: 40, externalId: true, unique: true } }
`;
const LONG = "leads-with-a-longer-name";
const SPEC = `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Email: mail, Account.Name: account }
guards: { maxFailed: 10, minSourceRows: 1 }
`;
const WRONG = `sync: wrong
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastNam: name, Email: { from: mail, transform: [trim, lowerr] }, Description: { from: a_column_that_is_not_there_at_all } }
`;
const ROWS = Array.from({ length: 1_200 }, (_, i) => `k${i},Name ${i},m${i}@x.example\n`);

let project: TestProject;
let runId = "";

beforeAll(async () => {
  project = await newProject({
    shape: SHAPE,
    files: {
      "contacts.sync.yaml": SPEC.replace(", Account.Name: account", ""),
      "leads.sync.yaml": `sync: ${LONG}\nsource: { files: contacts.csv }
target: { object: Lead, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name, Company: name, Email: mail }
`,
      "contacts.csv": `key,name,mail\n${ROWS.join("")}k1,Twice,\nbad,${"x".repeat(99)},m@x.example\n`,
    },
  });
  await project.org.faults([
    {
      on: { job: { object: "Contact" } },
      do: { rowError: { code: "FIELD_CUSTOM_VALIDATION_EXCEPTION", message: WORDY, every: 600 } },
    },
  ]);
  const { data } = (await project.sluice("run", "contacts", "--json")).document();
  runId = data.runs[0].runId;
  project.write(
    "contacts.csv",
    `key,name,mail\n${ROWS.slice(0, 9).join("")}k1,Twice,\nk4000,New,\n`,
  );
}, 60_000);

const WORDY = "a rule of the org that says at some length what is wrong with this record and why";

/** The words of each command; those that read the org's or the state's answer, and those that fail. */
const COMMANDS: Readonly<Record<string, () => readonly string[]>> = {
  plan: () => ["plan", "--refresh"],
  "plan of one": () => ["plan", "contacts", "--samples", "9"],
  status: () => ["status"],
  runs: () => ["runs"],
  show: () => ["show", runId],
  why: () => ["why", "contacts", "k599"],
  "why not": () => ["why", "contacts", "bad"],
  doctor: () => ["doctor"],
  explain: () => ["explain"],
  "explain one": () => ["explain", "KEY_DUPLICATE"],
  limits: () => ["limits"],
  describe: () => ["describe", "Contact"],
  validate: () => ["validate"],
  state: () => ["state", "show"],
  "no such run": () => ["show", "20260101-000000-none"],
  "no such sync": () => ["plan", "contcts"],
  help: () => ["--help"],
  "help of plan": () => ["plan", "--help"],
};

for (const width of [80, 40]) {
  describe(`off a terminal, ${width} columns`, () => {
    for (const [name, words] of Object.entries(COMMANDS)) {
      // Where there is room, these have all the layouts.
      if (width > 40 && !["plan", "show", "help"].includes(name)) continue;
      test(`${name}: no colour, and no line is wider`, async () => {
        const outcome = await project.sluiceWith({ ...PLAIN, COLUMNS: `${width}` }, ...words());
        expectPlain(outcome);
        expectFits(outcome, width);
      });
    }

    test("diagnostics: no colour, and no line is wider", async () => {
      project.write("wrong.sync.yaml", WRONG);
      const outcome = await project.sluiceWith({ ...PLAIN, COLUMNS: `${width}` }, "plan", "wrong");
      expect(outcome.exitCode).toBe(3);
      expect(outcome.stderr).toContain("lowerr");
      expectPlain(outcome);
      expectFits(outcome, width);
      project.write(
        "wrong.sync.yaml",
        SPEC.replace("contacts", "right").replace(", Account.Name: account", ""),
      );
    });

    test("run: no colour, and no line is wider", async () => {
      const outcome = await project.sluiceWith({ ...PLAIN, COLUMNS: `${width}` }, "run");
      expectPlain(outcome);
      // Progress off a terminal is a log: one event a line.
      expectFits({ ...outcome, stderr: "" }, width);
    });
  });
}

test("colours: off a terminal only where they are asked for, never against NO_COLOR", async () => {
  const colours = async (env: Record<string, string>, ...words: string[]) => {
    const { stdout, stderr } = await project.sluiceWith({ ...PLAIN, ...env }, ...words);
    return [stdout.includes("\u001b["), stderr.includes("\u001b[")];
  };
  expect(await colours({ FORCE_COLOR: "1" }, "plan", "contacts")).toEqual([true, false]);
  expect(await colours({ FORCE_COLOR: "1" }, "plan", "contcts")).toEqual([false, true]);
  expect(await colours({ FORCE_COLOR: "0" }, "plan", "contacts")).toEqual([false, false]);
  expect(await colours({ FORCE_COLOR: "1", NO_COLOR: "1" }, "plan", "contacts")).toEqual([
    false,
    false,
  ]);
  // A document is for programs.
  expect(await colours({ FORCE_COLOR: "1" }, "plan", "contacts", "--json")).toEqual([false, false]);
});

test("numbers stand one below the other", async () => {
  const wide = { ...PLAIN, COLUMNS: "120" };
  const plan = (await project.sluiceWith(wide, "plan", "contacts")).stdout;
  const counts = plan
    .split("\n")
    .filter((line) => /^ {2}[+~=!x-] (new|changed|unchanged|dup)/.test(line));
  expect(counts.length).toBeGreaterThan(2);
  expect(new Set(counts.map((line) => line.length)).size).toBe(1);
  const [head = "", ...rows] = (await project.sluiceWith(wide, "runs")).stdout
    .trimEnd()
    .split("\n");
  expect(rows.length).toBeGreaterThan(1);
  for (const name of ["sent", "succeeded", "failed"]) {
    const end = head.indexOf(name) + name.length;
    for (const row of rows) expect(row.slice(end - 1, end + 1)).toMatch(/^\d ?$/);
  }
});

test("progress off a terminal: two lines a chunk, and the round where it is a further one", async () => {
  await project.org.faults([
    {
      on: { job: { object: "Contact" } },
      do: { rowError: { code: "UNABLE_TO_LOCK_ROW", message: "locked", every: 2, attempts: 1 } },
    },
  ]);
  const { stderr } = await project.sluiceWith(PLAIN, "run", "contacts", "--full");
  await project.org.faults([]);
  expect(
    stderr
      .replace(/750\w+/g, "JOB")
      .trimEnd()
      .split("\n"),
  ).toEqual([
    "contacts: chunk 0 started: 9 rows, job JOB",
    "contacts: chunk 0 done: 4 rows did not arrive",
    "contacts: round 1, chunk 1 started: 4 rows, job JOB",
    "contacts: round 1, chunk 1 done: all rows arrived",
  ]);
});

test("a reader that leaves early is no error", async () => {
  const words = `'${process.execPath}' '${MAIN}' explain`;
  const child = spawn("sh", ["-c", `${words} | head -n 1; ${words} 2>&1 | head -n 1 >/dev/null`], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  child.stdout.resume();
  await once(child, "close");
  expect(said).toBe("");
});

describe("on a terminal", () => {
  const onTerminal = async (
    columns: number,
    env: Record<string, string>,
    words: readonly string[],
  ) => {
    const command = [process.execPath, MAIN, ...words].map((word) => `'${word}'`).join(" ");
    // Of util-linux, in every Linux (Debian: bsdutils).
    const child = spawn("script", ["-qec", `stty cols ${columns}; ${command}`, "/dev/null"], {
      cwd: project.folder,
      env: environment({ ...PLAIN, TERM: "xterm", ...project.env, ...env }),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    await once(child, "close").catch((cause) => {
      throw new Error("These tests need util-linux's `script`, to make a terminal.", { cause });
    });
    // The live line is drawn over and over in its place.
    return output.replaceAll("\r\n", "\n").replaceAll(/\r[^\n\r]*/g, "");
  };

  for (const columns of [80, 40]) {
    test(`${columns} columns: colours, and no line is wider`, async () => {
      for (const words of [
        ["plan", "contacts"],
        ["show", runId],
        ["plan", "contcts"],
      ]) {
        const output = await onTerminal(columns, {}, words);
        expect(output).toContain("\u001b[");
        expectFits({ stdout: output, stderr: "" }, columns);
      }
      const words = ["plan", "contacts"];
      expect(await onTerminal(columns, { NO_COLOR: "1" }, words)).not.toContain("\u001b[");
    });
  }

  test("a terminal that can do nothing gets no escape code", async () => {
    expect(await onTerminal(80, { TERM: "dumb" }, ["plan", "contacts"])).not.toContain("\u001b");
  });
});

/** Unset, whatever the test's own environment says. */
const PLAIN = { NO_COLOR: "", FORCE_COLOR: "", COLUMNS: "" };

function expectPlain({ stdout, stderr }: Pick<Outcome, "stdout" | "stderr">): void {
  expect(stdout + stderr).not.toContain("\u001b");
  expect(stdout + stderr).not.toMatch(/[ \t]$/m);
}

/** A command, a path, a name are never cut: a line may be wider when it holds nothing else. */
function expectFits({ stdout, stderr }: Pick<Outcome, "stdout" | "stderr">, width: number): void {
  const wide = `${stdout}\n${stderr}`
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no columns
    .replace(/\u001b\[[\d;?]*[A-Za-z]/g, "")
    .split("\n")
    .filter((line) => displayWidth(line) > width)
    .filter((line) => !/^\s*(-->\s)?\S+$/.test(line) && !/^ {2,}(\$ )?sluice /.test(line));
  expect(wide).toEqual([]);
}
