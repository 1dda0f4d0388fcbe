// Builds dist/ from engine/: what `npm ci` runs through "prepare". Uses only what package.json names.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const tsc = path.join(path.dirname(require.resolve("typescript/package.json")), "bin", "tsc");
const dist = path.join(root, "dist");

// Built beside dist/ and swapped in: a program that runs from the old one never sees half of the new.
const next = mkdtempSync(path.join(root, "dist-"));
const built = spawnSync(
  process.execPath,
  [tsc, "-p", path.join(root, "tsconfig.build.json"), "--outDir", next],
  { stdio: "inherit" },
);
if (built.status !== 0) {
  rmSync(next, { recursive: true, force: true });
  process.exit(built.status ?? 1);
}
chmodSync(path.join(next, "cli", "main.js"), 0o755);
chmodSync(next, 0o755);
const old = `${next}-old`;
if (existsSync(dist)) renameSync(dist, old);
renameSync(next, dist);
rmSync(old, { recursive: true, force: true });
