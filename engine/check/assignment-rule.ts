import type { Diagnostic } from "../base/diagnostic.ts";
import { type CheckContext, refuse } from "./check-context.ts";

/** Assignment rules exist for leads and cases (Bulk API 2.0 guide, "Create a Job"). */
export function checkAssignmentRule({ spec, shape }: CheckContext): Diagnostic[] {
  if (spec.target.assignmentRuleId === null) return [];
  if (shape.name === "Lead" || shape.name === "Case") return [];
  return [
    refuse(spec, "CHECK_ASSIGNMENT_RULE", "/target/assignmentRuleId", {
      detail: `Assignment rules exist for Lead and Case only, and this sync writes ${shape.name}.`,
      hint: "Remove assignmentRuleId.",
    }),
  ];
}
