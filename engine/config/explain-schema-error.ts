import type { ErrorObject } from "ajv";
import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import { suggest } from "../base/suggest.ts";
import { explainUnknownKey } from "./explain-unknown-key.ts";
import { explainWrongType } from "./explain-wrong-type.ts";
import { isAuth, nameOf, writtenAs } from "./name-of.ts";
import {
  isWritten,
  keyPositionOf,
  pointerTo,
  positionOf,
  type SourceDocument,
} from "./source-document.ts";

export interface Explained {
  readonly diagnostic: Diagnostic;
  /** The value that must not be used any further; null when something is missing instead. */
  readonly refused: string | null;
}

/** Says in plain words what a schema error means to the person who wrote the file. Null for errors
 *  that only repeat another one. */
export function explainSchemaError(error: ErrorObject, document: SourceDocument): Explained | null {
  const pointer = error.instancePath;
  const name = nameOf(pointer);
  switch (error.keyword) {
    case "additionalProperties":
      return explainAdditional(error, document);
    case "required":
      return explainMissing(error, document);
    case "type":
      return refusal("CONFIG_WRONG_TYPE", pointer, document, explainWrongType(error, document));
    case "discriminator":
      return explainFlow(error, document);
    case "enum":
    case "const":
      return refusal("CONFIG_BAD_VALUE", pointer, document, explainChoice(error, document));
    case "pattern":
      if (error.propertyName !== undefined) return explainBadKey(error, document);
      return refusal("CONFIG_BAD_VALUE", pointer, document, {
        detail: `${name} cannot be ${writtenAs(document, pointer)}. ${patternWords(error)}`,
        hint: null,
      });
    case "minLength":
      return refusal("CONFIG_BAD_VALUE", pointer, document, {
        detail: `${name} is an empty text.`,
        hint: "Give it a value, or remove the line.",
      });
    case "maxLength":
      return refusal("CONFIG_BAD_VALUE", pointer, document, {
        detail: `${name} is longer than ${error.params.limit} characters.`,
        hint: null,
      });
    case "minItems":
    case "minProperties":
      return refusal("CONFIG_BAD_VALUE", pointer, document, {
        detail: `${name} is empty, and needs at least one entry.`,
        hint: null,
      });
    case "minimum":
    case "maximum": {
      const side = error.keyword === "minimum" ? "at least" : "at most";
      return refusal("CONFIG_BAD_VALUE", pointer, document, {
        detail: `${name} is ${writtenAs(document, pointer)}, and must be ${side} ${error.params.limit}.`,
        hint: null,
      });
    }
    case "propertyNames":
      return null;
    default:
      return refusal("CONFIG_BAD_VALUE", pointer, document, {
        detail: `${name} is not what it should be.`,
        hint: null,
      });
  }
}

function explainAdditional(error: ErrorObject, document: SourceDocument): Explained {
  const key = String(error.params.additionalProperty);
  const parent = error.instancePath;
  const at = pointerTo(parent, key);
  const { meant, ...words } = explainUnknownKey({ key, parent, parentName: nameOf(parent), error });
  if (meant !== null) document.meant.add(pointerTo(parent, meant));
  return {
    diagnostic: errorDiagnostic("CONFIG_UNKNOWN_KEY", {
      ...words,
      at: keyPositionOf(document, at),
      path: at,
    }),
    refused: at,
  };
}

interface Words {
  readonly detail: string;
  readonly hint: string | null;
}

function refusal(
  code: "CONFIG_WRONG_TYPE" | "CONFIG_BAD_VALUE",
  pointer: string,
  document: SourceDocument,
  words: Words,
): Explained {
  const at = positionOf(document, pointer);
  return { diagnostic: errorDiagnostic(code, { ...words, at, path: pointer }), refused: pointer };
}

function explainMissing(error: ErrorObject, document: SourceDocument): Explained | null {
  const key = String(error.params.missingProperty);
  if (isWritten(document, pointerTo(error.instancePath, key))) return null;
  const properties = error.parentSchema?.properties as Record<string, unknown> | undefined;
  const schema = properties?.[key] as { examples?: unknown[] } | undefined;
  const where = error.instancePath === "" ? "The file" : nameOf(error.instancePath);
  const example = MISSING_EXAMPLES[key] ?? exampleOf(key, schema?.examples?.[0]);
  return {
    diagnostic: errorDiagnostic("CONFIG_MISSING_KEY", {
      detail: `${where} has no key "${key}", which has no default.`,
      hint: example === null ? `Add the key "${key}".` : `For example:\n    ${example}`,
      at: keyPositionOf(document, error.instancePath),
      path: error.instancePath,
    }),
    refused: null,
  };
}

const MISSING_EXAMPLES: Readonly<Record<string, string>> = {
  version: "version: 1",
  orgs: "orgs: { demo: { emulator: true } }",
  syncs: "syncs: [examples/*/*.sync.yaml]",
  source: "source: { files: contacts-*.csv }",
  target: "target: { object: Contact, operation: upsert, externalId: ERP_Id__c }",
  mapping: "mapping: { LastName: last_name, Email: email }",
  operation: "operation: upsert",
  flow: "flow: clientCredentials",
  update: "update: { Active__c: { value: false } }",
  true: 'true: [yes, "1"]',
  false: 'false: [no, "0"]',
};

function exampleOf(key: string, example: unknown): string | null {
  if (example === undefined) return null;
  const plain = typeof example === "string" && /^[\w$./-][^#:]*$/.test(example);
  return `${key}: ${plain || /^\$\{/.test(String(example)) ? example : JSON.stringify(example)}`;
}

function explainFlow(error: ErrorObject, document: SourceDocument): Explained | null {
  const pointer = pointerTo(error.instancePath, "flow");
  if (!document.places.has(pointer)) return null;
  return refusal("CONFIG_BAD_VALUE", pointer, document, choiceWords(pointer, document, FLOWS));
}

const FLOWS = ["clientCredentials", "jwtBearer", "refreshToken", "accessToken", "sfCli"];

function explainChoice(error: ErrorObject, document: SourceDocument): Words {
  const { allowedValues, allowedValue } = error.params as {
    allowedValues?: unknown[];
    allowedValue?: unknown;
  };
  const choices = (allowedValues ?? [allowedValue]).map(String);
  return choiceWords(error.instancePath, document, choices);
}

function choiceWords(pointer: string, document: SourceDocument, choices: readonly string[]): Words {
  const place = document.places.get(pointer);
  const written = place?.text ?? "";
  const alias = SYNONYMS[written.toLowerCase()];
  const near = alias !== undefined && choices.includes(alias) ? alias : suggest(written, choices);
  // In an auth, anything but a word could be a secret.
  const isShown = !isAuth(pointer) || /^[A-Za-z_-]{1,24}$/.test(written);
  const what = isShown ? `"${written}"` : "what is written here";
  const is = written === "" ? "is empty or no text" : `cannot be ${what}`;
  const must =
    choices.length === 1 ? `It must be ${choices[0]}.` : `It is one of ${list(choices)}.`;
  return {
    detail: `${nameOf(pointer)} ${is}. ${must}`,
    hint: near === null ? null : `Did you mean "${near}"?`,
  };
}

/** What other tools call the same. */
const SYNONYMS: Readonly<Record<string, string>> = {
  create: "insert",
  add: "insert",
  harddelete: "delete",
  remove: "delete",
  utf16: "utf-16le",
  "utf-16": "utf-16le",
  "iso-8859-1": "latin1",
  "iso8859-1": "latin1",
  cp1252: "windows-1252",
  ansi: "windows-1252",
  lowercase: "lower",
  uppercase: "upper",
  titlecase: "title",
  null: "clear",
  empty: "clear",
  client_credentials: "clientCredentials",
  jwt: "jwtBearer",
  refresh_token: "refreshToken",
  access_token: "accessToken",
  sf: "sfCli",
  sfdx: "sfCli",
};

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function explainBadKey(error: ErrorObject, document: SourceDocument): Explained {
  const key = String(error.propertyName);
  const at = pointerTo(error.instancePath, key);
  return {
    diagnostic: errorDiagnostic("CONFIG_BAD_VALUE", {
      detail: `"${key}" cannot stand under ${nameOf(error.instancePath)}. ${patternWords(error)}`,
      hint: null,
      at: keyPositionOf(document, at),
      path: at,
    }),
    refused: at,
  };
}

function patternWords(error: ErrorObject): string {
  return String(error.parentSchema?.patternErrorMessage ?? "It is not of the right form.");
}
