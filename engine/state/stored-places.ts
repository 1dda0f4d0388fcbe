import path from "node:path";
import type { NewSegment, RunChange, RunRow, SegmentRow } from "./state-store.ts";

/** Files of the state are stored by their place in its folder, so that the folder may be moved, mounted
 *  elsewhere, or restored from a backup. Callers see absolute paths. */
export function newPlaces(folder: string) {
  const inside = (file: string) => path.relative(folder, file);
  const located = (stored: string) => path.resolve(folder, stored);
  const each = (files: RunRow["files"], move: (file: string) => string): RunRow["files"] => ({
    failed: files.failed === null ? null : move(files.failed),
    invalid: files.invalid === null ? null : move(files.invalid),
  });
  return {
    inside,
    insideSegment: (segment: NewSegment): NewSegment => ({
      ...segment,
      file: inside(segment.file),
    }),
    insideChange: (change: RunChange): RunChange =>
      change.files === undefined ? change : { ...change, files: each(change.files, inside) },
    ofSegment: (row: SegmentRow): SegmentRow => ({ ...row, file: located(row.file) }),
    ofRun: (row: RunRow): RunRow => ({
      ...row,
      folder: located(row.folder),
      files: each(row.files, located),
    }),
  };
}
