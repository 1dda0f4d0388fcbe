import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { showCommand } from "../../engine/cli/show-command.ts";
import { localProject } from "../plan/local-project.ts";

let browser: Browser;
const folder = mkdtempSync(path.join(tmpdir(), "sluice-pages-"));
/** SCREENSHOTS names a folder in which the pages are kept as pictures. */
const pictures = process.env.SCREENSHOTS;

beforeAll(async () => {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function project() {
  const rows = (name: (i: number) => string, account: (i: number) => string) =>
    Array.from({ length: 40 }, (_, i) => `k${i},${name(i)},m${i}@x.example,${account(i)}\n`).join(
      "",
    );
  const own = await localProject({
    files: {
      "contacts.sync.yaml": `sync: contacts
source: { files: contacts.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping:
  Key__c: key
  LastName: name
  Email: { from: mail, nulls: clear }
  Account.Key__c: account
guards: { maxChangeRatio: 40%, maxFailed: 50 }
retry: { rounds: 0 }
`,
      "contacts.csv": `key,name,mail,account\n${rows(
        (i) => `Name ${i}`,
        (i) => (i % 9 === 0 ? "none" : "a1"),
      )}`,
    },
    seeds: { Account: "Key__c,Name\na1,Acme\n" },
  });
  const run = (await own.run()).data.runs[0];
  own.write(
    "contacts.csv",
    `key,name,mail,account\n${rows(
      (i) => (i % 2 === 0 ? `<script>alert(${i})</script>` : `Name ${i}`),
      () => "a1",
    )
      .replace("m3@x.example", "")
      .replace("m5@x.example", "nonsense")}`,
  );
  return { own, run };
}

test("the plan's page opens offline, shows bars and charts, and its tables can be searched", async () => {
  const { own } = await project();
  const { text } = await own.plan([], { format: "html", showValues: true, samples: 8 });
  const page = await open("plan", text);
  const { problems } = page;
  expect(await page.tab.locator("h1").textContent()).toBe("Sluice plan");
  expect(await page.tab.locator(".bar span").count()).toBeGreaterThan(3);
  expect(await page.tab.locator(".chart tr").count()).toBeGreaterThan(1);
  const samples = page.tab.locator(".searchable").first();
  const shown = () => samples.locator("tbody tr:visible").count();
  const all = await shown();
  await samples.locator("input").fill("LastName");
  const found = await shown();
  expect(found).toBeGreaterThan(0);
  expect(found).toBeLessThan(all);
  // A value is a text, never a part of the page.
  expect(await samples.locator("tbody").textContent()).toContain("<script>alert(");
  await samples.locator("input").fill("");
  await page.picture("plan");
  await page.tab.setViewportSize({ width: 390, height: 900 });
  const overflow = await page.tab.evaluate("document.body.scrollWidth - window.innerWidth");
  expect(overflow).toBeLessThanOrEqual(0);
  await page.picture("plan-narrow");
  expect(problems).toEqual([]);
});

test("the run's page shows what arrived and which rows did not, without their values", async () => {
  const { own, run } = await project();
  const { text } = await own.command("show", (context) =>
    showCommand(run.runId, { format: "html" }, context),
  );
  expect(text).not.toMatch(/Name \d|@x\.example/);
  const page = await open("run", text);
  expect(await page.tab.locator("h1").textContent()).toContain("contacts");
  expect(await page.tab.locator("tbody").nth(1).textContent()).toContain("contacts.csv:2");
  await page.picture("run");
  expect(page.problems).toEqual([]);
});

async function open(name: string, html: string) {
  const file = path.join(folder, `${name}.html`);
  writeFileSync(file, html);
  const tab = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  const problems: string[] = [];
  tab.on("pageerror", (error) => problems.push(error.message));
  tab.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  tab.on("request", (request) => {
    if (!request.url().startsWith("file:")) problems.push(`asked for ${request.url()}`);
  });
  tab.on("dialog", (dialog) => {
    problems.push(`a script of the data ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await tab.goto(pathToFileURL(file).href);
  return {
    tab,
    problems,
    async picture(title: string) {
      if (pictures === undefined) return;
      mkdirSync(pictures, { recursive: true });
      await tab.screenshot({ path: path.join(pictures, `${title}.png`), fullPage: true });
    },
  };
}
