import type { ChunkRow } from "../state/state-store.ts";
import { readMisses, wentOn } from "./misses-file.ts";
import type { RunFolder } from "./run-folder.ts";

/** Salesforce's codes of the rows that did not arrive, with their counts, most first. Rows that went
 *  into a further round count there. */
export async function countMisses(
  chunks: readonly ChunkRow[],
  folder: RunFolder,
): Promise<{ code: string; count: number }[]> {
  const rounds = chunks.reduce((round, chunk) => Math.max(round, chunk.round), 0);
  const counts = new Map<string, number>();
  for (const chunk of chunks) {
    for await (const miss of readMisses(folder.missesOf(chunk))) {
      if (wentOn(miss, chunk.round, rounds)) continue;
      counts.set(miss.code, (counts.get(miss.code) ?? 0) + 1);
    }
  }
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count);
}
