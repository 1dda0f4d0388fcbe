import { type Diagnostic, type Position, warningDiagnostic } from "../base/diagnostic.ts";

/** The warning for a spec whose object has no committed snapshot: offline, its fields go unchecked. */
export function missingSnapshot(
  object: string,
  orgName: string,
  at: Position | undefined,
): Diagnostic {
  return warningDiagnostic("DESCRIBE_OFFLINE", {
    detail: `There is no snapshot of ${object} of org "${orgName}", so field names and types were not checked.`,
    hint: `Save one and commit it:\n    sluice describe ${object} --save`,
    at,
    path: "/target/object",
  });
}
