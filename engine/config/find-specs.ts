import { statSync } from "node:fs";
import path from "node:path";
import { glob } from "tinyglobby";
import { complain, type Findings } from "./findings.ts";
import { pointerTo } from "./source-document.ts";

interface FindSpecsOptions {
  /** Absolute folder of sync.config.yaml. */
  readonly folder: string;
  readonly configFile: string;
  /** In the order of the file; null for one that was refused. A pattern that begins with ! excludes. */
  readonly patterns: readonly (string | null)[];
}

/** Absolute paths of the specs that the patterns match, each once, sorted within a pattern. */
export async function findSpecs(
  findings: Findings,
  { folder, configFile, patterns }: FindSpecsOptions,
): Promise<string[]> {
  const excluded = patterns.flatMap((p) => (p?.startsWith("!") ? [p.slice(1)] : []));
  const files = new Set<string>();
  for (const [i, pattern] of patterns.entries()) {
    if (pattern === null || pattern.startsWith("!")) continue;
    const pointer = pointerTo("/syncs", i);
    const matches = await glob(pattern, {
      cwd: folder,
      absolute: true,
      expandDirectories: false,
      ignore: ["**/node_modules/**", ...excluded],
    });
    const specs = matches.map((file) => path.resolve(file)).filter((file) => file !== configFile);
    if (specs.length === 0) {
      complain(findings, "CONFIG_NO_SPECS", pointer, {
        detail: `The pattern ${pattern} matches no file in ${shownFolder(folder)}.`,
        hint: hintFor(folder, pattern),
      });
    }
    const outside = specs.filter((file) => isOutside(folder, file));
    if (outside.length > 0) {
      complain(findings, "CONFIG_SPEC_OUTSIDE", pointer, {
        detail: `The pattern ${pattern} matches ${outside.length === 1 ? "a file" : `${outside.length} files`} outside the folder of this file, where a commit of the project would not hold ${outside.length === 1 ? "it" : "them"}.`,
        hint: "Move the specs below this folder, or this file above them.",
      });
    }
    for (const file of specs.sort()) if (!isOutside(folder, file)) files.add(file);
  }
  return [...files];
}

function isOutside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative.startsWith("..") || path.isAbsolute(relative);
}

function shownFolder(folder: string): string {
  return path.basename(folder) === "" ? folder : `the folder ${path.basename(folder)}`;
}

function hintFor(folder: string, pattern: string): string {
  try {
    if (statSync(path.resolve(folder, pattern)).isDirectory()) {
      return `${pattern} is a folder. Did you mean "${pattern.replace(/\/$/, "")}/**/*.sync.yaml"?`;
    }
  } catch {
    // Most patterns are no path at all.
  }
  return "Patterns are relative to this file; ** stands for any folders. Remove the pattern if it is no longer needed.";
}
