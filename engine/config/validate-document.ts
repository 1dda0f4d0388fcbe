import type { ErrorObject } from "ajv";
import type { Diagnostic } from "../base/diagnostic.ts";
import { explainSchemaError } from "./explain-schema-error.ts";
import { isUnder, refuse, type SourceDocument, valueAt } from "./source-document.ts";
import { validateConfig, validateSync } from "./validators.generated.ts";

export type SchemaName = "sync.config.schema.json" | "sync.schema.json";

/** Holds a document against its JSON Schema. What breaks it is explained in plain words and taken out
 *  of the data, so that the rules after this one judge only what is sound. */
export function validateDocument(document: SourceDocument, schema: SchemaName): Diagnostic[] {
  const validate = VALIDATORS[schema];
  if (validate(document.data)) return [];
  if (readReferencedScalars(document, validate.errors ?? []) && validate(document.data)) return [];
  const diagnostics: Diagnostic[] = [];
  // From the outside in, and misspelt keys before missing ones, which they may have been meant for.
  const outermostFirst = [...(validate.errors ?? [])].sort(
    (a, b) =>
      a.instancePath.length - b.instancePath.length ||
      Number(a.keyword === "required") - Number(b.keyword === "required"),
  );
  const refusals: string[] = [];
  for (const error of outermostFirst) {
    // What stands inside something that is wrong as a whole needs no second complaint.
    if (document.refused.has(error.instancePath)) continue;
    if (refusals.some((pointer) => isUnder(error.instancePath, pointer))) continue;
    const explained = explainSchemaError(error, document);
    if (explained === null) continue;
    diagnostics.push(explained.diagnostic);
    if (explained.refused !== null) refusals.push(explained.refused);
  }
  for (const pointer of refusals) refuse(document, pointer);
  return diagnostics;
}

interface Validator {
  (data: unknown): boolean;
  /** Of the last call. */
  errors?: ErrorObject[] | null;
}

/** Code that ajv wrote beforehand: see scripts/generate-validators.mjs. */
const VALIDATORS: Readonly<Record<SchemaName, Validator>> = {
  "sync.config.schema.json": validateConfig,
  "sync.schema.json": validateSync,
};

/** `parallelJobs: ${env:JOBS}` is a text to YAML: where a number or a boolean is wanted, and the
 *  reference gave one, it is read as such. */
function readReferencedScalars(document: SourceDocument, errors: readonly ErrorObject[]): boolean {
  let changed = false;
  for (const { keyword, instancePath } of errors) {
    if (keyword !== "type" || !document.places.get(instancePath)?.text?.includes("${")) continue;
    const slash = instancePath.lastIndexOf("/");
    const holder = valueAt(document.data, instancePath.slice(0, slash));
    if (typeof holder !== "object" || holder === null) continue;
    const key = instancePath
      .slice(slash + 1)
      .replaceAll("~1", "/")
      .replaceAll("~0", "~");
    const scalar = scalarOf((holder as Record<string, unknown>)[key]);
    if (scalar === undefined) continue;
    (holder as Record<string, unknown>)[key] = scalar;
    changed = true;
  }
  return changed;
}

function scalarOf(text: unknown): number | boolean | undefined {
  if (typeof text !== "string") return undefined;
  if (text === "true" || text === "false") return text === "true";
  return /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
