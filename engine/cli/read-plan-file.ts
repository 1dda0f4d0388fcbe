import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { EngineError } from "../base/engine-error.ts";
import { isIntact, type PlanFile } from "../plan/plan-file.ts";

/** Reads a saved plan. Throws PLAN_FILE when it is none, or not as it was saved. */
export function readPlanFile(file: string, shown: string): PlanFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw unusable(`${shown} can't be read as JSON: ${(cause as Error).message}.`, cause);
  }
  const schema = new URL("../../schemas/plan.schema.json", import.meta.url);
  const ajv = new Ajv({ allowUnionTypes: true, validateSchema: false, meta: false });
  const validate = ajv.compile<PlanFile>(JSON.parse(readFileSync(schema, "utf8")));
  if (!validate(content)) {
    const [error] = validate.errors ?? [];
    throw unusable(`${shown} is no saved plan: ${error?.instancePath || "it"} ${error?.message}.`);
  }
  if (!isIntact(content)) {
    throw unusable(`${shown} is not as it was saved: its hash differs.`);
  }
  return content;
}

function unusable(message: string, cause?: unknown): EngineError {
  const hint = "Make a plan and save it:\n    sluice plan --out plan.json";
  return new EngineError("PLAN_FILE", message, { hint, cause });
}
