/** A segment as the choice sees it: oldest first in a list. */
export interface SegmentSize {
  readonly rows: number;
  readonly family: string;
}

/** Which segments are to be merged, as a stretch of the list; null when there are few enough. Segments of
 *  one family count as one: no key stands in two of them, so they are read one after the other. The
 *  newest are merged, with all that is not much larger than they are together: what is written again is
 *  then seldom the most. */
export function chooseMerge(
  segments: readonly SegmentSize[],
): { readonly from: number; readonly to: number } | null {
  const families = familiesOf(segments);
  if (families.length <= FAMILIES_MAX) return null;
  let first = families.length - 1;
  let rows = families[first]?.rows ?? 0;
  while (first > 0) {
    const next = families[first - 1];
    if (next === undefined || (first < FAMILIES_MAX && next.rows > rows * 2)) break;
    rows += next.rows;
    first--;
  }
  return { from: families[first]?.from ?? 0, to: segments.length };
}

/** Each costs a look at every key: SEMANTICS section 3. */
const FAMILIES_MAX = 8;

/** Neighbours of one family, as one. */
function familiesOf(segments: readonly SegmentSize[]) {
  const families: { family: string; from: number; rows: number }[] = [];
  segments.forEach(({ family, rows }, from) => {
    const last = families.at(-1);
    if (last?.family === family) last.rows += rows;
    else families.push({ family, from, rows });
  });
  return families;
}
