// Builds dist/ from engine/: what `npm ci` runs through "prepare". Some 300 modules of ours and 200 of
// others become a few files, so that a start reads only those; `npm run typecheck` checks the types.
// With a folder as argument, builds into that one instead.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = path.resolve(process.argv[2] ?? path.join(root, "dist"));

// Built beside dist/ and swapped in: a program that runs from the old one never sees half of the new.
const next = mkdtempSync(`${dist}-`);
try {
  await build(next);
} catch (error) {
  rmSync(next, { recursive: true, force: true });
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
chmodSync(path.join(next, "cli", "main.js"), 0o755);
chmodSync(next, 0o755);
const old = `${next}-old`;
if (existsSync(dist)) renameSync(dist, old);
renameSync(next, dist);
rmSync(old, { recursive: true, force: true });

async function build(folder) {
  const bundle = await rolldown({
    input: {
      main: path.join(root, "engine", "cli", "main.ts"),
      "stage-worker": path.join(root, "engine", "cli", "stage-worker.ts"),
    },
    cwd: root,
    platform: "node",
    tsconfig: false,
    // It holds a binary for each platform, and finds it beside itself.
    external: ["libsql"],
    onLog(level, log) {
      if (level === "warn") throw new Error(log.message);
    },
  });
  const { output } = await bundle.write({
    // As deep as engine/cli/: schemas and package.json are found relative to the code.
    dir: path.join(folder, "cli"),
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
  await bundle.close();
  const modules = output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
  writeFileSync(path.join(folder, "THIRD-PARTY-LICENSES"), licenses(modules));
}

/** The licenses of the packages that are part of the files, as they ask for. */
function licenses(modules) {
  const folders = modules.map(
    (id) => /^.*[/\\]node_modules[/\\](@[^/\\]+[/\\])?[^/\\]+/.exec(id)?.[0],
  );
  const packages = [...new Set(folders.filter((folder) => folder !== undefined))].sort();
  return packages.map(licenseOf).join("\n\n----\n\n");
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(folder, "package.json"), "utf8"),
  );
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no license file to pass on.`);
  return `${name} ${version} (${license})\n\n${readFileSync(path.join(folder, file), "utf8").trim()}`;
}
