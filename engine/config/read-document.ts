import { readFile } from "node:fs/promises";
import { type Document, isScalar, type ParsedNode, parseAllDocuments } from "yaml";
import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import { indexNodes, linesOf } from "./index-nodes.ts";
import type { SourceDocument } from "./source-document.ts";
import { explainYamlProblems } from "./yaml-problems.ts";

interface ReadOptions {
  /** Absolute path. */
  readonly file: string;
  readonly fileShown: string;
  /** What the file should hold, for messages: "project" or "sync". */
  readonly holds: "project" | "sync";
}

export interface ReadResult {
  /** Null when the text cannot be understood. */
  readonly document: SourceDocument | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and parses one YAML file. Takes a path, gives data with positions; knows no schema. */
export async function readDocument(options: ReadOptions): Promise<ReadResult> {
  let bytes: Buffer;
  try {
    bytes = await readFile(options.file);
  } catch (cause) {
    return failed("CONFIG_UNREADABLE", options, unreadable(options.fileShown, cause));
  }
  if (bytes.length > FILE_BYTES_MAX) {
    const detail = `${options.fileShown} has ${bytes.length} bytes; a spec has at most ${FILE_BYTES_MAX}, so this is probably not one.`;
    return failed("CONFIG_UNREADABLE", options, { detail, hint: null });
  }
  try {
    return parseDocument(new TextDecoder("utf-8", { fatal: true }).decode(bytes), options);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return failed("CONFIG_ENCODING", options, {
      detail: `${options.fileShown} holds bytes that are no UTF-8, so its text would be read wrongly.`,
      hint: "Save the file as UTF-8.",
    });
  }
}

/** The same for a text already in memory. */
export function parseDocument(text: string, options: ReadOptions): ReadResult {
  try {
    return parse(text, options);
  } catch (cause) {
    // The parser calls itself for every level, and runs out of stack after some thousand.
    if (!(cause instanceof RangeError)) throw cause;
    return failed("CONFIG_YAML", options, {
      detail: `${options.fileShown} nests lists or mappings thousands of levels deep.`,
      hint: "Is this the right file?",
    });
  }
}

function parse(text: string, options: ReadOptions): ReadResult {
  // The core schema of YAML 1.2: `no` and `on` are texts, dates are texts, `<<` is a key like others.
  const parsed = parseAllDocuments(text, {
    prettyErrors: false,
    schema: "core",
    version: "1.2",
  });
  const documents: readonly Document.Parsed<ParsedNode>[] = "empty" in parsed ? [] : parsed;
  const [first] = documents;
  if (first === undefined || first.contents === null || isBlank(first)) {
    return failed("CONFIG_EMPTY", options, {
      detail: `${options.fileShown} is empty, where a ${options.holds} should be described.`,
      hint: BEGINNINGS[options.holds],
    });
  }
  const file = linesOf(text, options.fileShown);
  const problems = explainYamlProblems(documents, text, file);
  if (problems.length > 0) return { document: null, diagnostics: problems };
  const { data, places } = indexNodes(first.contents, file);
  const { fileShown } = options;
  return {
    document: { file: options.file, fileShown, data, places, refused: new Set(), meant: new Set() },
    diagnostics: [],
  };
}

/** A spec of a thousand mapped fields has about 100 KB. */
const FILE_BYTES_MAX = 2_000_000;

const BEGINNINGS = {
  project: "A project begins with:\n    version: 1\n    orgs: { demo: { emulator: true } }",
  sync: "A sync begins with:\n    sync: contacts\n    source: { files: contacts.csv }",
} as const;

function isBlank(document: Document.Parsed<ParsedNode>): boolean {
  return (
    document.errors.length === 0 && isScalar(document.contents) && document.contents.value === null
  );
}

function unreadable(fileShown: string, cause: unknown): { detail: string; hint: string | null } {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "EISDIR") {
    return { detail: `${fileShown} is a folder, not a file.`, hint: "Name the file in it." };
  }
  if (code === "ENOENT") return { detail: `${fileShown} does not exist.`, hint: null };
  return { detail: `${fileShown} cannot be read (${code ?? "unknown reason"}).`, hint: null };
}

function failed(
  code: "CONFIG_UNREADABLE" | "CONFIG_ENCODING" | "CONFIG_EMPTY" | "CONFIG_YAML",
  options: ReadOptions,
  { detail, hint }: { detail: string; hint: string | null },
): ReadResult {
  const at = { file: options.fileShown, line: null, column: null };
  return { document: null, diagnostics: [errorDiagnostic(code, { detail, hint, at })] };
}
