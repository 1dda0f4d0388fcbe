import type { Position } from "../base/diagnostic.ts";
import type { SyncSpec } from "../config/sync-spec.ts";

/** Where a value of the spec stands; the whole file where its place is not known. */
export function positionAt(spec: SyncSpec, pointer: string): Position {
  return spec.positions[pointer] ?? { file: spec.fileShown, line: null, column: null };
}
