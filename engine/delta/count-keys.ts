import { PARTS } from "./fingerprints.ts";
import { newKeyTable } from "./key-table.ts";
import { openSegment } from "./segment-file.ts";

/** How many different keys the segments hold: a key that was sent again stands in several. One part of
 *  the keys is in memory at a time. */
export function countKeys(files: readonly string[]): number {
  if (files.length === 0) return 0;
  const segments = files.map(openSegment);
  try {
    if (segments.length === 1) return segments[0]?.count ?? 0;
    let count = 0;
    for (let part = 0; part < PARTS; part++) {
      const prints = segments.map((segment) => segment.readPart(part));
      const table = newKeyTable(prints.reduce((sum, each) => sum + each.count, 0));
      for (const each of prints) {
        for (let i = 0; i < each.count; i++) table.findOrAdd(each.keys, i * 4);
      }
      count += table.size();
    }
    return count;
  } finally {
    for (const segment of segments) segment.close();
  }
}
