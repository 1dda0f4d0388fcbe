import type { ErrorObject } from "ajv";
import { suggest } from "../base/suggest.ts";
import { isAuth } from "./name-of.ts";

interface UnknownKey {
  readonly key: string;
  /** JSON pointer of the mapping that holds the key. */
  readonly parent: string;
  readonly parentName: string;
  readonly error: ErrorObject;
}

/** Says which key was probably meant: a near one, another tool's word for it, or a key that belongs
 *  elsewhere in the file. */
export function explainUnknownKey({ key, parent, parentName, error }: UnknownKey): {
  detail: string;
  hint: string;
  /** The known key that was probably meant. */
  meant: string | null;
} {
  const known = Object.keys((error.parentSchema?.properties ?? {}) as object);
  const isInAuth = isAuth(parent);
  const where = parent === "" ? "at the top of this file" : `in ${parentName}`;
  const meant = keyMeant(key, known);
  const home = isInAuth ? null : (departed(parent) ?? homeOf(key));
  const hint = meant === null ? home : `Did you mean "${meant}"?`;
  return {
    detail: `There is no key ${isInAuth && !PLAIN_KEY.test(key) ? "such as this" : `"${key}"`} ${where}${isInAuth ? " with this flow" : ""}.`,
    hint: hint ?? `Known here: ${known.join(", ")}.`,
    meant,
  };
}

/** A secret that slipped into the place of a key has digits or is longer. */
const PLAIN_KEY = /^[A-Za-z][A-Za-z_-]{0,23}$/;

function keyMeant(key: string, known: readonly string[]): string | null {
  const near = suggest(key, known);
  if (near !== null) return near;
  const others = SYNONYMS[key.toLowerCase().replaceAll(/[_-]/g, "")];
  return others?.find((other) => known.includes(other)) ?? null;
}

/** Keys of a mapping stand on a row, and mirror's fields have none. */
function departed(parent: string): string | null {
  if (!/^\/mirror\/update\/[^/]+$/.test(parent)) return null;
  return "A departed key has no row any more, so only a constant can be written: value, and nulls.";
}

function homeOf(key: string): string | null {
  const near = suggest(key, Object.keys(HOMES)) ?? key;
  const home = HOMES[near];
  return home === undefined ? null : `"${near}" belongs ${home}.`;
}

/** What people write who come from another tool, without - and _, in lower case. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  column: ["from", "columns"],
  source: ["from"],
  field: ["from"],
  const: ["value"],
  constant: ["value"],
  literal: ["value"],
  expression: ["expr"],
  formula: ["expr"],
  cel: ["expr"],
  transforms: ["transform"],
  format: ["date"],
  timezone: ["zone", "timezone"],
  tz: ["zone", "timezone"],
  lookup: ["values"],
  map: ["values", "mapping"],
  fallback: ["default"],
  fields: ["mapping"],
  mappings: ["mapping"],
  filter: ["where"],
  name: ["sync"],
  destination: ["target"],
  to: ["target"],
  sobject: ["object"],
  externalidfield: ["externalId"],
  externalidfieldname: ["externalId"],
  key: ["externalId"],
  upsertkey: ["externalId"],
  file: ["files"],
  path: ["files", "path"],
  separator: ["delimiter"],
  charset: ["encoding"],
  threshold: ["maxFailed"],
  concurrency: ["parallelJobs"],
  batchsize: ["chunk", "maxRows"],
  loginurl: ["instanceUrl"],
  url: ["instanceUrl"],
  version: ["apiVersion"],
  type: ["flow"],
  consumerkey: ["clientId"],
  consumersecret: ["clientSecret"],
  keyfile: ["privateKey"],
  alias: ["username"],
  schedule: ["cron"],
};

/** Keys that exist, but elsewhere. */
const HOMES: Readonly<Record<string, string>> = {
  object: "under target",
  operation: "under target",
  externalId: "under target",
  assignmentRuleId: "under target",
  files: "under source",
  delimiter: "under source",
  encoding: "under source",
  columns: "under source",
  maxBytes: "under chunk",
  maxRows: "under chunk",
  rounds: "under retry",
  maxFailed: "under guards",
  maxChangeRatio: "under guards",
  minSourceRows: "under guards",
  maxDeletes: "under guards",
  maxAge: "under guards",
  cron: "under schedule",
  catchUp: "under schedule",
  jitter: "under schedule",
  clientId: "under auth",
  clientSecret: "under auth",
  privateKey: "under auth",
  refreshToken: "under auth",
  accessToken: "under auth",
  flow: "under auth",
  instanceUrl: "under an org in sync.config.yaml",
  apiVersion: "under an org in sync.config.yaml",
  transform: "under a field of mapping",
  from: "under a field of mapping",
  where: "at the top of the spec",
  dependsOn: "at the top of the spec",
  duplicates: "at the top of the spec",
  onInvalid: "at the top of the spec",
  parallelJobs: "at the top of the spec",
  guards: "at the top of the spec",
  defaultOrg: "at the top of sync.config.yaml",
};
