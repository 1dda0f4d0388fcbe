import type { Diagnostic } from "../base/diagnostic.ts";
import { type CheckContext, contextOf, refuse } from "./check-context.ts";
import { checkCompoundField } from "./compound-field.ts";
import { checkConstantValue } from "./constant-value.ts";
import { checkFieldTwice } from "./field-twice.ts";
import { checkNullPolicy } from "./null-policy.ts";
import { checkRelationship } from "./relationship.ts";
import { checkUnknownField } from "./unknown-field.ts";
import { checkWritableField } from "./writable-field.ts";

/** What becomes of records whose key left the source must be possible too: the object must allow it,
 *  and the fields that `mirror.update` names obey the rules of a plain update by Id. */
export function checkMirror({ columns: _, keyName: __, ...input }: CheckContext): Diagnostic[] {
  const { spec, shape } = input;
  const { mirror } = spec;
  if (mirror === null) return [];
  const able = mirror.action === "delete" ? shape.deletable : shape.updateable;
  const diagnostics = able
    ? []
    : [
        refuse(spec, "CHECK_OBJECT_OPERATION", "/mirror", {
          detail: `Records of ${shape.name} can't be ${mirror.action}d by the connected user, so mirror can't ${mirror.action} those whose key left the source.`,
          hint: "Remove mirror, or give the user the permission.",
        }),
      ];
  if (mirror.action === "delete") return diagnostics;
  const target = { ...spec.target, operation: "update", externalId: null } as const;
  const update = contextOf(
    { ...input, spec: { ...spec, target, mapping: mirror.mapping } },
    "/mirror/update",
  );
  return [...diagnostics, ...RULES.flatMap((rule) => rule(update))];
}

const RULES = [
  checkUnknownField,
  checkRelationship,
  checkCompoundField,
  checkWritableField,
  checkFieldTwice,
  checkNullPolicy,
  checkConstantValue,
];
