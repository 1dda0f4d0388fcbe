import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { displayWidth } from "../../engine/report/text-width.ts";
import { type LocalProject, localProject } from "../plan/local-project.ts";

/** Spec folders and what `plan` says of them in every format. `before/` is run first, where there is
 *  one; `now/` is planned. UPDATE_GOLDEN=1 writes the expected files. */
const GOLDEN = path.join(import.meta.dirname, "golden");
const UPDATE = process.env.UPDATE_GOLDEN === "1";

for (const name of readdirSync(GOLDEN)) {
  test(`golden: ${name}`, async () => {
    const folder = path.join(GOLDEN, name);
    const own = await projectOf(folder);
    own.useScreen(80, false);
    const first = await own.plan([], { refresh: name === "changes" });
    expect(first.error).toBeNull();
    check(folder, "plan-80.txt", first.text);
    own.useScreen(40, false);
    const narrow = (await own.plan()).text;
    check(folder, "plan-40.txt", narrow);
    own.useScreen(80, true);
    check(folder, "plan-color.txt", (await own.plan()).text);
    own.useScreen(80, false);
    check(folder, "plan.md", (await own.plan([], { format: "markdown" })).text);
    check(folder, "plan.html", (await own.plan([], { format: "html" })).text);
    check(folder, "plan.json", (await own.plan([], { format: "json" })).text);
    check(folder, "run.txt", (await own.run()).text);
    // A code, a file's name or a field's is never cut, and such a word may be wider than the page.
    const wide = narrow
      .split("\n")
      .filter((line) => displayWidth(line) > 40 && / \S* /.test(line.trim()));
    expect(wide).toEqual([]);
  });
}

test("the formats say the same", async () => {
  const own = await projectOf(path.join(GOLDEN, "changes"));
  const { text, data } = await own.plan();
  const markdown = (await own.plan([], { format: "markdown" })).text;
  const html = (await own.plan([], { format: "html" })).text;
  const [plan] = data.syncs;
  for (const page of [text, markdown, html]) {
    const plain = page.replace(/<[^>]+>|\\/g, " ").replace(/\s+/g, " ");
    for (const { text: reason } of plan.reasons) expect(plain).toContain(reason);
    for (const name of ["maxChangeRatio 66.7%", "minSourceRows 11", "maxDeletes 2"]) {
      expect(plain).toContain(name);
    }
    for (const [field, count] of Object.entries(plan.fields)) {
      expect(plain).toMatch(new RegExp(`${field}\\W+${count}`));
    }
    expect(plain).toContain("9 to upsert (1 new, 8 changed), 2 to delete");
  }
});

async function projectOf(folder: string): Promise<LocalProject> {
  const before = path.join(folder, "before");
  const now = path.join(folder, "now");
  const own = await localProject({ files: filesOf(existsSync(before) ? before : now) });
  if (existsSync(before)) {
    await own.run();
    for (const [file, content] of Object.entries(filesOf(now))) own.write(file, content);
  }
  return own;
}

function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file, readFileSync(path.join(folder, file), "utf8")]),
  );
}

function check(folder: string, file: string, text: string): void {
  const stable = withoutChance(text);
  const expected = path.join(folder, "expected", file);
  if (UPDATE) {
    mkdirSync(path.dirname(expected), { recursive: true });
    writeFileSync(expected, stable);
    return;
  }
  expect(stable).toBe(readFileSync(expected, "utf8"));
}

/** Ids, times, and what the org has left today. */
function withoutChance(text: string): string {
  return text
    .replace(/"invalid": ".*\/(\.sluice\/)/g, '"invalid": "$1')
    .replace(/(00D)\w{15}/g, "$1ORG")
    .replace(/"planHash": "\w+"/g, '"planHash": "HASH"')
    .replace(/\d{8}-\d{6}-\w+/g, "RUN")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/(\d+) API calls, [\d.]+ s/g, "N API calls, TIME")
    .replace(/\b(14,9\d\d|15,000)\b/g, "LEFT")
    .replace(/"limit": 14\d{3}/g, '"limit": LEFT');
}
