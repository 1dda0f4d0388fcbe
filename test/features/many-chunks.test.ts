import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Envelope } from "../cli/sluice-process.ts";
import { newProject, type TestProject } from "../cli/test-project.ts";

const MAIN = path.resolve(import.meta.dirname, "../../dist/cli/main.js");
/** What Node, a database, a few sockets and the files of the chunks in hand take, and little more. */
const FILES_OPEN_MAX = 72;
const ROWS = 150;

/** The command, allowed so few open files that a file for each chunk would be too many. */
async function short(project: TestProject, ...words: string[]): Promise<Envelope> {
  const command = `ulimit -n ${FILES_OPEN_MAX} && exec "$0" "$@"`;
  const child = spawn("sh", ["-c", command, process.execPath, MAIN, ...words, "--json"], {
    cwd: project.folder,
    env: { ...process.env, ...project.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  await new Promise((resolve) => child.once("close", resolve));
  // As Node's own, that more jobs than ten listen to one signal.
  expect(stderr).not.toContain("Warning");
  return JSON.parse(stdout);
}

function csv(changed: (row: number) => boolean): string {
  const rows = Array.from({ length: ROWS }, (_, i) => `k${i},${changed(i) ? "new" : "old"}`);
  return `key,name\n${rows.join("\n")}\n`;
}

test("a chunk a row, and few files may be open: all is sent, known, and sent again when it changes", async () => {
  const project = await newProject({
    shape:
      "objects: { Contact: { fields: { Key__c: { type: string, externalId: true, unique: true } } } }",
    files: {
      "people.csv": csv(() => false),
      "people.sync.yaml": `sync: people
source: { files: people.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name }
chunk: { maxRows: 1 }
parallelJobs: 15
results: failures
`,
    },
  });
  const first = await short(project, "run");
  expect(first.data.runs[0].counts).toMatchObject({ sent: ROWS, succeeded: ROWS });
  expect(first.data.runs[0].jobs).toHaveLength(ROWS);
  // Of 150 segments, the piles became few while the run went on.
  const state = await short(project, "state", "show");
  expect(state.data.streams[0]).toMatchObject({ keys: ROWS });
  expect(state.data.streams[0].segments).toBeLessThan(60);

  const plan = await short(project, "plan");
  expect(plan.data.syncs[0].counts).toMatchObject({ unchanged: ROWS, toSend: 0 });

  project.write(
    "people.csv",
    csv((row) => row % 50 === 7),
  );
  const second = await short(project, "run");
  expect(second.data.runs[0].counts).toMatchObject({ sent: 3, unchanged: ROWS - 3, succeeded: 3 });
  const third = await short(project, "run");
  expect(third.data.runs[0].counts).toMatchObject({ sent: 0, unchanged: ROWS });
  // What was merged is gone from the disk with the next lease.
  const files = readdirSync(path.join(project.folder, ".sluice", "fingerprints"));
  expect(files.length).toBeLessThan(60);
});
