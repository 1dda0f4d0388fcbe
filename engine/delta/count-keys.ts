import { FLAG_GONE, PARTS } from "./fingerprints.ts";
import { newKeyTable } from "./key-table.ts";
import { openSegment } from "./segment-file.ts";

/** How many different keys (those that mirror deleted left out) the segments hold: a key that was sent again stands in several. One part of
 *  the keys is in memory at a time. */
export function countKeys(files: readonly string[]): number {
  if (files.length === 0) return 0;
  const segments = files.map(openSegment);
  try {
    let count = 0;
    for (let part = 0; part < PARTS; part++) {
      const prints = segments.map((segment) => segment.readPart(part));
      const table = newKeyTable(prints.reduce((sum, each) => sum + each.count, 0));
      prints.forEach((each, segment) => {
        for (let i = 0; i < each.count; i++) table.put(each.keys, i * 4, segment, i);
      });
      count += table.size();
      prints.forEach((each, segment) => {
        for (let i = 0; i < each.count; i++) {
          if (each.flags[i] !== FLAG_GONE) continue;
          const slot = table.find(each.keys, i * 4);
          if (table.segmentOf(slot) === segment && table.placeOf(slot) === i) count--;
        }
      });
    }
    return count;
  } finally {
    for (const segment of segments) segment.close();
  }
}
