import path from "node:path";
import { mergeSegments } from "../delta/merge-segments.ts";
import type { Lease, SegmentRow, StateStore } from "../state/state-store.ts";
import { segmentLease, segmentPath } from "./segment-names.ts";

/** A run of many small chunks leaves a segment for each. When they have piled up, they become one, while
 *  the run goes on: so neither the state nor whoever reads it has thousands of files to look at. A crash
 *  on the way leaves a file that the state does not name, or the pile as it was. */
export async function mergePile(deps: {
  readonly store: StateStore;
  readonly lease: Lease;
  readonly segmentFolder: string;
}): Promise<void> {
  const { store, lease, segmentFolder } = deps;
  // One at a time: while its transaction waits, other chunks settle.
  if (atWork.has(lease)) return;
  atWork.add(lease);
  try {
    const pile = pileOf(await store.listSegments(lease.streamId), lease);
    if (pile.length < PILE_FILES) return;
    const file = segmentPath(segmentFolder, lease);
    const rows = mergeSegments(
      pile.map((segment) => segment.file),
      file,
    );
    await store.replaceSegments(
      lease,
      pile.map(({ id }) => id),
      { file, rows },
    );
  } finally {
    atWork.delete(lease);
  }
}

const atWork = new WeakSet<Lease>();

const PILE_FILES = 32;
/** What is worth more than this is left alone: it would be written again and again. */
const PILE_ROWS = 500_000;

/** The newest segments that this lease wrote, as long as all of them together are small. */
function pileOf(segments: readonly SegmentRow[], { lockId, epoch }: Lease): readonly SegmentRow[] {
  let rows = 0;
  let from = segments.length;
  while (from > 0) {
    const segment = segments[from - 1] as SegmentRow;
    const writer = segmentLease(path.basename(segment.file));
    rows += segment.rows;
    if (writer?.lockId !== lockId || writer.epoch !== epoch || rows > PILE_ROWS) break;
    from--;
  }
  return segments.slice(from);
}
