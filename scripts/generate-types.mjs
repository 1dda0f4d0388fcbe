// Writes the TypeScript types and the validators of the schemas that users' files are held against. They are
// committed, so that a change of a schema shows in review; `--check` fails when it was forgotten.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compileFromFile } from "json-schema-to-typescript";
import { validatorModule } from "./generate-validators.mjs";

const GENERATED = [
  { schema: "schemas/sync.config.schema.json", to: "engine/config/config-yaml.generated.ts" },
  { schema: "schemas/sync.schema.json", to: "engine/config/sync-yaml.generated.ts" },
];
const root = new URL("../", import.meta.url);
const checkOnly = process.argv.includes("--check");
let drifted = false;

for (const { schema, to } of GENERATED) {
  const wanted = await compileFromFile(fileURLToPath(new URL(schema, root)), {
    bannerComment: `// Generated from ${schema} by \`npm run generate\`. Change the schema, not this file.`,
    // A list that must not be empty would become a tuple type, which no caller can build easily.
    ignoreMinAndMaxItems: true,
    style: { printWidth: 100 },
  });
  await settle(to, wanted, schema);
}
await settle("engine/config/validators.generated.ts", validatorModule(root), "schemas/");
process.exitCode = drifted ? 1 : 0;

async function settle(to, wanted, schema) {
  const file = new URL(to, root);
  const present = await readFile(file, "utf8").catch(() => "");
  if (present === wanted) return;
  if (checkOnly) {
    drifted = true;
    console.error(`${to} does not match ${schema}. To write it anew:\n    npm run generate`);
  } else {
    await writeFile(file, wanted);
    console.error(`wrote ${to}`);
  }
}
