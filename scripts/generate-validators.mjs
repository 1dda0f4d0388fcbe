import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";

/** The validators of the schemas as code: compiling them took a fifth of every start. ajv's options are
 *  here, and nowhere else. */
export function validatorModule(root) {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    discriminator: true,
    ownProperties: true,
    strict: true,
    // The schemas themselves are held against draft-07 by a test.
    meta: false,
    validateSchema: false,
    // Where the schema says so itself the types are clear; unions of types would only be repeated.
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true },
  });
  ajv.addVocabulary(["patternErrorMessage"]);
  for (const [id, name] of Object.entries(SCHEMAS)) {
    const text = readFileSync(new URL(`schemas/${name}`, root), "utf8");
    ajv.addSchema({ ...JSON.parse(text), $id: id });
  }
  const ids = Object.fromEntries(Object.keys(SCHEMAS).map((id) => [id, id]));
  const code = standaloneCode.default(ajv, ids);
  return [
    "// @ts-nocheck: code that ajv wrote.",
    "// Generated from schemas/*.json by `npm run generate`. Change the schemas, not this file.",
    'import { createRequire } from "node:module";',
    // ajv requires what its code needs at run time, in modules too.
    "const require = createRequire(import.meta.url);",
    code.replace(/^"use strict";/, ""),
    "",
  ].join("\n");
}

/** Exported name and schema. */
const SCHEMAS = {
  validateConfig: "sync.config.schema.json",
  validateSync: "sync.schema.json",
};
