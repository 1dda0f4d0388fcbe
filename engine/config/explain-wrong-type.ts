import type { ErrorObject } from "ajv";
import { isAuth, nameOf } from "./name-of.ts";
import { pointerParts, type SourceDocument } from "./source-document.ts";

/** Says which kind of value a key takes, what was there instead, and how to write it. */
export function explainWrongType(
  error: ErrorObject,
  document: SourceDocument,
): { detail: string; hint: string | null } {
  const pointer = error.instancePath;
  const wanted = [error.params.type].flat().map(String);
  const name = nameOf(pointer);
  const place = document.places.get(pointer);
  const text = isAuth(pointer) ? "..." : (place?.text ?? null);
  const is = kindOf(error.data);
  if (error.data === null) {
    return {
      detail: `${name} has no value. It takes ${kinds(wanted)}.`,
      hint: mayBeEmpty(error)
        ? 'Give it a value, write "" for an empty text, or remove the line.'
        : "Give it a value, or remove the line.",
    };
  }
  return {
    detail: `${name} takes ${kinds(wanted)}, but this is ${is}.`,
    hint: hintFor({ pointer, wanted, data: error.data, text }),
  };
}

function mayBeEmpty({ params, parentSchema }: ErrorObject): boolean {
  const isText = [params.type].flat().includes("string");
  return isText && !("pattern" in (parentSchema ?? {})) && !("minLength" in (parentSchema ?? {}));
}

interface HintFacts {
  readonly pointer: string;
  readonly wanted: readonly string[];
  readonly data: unknown;
  readonly text: string | null;
}

function hintFor({ pointer, wanted, data, text }: HintFacts): string | null {
  const parts = pointerParts(pointer);
  const key = parts.at(-1) ?? "";
  const scalar = typeof data !== "object";
  if (isAuth(pointer) && parts.length > 3) {
    return `Secrets are written as references:\n    ${key}: \${env:NAME}`;
  }
  if (parts[0] === "mapping" && parts.length === 2 && scalar) {
    return `For a constant:\n    ${key}: { value: ${text} }\nFor a source column of that name:\n    ${key}: "${text}"`;
  }
  if (parts[0] === "mirror" && parts[1] === "update" && parts.length === 3 && scalar) {
    return `A departed key has no row, so only a constant can be written:\n    ${key}: { value: ${text} }`;
  }
  const form = scalar ? (FORMS[key] ?? FORMS[parts.slice(0, -1).join("/")]) : undefined;
  if (form !== undefined && wanted.includes("object"))
    return `Write it as:\n    ${key}: ${form(text ?? "")}`;
  if (wanted.includes("array") && scalar) return `Write it as a list:\n    ${key}: [${text}]`;
  if (wanted.includes("string") && scalar) return `Put it in quotes:\n    ${key}: "${text}"`;
  if (wanted.includes("boolean") && typeof data === "string") return yesOrNo(data);
  if (wanted.includes("integer") && typeof data === "string" && /^\d+$/.test(data)) {
    return `Write it without quotes:\n    ${key}: ${data}`;
  }
  return null;
}

/** How a lone value was probably meant where a mapping is needed. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  source: (text) => `{ files: ${text} }`,
  target: (text) => `{ object: ${text}, operation: upsert, externalId: ERP_Id__c }`,
  state: (text) => `{ path: ${text} }`,
  schedule: (text) => `{ cron: "${text}" }`,
  chunk: (text) => (/[a-z]/i.test(text) ? `{ maxBytes: ${text} }` : `{ maxRows: ${text} }`),
  retry: (text) => `{ rounds: ${text} }`,
  guards: () => "{ maxFailed: 0 }",
  auth: () => "{ flow: sfCli, username: acme-prod }",
  boolean: () => '{ true: [yes, "1"], false: [no, "0"] }',
  values: () => "{ G: Gold, S: Silver }",
  orgs: () => "{ demo: { emulator: true } }",
};

function yesOrNo(text: string): string {
  const yes = /^(yes|on|y|1)$/i.test(text);
  const no = /^(no|off|n|0)$/i.test(text);
  return yes || no ? `Did you mean ${yes ? "true" : "false"}?` : "Write true or false.";
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping (keys with values)",
  null: "nothing",
};

function kinds(wanted: readonly string[]): string {
  const words = wanted.map((kind) => KINDS[kind] ?? kind);
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function kindOf(data: unknown): string {
  if (Array.isArray(data)) return "a list";
  if (typeof data === "object") return "a mapping";
  if (typeof data === "number") return Number.isInteger(data) ? "a number" : "a fractional number";
  return typeof data === "boolean" ? `the word ${data}` : "a text";
}
