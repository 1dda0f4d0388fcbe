import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSluice } from "../cli/sluice-process.ts";

/** The local org inside the command, as a project has it: what a user does to it, and does wrong. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sluice-local-"));
  write(
    "sync.config.yaml",
    "version: 1\norgs: { demo: { emulator: true } }\nsyncs: ['*.sync.yaml']\n",
  );
  write("a.csv", "id,name,fax\nA1,Acme,1\n");
  write("emulator/org.yaml", shape(""));
  write("a.sync.yaml", spec(""));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

function shape(more: string): string {
  return `objects:
  Account:
    fields:
      ERP_Id__c: { type: string, length: 20, externalId: true, unique: true }
${more}`;
}

function spec(more: string): string {
  return `sync: a
source: { files: a.csv }
target: { object: Account, operation: upsert, externalId: ERP_Id__c }
mapping:
  ERP_Id__c: id
  Name: name
${more}`;
}

async function sluice(...words: string[]) {
  const outcome = await startSluice([...words, "--json"], { cwd: folder }).ended;
  return { ...outcome, document: outcome.document() };
}

test("a field that was just added is known at once, whatever the describe cache holds", async () => {
  expect((await sluice("plan")).exitCode).toBe(0);
  write("emulator/org.yaml", shape("      New__c: { type: string, length: 20 }\n"));
  write("a.sync.yaml", spec("  New__c: fax\n"));
  expect((await sluice("plan")).exitCode).toBe(0);
});

test("a project that was moved still knows what it sent", async () => {
  expect((await sluice("run")).exitCode).toBe(0);
  const before = folder;
  folder = `${before}-moved`;
  renameSync(before, folder);
  const { exitCode, document } = await sluice("run");
  expect(exitCode).toBe(0);
  expect(document.data.runs[0]).toMatchObject({ state: "nothingToDo", counts: { unchanged: 1 } });
});

test("a mistake in emulator/*.yaml is the user's, and named", async () => {
  write("emulator/org.yaml", shape("      New__c: { type: strng }\n"));
  const { exitCode, document } = await sluice("plan");
  expect(exitCode).toBe(3);
  expect(document.error).toMatchObject({ code: "LOCAL_ORG" });
  expect(document.error?.message).toMatch(/org\.yaml.*New__c/);
});

test("a port that is taken, or is none, is named", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = taken.address() as AddressInfo;
    for (const wrong of [String(port), "99999"]) {
      const { exitCode, document } = await sluice("emulator", "--port", wrong);
      expect(exitCode).toBe(3);
      expect(document.error?.code).toBe("LOCAL_ORG");
      expect(document.error?.message).toContain(wrong);
    }
  } finally {
    taken.close();
  }
});

test("serve without a schedule says so and ends", async () => {
  const { exitCode, document } = await sluice("serve");
  expect(exitCode).toBe(3);
  expect(document.error?.code).toBe("SCHEDULE_NONE");
});
