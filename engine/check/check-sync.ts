/** Takes a validated spec, the describe of its object and of the parents it names, and the headers of
 *  its files; gives everything that is wrong or doubtful, with its place in the spec. Never asks the
 *  org, never reads a row, never stops at the first problem. */
import type { Diagnostic } from "../base/diagnostic.ts";
import { checkAssignmentRule } from "./assignment-rule.ts";
import { checkCampaignMember } from "./campaign-member.ts";
import { type CheckInput, type CheckRule, contextOf } from "./check-context.ts";
import { checkCompoundField } from "./compound-field.ts";
import { checkConstantValue } from "./constant-value.ts";
import { checkConversion } from "./conversion.ts";
import { checkDeleteMapping } from "./delete-mapping.ts";
import { checkFieldTwice } from "./field-twice.ts";
import { checkKeyField } from "./key-field.ts";
import { checkKeyMapped } from "./key-mapped.ts";
import { checkMirror } from "./mirror.ts";
import { checkMissingDependency } from "./missing-dependency.ts";
import { checkNullPolicy } from "./null-policy.ts";
import { checkObjectOperation } from "./object-operation.ts";
import { checkRecordType } from "./record-type.ts";
import { checkRelationship } from "./relationship.ts";
import { checkRequiredField } from "./required-field.ts";
import { checkSourceColumn } from "./source-column.ts";
import { checkUnknownField } from "./unknown-field.ts";
import { checkWritableField } from "./writable-field.ts";

/** In the order in which a reader would mend things: what it is about, then the fields, then their
 *  values. */
const RULES: readonly CheckRule[] = [
  checkObjectOperation,
  checkAssignmentRule,
  checkUnknownField,
  checkRelationship,
  checkMissingDependency,
  checkCompoundField,
  checkWritableField,
  checkFieldTwice,
  checkDeleteMapping,
  checkKeyMapped,
  checkKeyField,
  checkRequiredField,
  checkCampaignMember,
  checkNullPolicy,
  checkConversion,
  checkRecordType,
  checkConstantValue,
  checkSourceColumn,
  checkMirror,
];

/** Checks a spec against the org. Nothing is sent while an error is among the result. */
export function checkSync(input: CheckInput): Diagnostic[] {
  const context = contextOf(input);
  return RULES.flatMap((rule) => rule(context));
}
