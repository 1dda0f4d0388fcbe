import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import type { SyncSpec } from "../config/sync-spec.ts";
import { checkExpression, type ExpressionKind } from "../mapping/check-expression.ts";
import { positionAt } from "./position-at.ts";

/** The expressions of a spec that can't be used: not CEL, of the wrong type, or of unbounded cost. */
export function checkExpressions(spec: SyncSpec): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const check = (text: string, kind: ExpressionKind, pointer: string, what: string) => {
    const problem = checkExpression(text, { kind });
    if (problem === null) return;
    const at = problem.column === null ? "" : ` (character ${problem.column} of the expression)`;
    diagnostics.push(
      errorDiagnostic("MAPPING_EXPRESSION", {
        detail: `${what}: ${problem.message}${at}`,
        hint: 'Columns are row.name or row["any name"]; texts stand in quotes: row.country == "DE".',
        at: positionAt(spec, pointer),
        path: pointer,
      }),
    );
  };
  if (spec.where !== null) check(spec.where, "where", "/where", "The filter `where` can't be used");
  for (const { field, expr } of spec.mapping) {
    const pointer = `/mapping/${field.replaceAll("~", "~0").replaceAll("/", "~1")}/expr`;
    if (expr !== null) check(expr, "expr", pointer, `The expression for ${field} can't be used`);
  }
  return diagnostics;
}
