import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadProject } from "../../engine/config/load-project.ts";
import { renderDiagnostics } from "../../engine/report/render-diagnostics.ts";
import { type BadCase, filesOf } from "./cases/bad-case.ts";
import { keyCases } from "./cases/key-cases.ts";
import { projectCases } from "./cases/project-cases.ts";
import { ruleCases } from "./cases/rule-cases.ts";
import { yamlCases } from "./cases/yaml-cases.ts";

// Every mistake has its text in golden/. After a change of words: UPDATE_GOLDEN=1, and read the diff.
const scratch = mkdtempSync(path.join(tmpdir(), "sluice-config-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const golden = new URL("golden/", import.meta.url);
const cases = [...yamlCases, ...keyCases, ...ruleCases, ...projectCases];

test("every case has a name of its own", () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});

describe("bad configs", () => {
  for (const bad of cases) {
    test(bad.name, async () => {
      const text = await loadAndRender(bad);
      const file = new URL(`${bad.name}.txt`, golden);
      if (process.env.UPDATE_GOLDEN === "1") {
        mkdirSync(golden, { recursive: true });
        writeFileSync(file, text);
      }
      expect(text).toBe(readFileSync(file, "utf8"));
      expect(text).not.toMatch(/hunter2|5Aep861|00Dxx|hidden|MIIEvQ|123456789/);
    });
  }
});

async function loadAndRender(bad: BadCase): Promise<string> {
  const folder = path.join(scratch, bad.name, "project");
  for (const [file, text] of filesOf(bad)) {
    const absolute = path.join(folder, file);
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
  }
  const loaded = await loadProject({
    cwd: folder,
    configPath: bad.configPath ?? null,
    env: bad.env ?? {},
    statePath: null,
  });
  expect(loaded.diagnostics.length).toBeGreaterThan(0);
  const text = renderDiagnostics(loaded.diagnostics, {
    color: false,
    readSource: (file) => readFileSync(path.join(loaded.folder ?? folder, file), "utf8"),
  });
  return text.replaceAll(path.join(scratch, bad.name), "");
}
