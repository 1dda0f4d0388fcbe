import { type Diagnostic, errorDiagnostic, type Position } from "../base/diagnostic.ts";
import { EngineError } from "../base/engine-error.ts";

/** An unknown object is a mistake in the spec, so it is told with its place there. Null for any other
 *  failure, which the caller throws on. `pointer` is the place of the name: "/target/object", or the
 *  mapping entry whose relationship leads to the object. */
export function unknownObject(
  thrown: unknown,
  spec: { readonly positions: Readonly<Record<string, Position>> },
  pointer: string,
): Diagnostic | null {
  if (!(thrown instanceof EngineError) || thrown.code !== "DESCRIBE_NOT_FOUND") return null;
  return errorDiagnostic("DESCRIBE_NOT_FOUND", {
    detail: thrown.message,
    hint: thrown.hint,
    at: spec.positions[pointer],
    path: pointer,
  });
}
