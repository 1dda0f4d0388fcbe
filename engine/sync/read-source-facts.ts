import type { SourceFacts } from "../plan/sync-plan.ts";
import { DigestRecorder } from "../source/block-digests.ts";
import { readRows } from "../source/read-rows.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** Reads the source files once, only to know them again: their digests and how many rows they have. */
export async function readSourceFacts(
  { files }: PreparedSync,
  signal: AbortSignal,
): Promise<SourceFacts[]> {
  const facts: SourceFacts[] = [];
  for (const file of files) {
    const record = new DigestRecorder();
    for await (const _ of readRows(file, { signal, record }));
    const { rowCount, file: digest } = record.digests();
    facts.push({ file: file.shown, bytes: file.sizeBytes, rows: rowCount, digest });
  }
  return facts;
}
