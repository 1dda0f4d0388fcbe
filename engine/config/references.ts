import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Code } from "../base/codes.ts";
import { suggest } from "../base/suggest.ts";

export interface ReferenceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folder that ${file:path} is relative to. */
  readonly folder: string;
}

export interface ReferenceProblem {
  readonly code: Code & ("CONFIG_REFERENCE" | "CONFIG_ENV_MISSING" | "CONFIG_FILE_MISSING");
  readonly detail: string;
  readonly hint: string | null;
}

export type Resolved =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: ReferenceProblem };

/** Puts the values of ${env:NAME} and ${file:path} in a text. `$${` stands for a plain `${`.
 *  A resolved value is never looked into again, so it cannot bring references of its own. */
export async function resolveReferences(
  text: string,
  options: ReferenceOptions,
): Promise<Resolved> {
  let result = "";
  for (const part of partsOf(text)) {
    if (typeof part === "string") {
      result += part;
      continue;
    }
    const resolved = part.problem === null ? await resolveOne(part, options) : part;
    if (resolved.problem !== null) return { text: null, problem: resolved.problem };
    result += resolved.text;
  }
  return { text: result, problem: null };
}

/** What is wrong with how references are written, without looking for what they refer to. */
export function findReferenceProblem(text: string): ReferenceProblem | null {
  for (const part of partsOf(text)) {
    if (typeof part !== "string" && part.problem !== null) return part.problem;
  }
  return null;
}

/** True when the text holds at least one reference or escaped `${`. */
export function hasReferences(text: string): boolean {
  return text.includes("${");
}

/** True when the text is one reference and nothing else: the only form a secret may have. */
export function isReference(text: string): boolean {
  return /^\s*\$\{(env|file):[^${}]+\}\s*$/.test(text);
}

const REFERENCES = /\$\$\{|\$\{(?:([^{}]*)\})?/g;

/** A private key has a few KB. */
const FILE_BYTES_MAX = 64 * 1024;

type Reference =
  | { readonly kind: "env" | "file"; readonly name: string; readonly problem: null }
  | { readonly problem: ReferenceProblem };

/** A text cut into plain parts and references. */
function* partsOf(text: string): Generator<string | Reference> {
  let end = 0;
  for (const match of text.matchAll(REFERENCES)) {
    yield text.slice(end, match.index);
    end = match.index + match[0].length;
    yield match[0] === "$${" ? "${" : parseReference(match[0], match[1]);
  }
  yield text.slice(end);
}

function parseReference(written: string, inner: string | undefined): Reference {
  const [, kind, rest = ""] = /^\s*(env|file):(.*)$/.exec(inner ?? "") ?? [];
  const name = rest.trim();
  if (kind === "file" && name !== "") return { kind, name, problem: null };
  if (kind !== "env" || name === "") return { problem: notUnderstood(written, inner) };
  if (/^[A-Za-z_]\w*$/.test(name)) return { kind, name, problem: null };
  return {
    problem: {
      code: "CONFIG_REFERENCE",
      detail: `${written} does not name an environment variable.`,
      hint: name.includes(":-")
        ? "There is no form with a default: set the variable, or write the value."
        : "A variable's name is made of letters, digits and _.",
    },
  };
}

function resolveOne(
  { kind, name }: { readonly kind: "env" | "file"; readonly name: string },
  options: ReferenceOptions,
): Resolved | Promise<Resolved> {
  return kind === "env" ? resolveEnv(name, options) : resolveFile(name, options);
}

function notUnderstood(written: string, inner: string | undefined): ReferenceProblem {
  if (inner === undefined) {
    return {
      code: "CONFIG_REFERENCE",
      detail: "A reference begins with ${ and is not closed with }.",
      hint: "Close it, or write $${ for a plain ${.",
    };
  }
  const isName = /^\s*[A-Za-z_]\w*\s*$/.test(inner);
  return {
    code: "CONFIG_REFERENCE",
    detail: `${written} says not where its value comes from.`,
    hint: isName
      ? `Did you mean \${env:${inner.trim()}}? A plain \${ is written $\${.`
      : "Write ${env:NAME} or ${file:path}. A plain ${ is written $${.",
  };
}

function resolveEnv(name: string, { env }: ReferenceOptions): Resolved {
  const value = env[name];
  if (value !== undefined && value !== "") return { text: value, problem: null };
  const state = value === "" ? "is set but empty" : "is not set";
  const near = suggest(
    name,
    Object.keys(env).filter((other) => env[other] && other !== name),
  );
  const suggestion = near === null ? "" : `Did you mean \${env:${near}}? `;
  return problem("CONFIG_ENV_MISSING", `The environment variable ${name} ${state}.`, {
    hint: `${suggestion}To set it:\n    export ${name}=...`,
  });
}

async function resolveFile(name: string, { folder }: ReferenceOptions): Promise<Resolved> {
  const file = path.resolve(folder, name);
  try {
    const bytes = await readFile(file);
    if (bytes.length > FILE_BYTES_MAX) {
      const detail = `The file ${name} has ${bytes.length} bytes; a referenced file has at most ${FILE_BYTES_MAX}.`;
      return problem("CONFIG_FILE_MISSING", detail, { hint: "Is it the right file?" });
    }
    // Editors end a file with a line end that is no part of a secret.
    return { text: bytes.toString("utf8").replace(/\r?\n$/, ""), problem: null };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "does not exist" : `cannot be read (${code ?? "unknown"})`;
    return problem("CONFIG_FILE_MISSING", `The referenced file ${name} ${why}.`, {
      hint: "The path is relative to the folder of the YAML file that names it.",
    });
  }
}

function problem(
  code: ReferenceProblem["code"],
  detail: string,
  { hint }: { readonly hint: string },
): Resolved {
  return { text: null, problem: { code, detail, hint } };
}
