import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

/** The page's shell blocks, in order, as one script that stops at the first line that fails. */
function guideScript(): string {
  const page = readFileSync(path.join(root, "examples/emulator/README.md"), "utf8");
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? "");
  const cli = `node ${path.join(root, "dist/cli/main.js")}`;
  // Job control is on, as in a person's shell, so that %1 is the org; whatever happens, it is ended.
  const frame = "set -euo pipefail -m\ntrap 'kill %1 2>/dev/null || true' EXIT\n";
  return frame + blocks.join("\n").replaceAll("npx sluice", cli);
}

test("the curl lines of examples/emulator work as written", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-curl-"));
  try {
    const run = spawnSync("bash", ["-c", guideScript()], { cwd: folder, encoding: "utf8" });
    expect(run.stderr.replace(/^\[1\].*(Done|Terminated).*\n/gm, "")).toBe("");
    expect(run.status).toBe(0);
    const lines = run.stdout.split("\n");
    expect(lines).toContain("UploadComplete");
    expect(lines).toContain("Aborted");
    expect(lines).toContain("+49 30 1234");
    expect(run.stdout).toMatch(
      /"sf__Id","sf__Created",ERP_Id__c,LastName,Email\n"003\w{15}","true","C-1"/,
    );
    expect(run.stdout).toMatch(/"","REQUIRED_FIELD_MISSING:.*"C-2"/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
