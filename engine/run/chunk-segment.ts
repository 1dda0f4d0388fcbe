import { linkSync } from "node:fs";
import { makeFolder, syncFolder } from "../base/durable-file.ts";
import { FLAG_DOUBT, FLAG_GONE } from "../delta/fingerprints.ts";
import { type SegmentWriter, writeSegmentFile } from "../delta/segment-writer.ts";
import type { ChunkRow, NewSegment } from "../state/state-store.ts";
import { openPrints } from "./chunk-prints.ts";
import type { Miss } from "./misses-file.ts";
import type { RunDeps } from "./run-deps.ts";
import { segmentPath } from "./segment-names.ts";
import { isMirrorPlan } from "./stage-mirror.ts";

/** The fingerprints that a settled chunk adds: acknowledged rows as they are, unknown rows marked so that
 *  no later run believes what it knew of them. Failed rows add nothing: the old fingerprint holds. Durable
 *  when this returns; until the state names it, the file means nothing. Null when nothing is added. */
export function addSegment(
  chunk: ChunkRow,
  misses: readonly Miss[],
  deps: RunDeps,
): NewSegment | null {
  if (!deps.plan.fingerprints.keyed) return null;
  const unknown = rowsOf(misses, ({ kind }) => kind === "unknown");
  const dropped = rowsOf(misses, ({ kind }) => kind !== "unknown");
  const rows = chunk.rows - dropped.size;
  if (rows === 0) return null;
  const file = segmentPath(deps.segmentFolder, deps.lease);
  makeFolder(deps.segmentFolder);
  const whole = misses.length === 0 && !isMirrorPlan(deps.plan);
  if (!whole || !linkPrints(chunk, file, deps))
    writePrints(chunk, { unknown, dropped }, file, deps);
  return { file, rows };
}

function rowsOf(misses: readonly Miss[], wanted: (miss: Miss) => boolean): Set<number> {
  return new Set(misses.filter(wanted).map(({ row }) => row));
}

/** Gives the chunk's own fingerprints, which are durable since it was staged, a second name. False where
 *  the file system has no such thing. */
function linkPrints(
  chunk: ChunkRow,
  file: string,
  { folder, plan, segmentFolder }: RunDeps,
): boolean {
  const prints = folder.chunkPrints(chunk.index);
  openPrints(prints, chunk.rows, plan.fingerprints.columns).close();
  try {
    linkSync(prints, file);
  } catch (error) {
    if (NO_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
  syncFolder(segmentFolder);
  return true;
}

/** Another file system, one without links, or too many of them. */
const NO_LINKS = new Set(["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

function writePrints(
  chunk: ChunkRow,
  { unknown, dropped }: { readonly unknown: Set<number>; readonly dropped: Set<number> },
  file: string,
  { folder, plan, runId }: RunDeps,
): void {
  const { columns } = plan.fingerprints;
  // The key of a record that mirror dealt with is known no more: that happens once, and the key is new
  // when it comes back to the source.
  const flags = isMirrorPlan(plan) ? FLAG_GONE : 0;
  const prints = openPrints(folder.chunkPrints(chunk.index), chunk.rows, columns);
  const fill = (writer: SegmentWriter) => {
    for (let group = 0, first = 0; group < prints.groups; group++) {
      const { keys, rows, count } = prints.heads(group);
      const own = { keys, rows, fields: prints.fields(group), flags };
      let from = 0;
      for (let i = 0; i < count; i++) {
        const doubt = unknown.has(first + i);
        if (!doubt && !dropped.has(first + i)) continue;
        writer.add(own, from, i);
        if (doubt) writer.add({ ...own, flags: flags | FLAG_DOUBT }, i, i + 1);
        from = i + 1;
      }
      writer.add(own, from, count);
      first += count;
    }
  };
  try {
    writeSegmentFile(file, { columns, family: runId, index: chunk.index }, fill);
  } finally {
    prints.close();
  }
}
