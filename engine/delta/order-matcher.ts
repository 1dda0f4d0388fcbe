import type { KeyFilter } from "./key-filter.ts";
import { type MatchedRows, newMatchedRows } from "./matched-rows.ts";
import type { SegmentReader } from "./segment-file.ts";

/** Goes along the fingerprints of the base while the rows of the source come: a source mostly has its
 *  rows in the order of the last run, and then each is compared with the one that is next. */
export interface OrderMatcher {
  /** True when the row is certainly unchanged: its key and content are those of a fingerprint of the
   *  base that was acknowledged, and no other segment can have the key. False says nothing. */
  take(keys: Uint32Array, at: number, rows: Uint32Array, rowAt: number, ordinal: number): boolean;
  readonly matched: MatchedRows;
}

/** Fingerprints that the source may leave out, between two rows, without being lost. */
const LOOK_AHEAD = 64;
/** So many rows in a row that are not found: the order is another. */
const LOST_AFTER = 256;
/** When lost, one row of so many is looked for in all that is in memory. */
const SELDOM = 512;
/** When lost for this long, one row is looked for in all that follows; in vain: not again before it is 16
 *  times as long. */
const FAR_AFTER = 4096;

/** `elsewhere` may have the keys of the other segments; null: there are none. */
export function newOrderMatcher(
  base: readonly SegmentReader[],
  elsewhere: KeyFilter | null,
): OrderMatcher {
  const matched = newMatchedRows();
  const room = base.reduce((max, each) => Math.max(max, each.groupRows), 0) + LOOK_AHEAD;
  const largest = Math.min(
    room,
    base.reduce((sum, each) => sum + each.count, LOOK_AHEAD),
  );
  const keys = new Uint32Array(largest * 4);
  const rows = new Uint32Array(largest * 2);
  const flags = new Uint8Array(largest);
  /** What was read of the base lies in front of `filled`; the fingerprint that is next at `next`. */
  let filled = 0;
  let next = 0;
  /** Place, in the whole base, of the first one in memory. */
  let first = 0;
  let segment = 0;
  let group = 0;
  let lost = 0;
  let farAt = FAR_AFTER;

  const readGroup = () => {
    const reader = base[segment] as SegmentReader;
    const heads = reader.heads(group);
    keys.set(heads.keys, filled * 4);
    rows.set(heads.rows, filled * 2);
    flags.set(heads.flags, filled);
    filled += heads.count;
    group++;
    toNextSegment();
  };
  const toNextSegment = () => {
    while (segment < base.length && group >= (base[segment]?.groups ?? 0)) {
      segment++;
      group = 0;
    }
  };
  /** Keeps as many ahead as are looked at. */
  const refill = () => {
    if (segment === base.length) return;
    keys.copyWithin(0, next * 4, filled * 4);
    rows.copyWithin(0, next * 2, filled * 2);
    flags.copyWithin(0, next, filled);
    first += next;
    filled -= next;
    next = 0;
    while (filled < LOOK_AHEAD && segment < base.length) readGroup();
  };
  const findIn = (from: number, to: number, wanted: Uint32Array, at: number): number => {
    const key0 = wanted[at] as number;
    for (let i = from; i < to; i++) {
      if (keys[i * 4] === key0 && isSameKey(keys, i * 4, wanted, at)) return i;
    }
    return -1;
  };
  const find = (wanted: Uint32Array, at: number): number => {
    let found = -1;
    if (lost < LOST_AFTER) {
      found = findIn(next + 1, Math.min(next + LOOK_AHEAD, filled), wanted, at);
    } else if (lost === farAt) {
      found = findFar(wanted, at);
      if (found < 0) farAt *= 16;
    } else if (lost % SELDOM === 0) {
      found = findIn(next + 1, filled, wanted, at);
    }
    lost = found < 0 ? lost + 1 : 0;
    return found;
  };
  /** Looks in what is in memory, and then in all groups behind it; goes there when it is found. */
  const findFar = (wanted: Uint32Array, at: number): number => {
    const near = findIn(next + 1, filled, wanted, at);
    if (near >= 0) return near;
    const [fromSegment, fromGroup] = [segment, group];
    let skipped = 0;
    for (; segment < base.length; group++, toNextSegment()) {
      const heads = (base[segment] as SegmentReader).heads(group);
      for (let i = 0; i < heads.count; i++) {
        if (!isSameKey(heads.keys, i * 4, wanted, at)) continue;
        first += filled + skipped;
        filled = 0;
        next = 0;
        readGroup();
        return i;
      }
      skipped += heads.count;
    }
    [segment, group] = [fromSegment, fromGroup];
    return -1;
  };

  toNextSegment();
  refill();
  return {
    matched,
    take(wanted, at, content, rowAt, ordinal) {
      let here = next;
      if (here >= filled) return false;
      if (!isSameKey(keys, here * 4, wanted, at)) {
        here = find(wanted, at);
        if (here < 0) return false;
      }
      next = here + 1;
      const same =
        rows[here * 2] === content[rowAt] &&
        rows[here * 2 + 1] === content[rowAt + 1] &&
        flags[here] === 0 &&
        (elsewhere === null || !elsewhere.mayHave(wanted, at));
      if (same) matched.add(first + here, ordinal);
      if (filled - next < LOOK_AHEAD) refill();
      return same;
    },
  };
}

function isSameKey(a: Uint32Array, at: number, b: Uint32Array, bt: number): boolean {
  return (
    a[at] === b[bt] && a[at + 1] === b[bt + 1] && a[at + 2] === b[bt + 2] && a[at + 3] === b[bt + 3]
  );
}
