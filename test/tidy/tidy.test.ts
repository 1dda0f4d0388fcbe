import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

/** The house rules that a machine can check. Each failure names the file and what to do instead. */
const root = path.resolve(import.meta.dirname, "../..");

const sources = filesBelow("engine", ".ts").filter((file) => !file.endsWith(".generated.ts"));
const tests = filesBelow("test", ".ts");

/** A folder may import itself, base, and what stands to the left of it. */
const STAGES = [
  "config",
  "describe",
  "check",
  "source",
  "mapping",
  "delta",
  "plan",
  "run",
  "report",
  "schedule",
];
const ONLY_BASE = new Set(["salesforce", "state"]);
const EVERYTHING = new Set(["sync", "cli"]);

test("a stage imports from stages before it, never after", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    const from = folderOf(file);
    for (const target of importsOf(file)) {
      const to = folderOf(path.join(path.dirname(file), target));
      if (!mayImport(from, to)) wrong.push(`${file} imports ${target}: ${from} may not use ${to}`);
    }
  }
  expect(wrong).toEqual([]);
});

function mayImport(from: string, to: string): boolean {
  if (from === to || EVERYTHING.has(from)) return true;
  if (from === "emulator" || from === "base") return false;
  if (to === "base") return true;
  if (ONLY_BASE.has(from)) return false;
  // Interfaces of the org and of the state are for every stage from run on.
  if (ONLY_BASE.has(to)) return STAGES.indexOf(from) >= STAGES.indexOf("run");
  const [own, other] = [STAGES.indexOf(from), STAGES.indexOf(to)];
  return own >= 0 && other >= 0 && other < own;
}

test("files are at most 400 lines, lines at most 100 characters of code", () => {
  const wrong = [...sources, ...tests]
    .filter((file) => !file.includes("/golden/"))
    .flatMap((file) => {
      const lines = readFileSync(path.join(root, file), "utf8").split("\n");
      return lines.length > 401 ? [`${file} has ${lines.length - 1} lines: is it one idea?`] : [];
    });
  expect(wrong).toEqual([]);
});

const BANNED: readonly (readonly [RegExp, string, (file: string) => boolean])[] = [
  [/\bDate\.now\(|\bnew Date\(\)/, "time comes from base/clock.ts", inEngineProper],
  [/\bMath\.random\(/, "randomness comes from base/ids.ts", inEngineProper],
  [/\bset(Timeout|Interval)\(/, "waiting is Clock.sleep of base/clock.ts", inEngineProper],
  [/\bconsole\.\w+\(/, "output goes through the Context of cli/", inEngineProper],
  [/\b(TODO|FIXME|XXX)\b/, "main holds no promises: do it or file an issue", () => true],
  [/@ts-(ignore|expect-error|nocheck)/, "say it in types", () => true],
  [/\bas any\b|:\s*any\s*[;,)=\]>|]|<any>/, "`unknown` at the edges", () => true],
  [/\b(it|test|describe)\.(skip|skipIf|todo|only)\b/, "a test runs or is not there", () => true],
];

/** The local org is a program of its own, with its own clock. */
function inEngineProper(file: string): boolean {
  return (
    file.startsWith("engine/") &&
    !file.startsWith("engine/emulator/") &&
    file !== "engine/base/clock.ts"
  );
}

test("banned calls", () => {
  const wrong: string[] = [];
  for (const file of [...sources, ...tests.filter((name) => name !== "test/tidy/tidy.test.ts")]) {
    readFileSync(path.join(root, file), "utf8")
      .split("\n")
      .forEach((line, i) => {
        for (const [pattern, instead, applies] of BANNED) {
          if (applies(file) && pattern.test(isComment(line) ? wordsOf(line) : line))
            wrong.push(`${file}:${i + 1} ${instead}`);
        }
      });
  }
  expect(wrong).toEqual([]);
});

function isComment(line: string): boolean {
  return /^\s*(\/\/|\*|\/\*)/.test(line);
}

/** Of a comment only its shouted words count: prose may speak of any thing. */
function wordsOf(comment: string): string {
  return (comment.match(/\b[A-Z]{3,}\b|@ts-\w+/g) ?? []).join(" ");
}

test("no drawers: files are named after the one thing inside", () => {
  const drawers = /(^|[/-])(utils?|helpers?|common|types|manager|service|misc)\.ts$/;
  expect([...sources, ...tests].filter((file) => drawers.test(file))).toEqual([]);
});

test("every code stands once in the registry, and is raised somewhere", () => {
  const isRegistry = (file: string) => file.startsWith("engine/base/codes");
  const registry = sources.filter(isRegistry).map(read).join("\n");
  const codes = [...registry.matchAll(/^ {2}([A-Z][A-Z_0-9]+): \{$/gm)].map(
    ([, code]) => code ?? "",
  );
  expect(codes.length).toBeGreaterThan(50);
  expect(codes.filter((name, i) => codes.indexOf(name) !== i)).toEqual([]);
  const code = sources
    .filter((file) => !isRegistry(file))
    .map(read)
    .join("\n");
  expect(codes.filter((name) => !code.includes(`"${name}"`))).toEqual([]);
});

test("every schema property says what it is for", () => {
  const wrong: string[] = [];
  for (const file of filesBelow("schemas", ".json")) {
    const visit = (node: unknown, at: string): void => {
      if (typeof node !== "object" || node === null) return;
      const record = node as Record<string, unknown>;
      const { properties } = record;
      if (typeof properties === "object" && properties !== null) {
        for (const [name, property] of Object.entries(properties)) {
          const described =
            typeof property === "boolean" ||
            "description" in (property as object) ||
            "$ref" in (property as object);
          if (!described) wrong.push(`${file} ${at}/${name}`);
        }
      }
      for (const [name, value] of Object.entries(record)) visit(value, `${at}/${name}`);
    };
    visit(JSON.parse(read(file)), "");
  }
  expect(wrong).toEqual([]);
});

test("the local org knows nothing of the engine, nor the engine of it but its entry", () => {
  const wrong = sources.filter(
    (file) =>
      !file.startsWith("engine/emulator/") &&
      importsOf(file).some(
        (target) => target.includes("/emulator/") && !target.endsWith("/emulator/emulator.ts"),
      ),
  );
  expect(wrong).toEqual([]);
});

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

function importsOf(file: string): string[] {
  const pattern = /(?:from\s+|import\(\s*|import\s+)"(\.[^"]+)"/g;
  return [...read(file).matchAll(pattern)].map(([, target]) => target ?? "");
}

/** The folder below engine/; files directly in engine/ belong to the flow. */
function folderOf(file: string): string {
  const parts = path.normalize(file).split(path.sep);
  return parts.length > 2 ? (parts[1] ?? "") : "sync";
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((name) => name.endsWith(ending) && statSync(path.join(root, name)).isFile())
    .sort();
}
