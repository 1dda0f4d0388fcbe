import type { Diagnostic } from "../base/diagnostic.ts";
import { type CheckContext, listed, refuse } from "./check-context.ts";

/** A delete is told which records are meant, and nothing else: its CSV has the one column Id. */
export function checkDeleteMapping({ spec, columns, keyName }: CheckContext): Diagnostic[] {
  if (spec.target.operation !== "delete") return [];
  const others = columns.filter(({ isKey }) => !isKey);
  const [first] = others;
  if (first === undefined) return [];
  const names = others.map(({ mapping }) => mapping.field);
  return [
    refuse(spec, "CHECK_DELETE_MAPPING", first.pointer, {
      detail: `A delete maps its key, ${keyName}, and nothing else; this spec also maps ${listed(names)}.`,
      hint: `Remove ${names.length === 1 ? "it" : "them"}. To delete by another field than Id, name that field in target.externalId.`,
    }),
  ];
}
