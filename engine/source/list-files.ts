import { stat } from "node:fs/promises";
import path from "node:path";
import { glob } from "tinyglobby";
import {
  type Diagnostic,
  errorDiagnostic,
  type Position,
  warningDiagnostic,
} from "../base/diagnostic.ts";
import { EngineError } from "../base/engine-error.ts";
import type { StoredFile } from "./byte-stream.ts";

/** Lists the files of a spec: pattern by pattern as written, the names of one pattern by code
 *  point, so that every run on every machine sees one order. A file that two patterns match comes
 *  once. A name that exists is taken as it is, even where its characters mean something in globs. */
export async function listFiles(input: {
  readonly patterns: readonly string[];
  readonly folder: string;
  readonly projectFolder: string;
  readonly at: Position;
}): Promise<{
  readonly files: readonly StoredFile[];
  readonly diagnostics: readonly Diagnostic[];
}> {
  const { folder, projectFolder, at } = input;
  const found = new Map<string, StoredFile>();
  const unmatched: string[] = [];
  for (const pattern of input.patterns) {
    const paths = await matches(pattern, folder);
    if (paths.length === 0) unmatched.push(pattern);
    for (const file of paths) {
      if (!found.has(file)) found.set(file, { path: file, shown: shownPath(file, projectFolder) });
    }
  }
  // A second pattern that matches nothing today may be meant for tomorrow; no file at all is not.
  const diagnose = found.size === 0 ? errorDiagnostic : warningDiagnostic;
  const diagnostics = unmatched.map((pattern) =>
    diagnose("SOURCE_NO_FILES", {
      detail: `No file matches "${pattern}" in ${shownPath(folder, projectFolder)}.`,
      hint: "Patterns are relative to the folder of the spec.",
      at,
    }),
  );
  return { files: [...found.values()], diagnostics };
}

async function matches(pattern: string, folder: string): Promise<string[]> {
  const literal = path.resolve(folder, pattern);
  const existing = await stat(literal).catch(() => null);
  if (existing?.isDirectory() === true) throw isFolder(pattern);
  // A pipe has no second pass, and the first would wait for a writer.
  if (existing?.isFile() === false) throw isSpecial(pattern);
  if (existing !== null) return [literal];
  const paths = await glob(pattern, { cwd: folder, absolute: true, expandDirectories: false });
  // Compared by code unit: no locale decides the order.
  return paths.map((found) => path.normalize(found)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function isFolder(pattern: string): EngineError {
  return new EngineError("SOURCE_UNREADABLE", `The source file ${pattern} is a folder.`, {
    hint: `Name the files in it: ${pattern.replace(/\/+$/, "")}/*.csv`,
  });
}

function isSpecial(pattern: string): EngineError {
  return new EngineError("SOURCE_UNREADABLE", `The source file ${pattern} is no ordinary file.`, {
    hint: "A source is read more than once, so a pipe or a device can't be one. Save it to a file.",
  });
}

function shownPath(file: string, projectFolder: string): string {
  const relative = path.relative(projectFolder, file);
  return relative === "" ? "." : relative.split(path.sep).join("/");
}
