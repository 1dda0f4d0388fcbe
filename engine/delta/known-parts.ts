import type { FieldTally } from "./field-tally.ts";
import { FLAG_DOUBT, FLAG_GONE, PART_SHIFT, type PrintHeads } from "./fingerprints.ts";
import type { KeyFilter } from "./key-filter.ts";
import { countIn, type KnownSegments } from "./known-segments.ts";
import type { MatchedRows } from "./matched-rows.ts";
import type { PartBuffers } from "./part-buffers.ts";
import type { SegmentReader } from "./segment-file.ts";

/** Words of a known fingerprint before its fields: key (4), row (2), flags, and the ordinal of the row
 *  that was found to be it (NO_ROW: none). */
export const KNOWN_WORDS = 8;
export const NO_ROW = 0xffffffff;

export interface KnownPartsInput {
  readonly known: KnownSegments;
  /** Keys of the rows that are still to be decided; null: there are none. */
  readonly sought: KeyFilter | null;
  /** Keys of all segments but the base; null: there are none. */
  readonly elsewhere: KeyFilter | null;
  readonly matched: MatchedRows | null;
  readonly tally: Pick<FieldTally, "columns">;
  /** Filled, oldest first: fingerprints of KNOWN_WORDS and the fields of the tally's columns. */
  readonly parts: PartBuffers;
  /** Told of acknowledged keys of the base that no row has; null: nobody asks. */
  readonly onDeparted: ((keys: Uint32Array, at: number) => void) | null;
}

/** Brings together what is known of the rows that are still to be decided. Gives how many keys are known
 *  beside those: no row that is left has them. */
export function gatherKnown(input: KnownPartsInput): number {
  const { known, sought, elsewhere, onDeparted } = input;
  const all = countIn(known.base) - known.base.reduce((sum, { gone }) => sum + gone, 0);
  if (sought === null && elsewhere === null && onDeparted === null) return all;
  for (const segment of known.older) addAll(segment, input);
  const left = addSought(input);
  for (const segment of known.newer) addAll(segment, input);
  return left;
}

function addAll(segment: SegmentReader, input: KnownPartsInput): void {
  const adder = newAdder(segment, input);
  for (let group = 0; group < segment.groups; group++) {
    const heads = segment.heads(group);
    for (let i = 0; i < heads.count; i++) adder(group, heads, i, NO_ROW);
  }
}

/** Of the base only what a row may have, or another segment. */
function addSought(input: KnownPartsInput): number {
  const { known, sought, elsewhere, matched, onDeparted } = input;
  const rowOf = matched?.walk() ?? (() => -1);
  let place = 0;
  let left = 0;
  for (const segment of known.base) {
    const adder = newAdder(segment, input);
    for (let group = 0; group < segment.groups; group++) {
      const heads = segment.heads(group);
      const { keys, flags, count } = heads;
      for (let i = 0; i < count; i++, place++) {
        const wanted =
          sought?.mayHave(keys, i * 4) === true || elsewhere?.mayHave(keys, i * 4) === true;
        if (wanted) {
          const row = rowOf(place);
          adder(group, heads, i, row < 0 ? NO_ROW : row);
          continue;
        }
        if (flags[i] !== FLAG_GONE) left++;
        if (onDeparted === null || !wasAcknowledged(flags[i] ?? 0)) continue;
        if (rowOf(place) < 0) onDeparted(keys, i * 4);
      }
    }
  }
  return left;
}

/** A key in doubt was never acknowledged, so its record may be somebody else's: it is left alone. One
 *  whose deletion or last update is in doubt was. */
export function wasAcknowledged(flags: number): boolean {
  return flags === 0 || flags === (FLAG_GONE | FLAG_DOUBT);
}

/** Gives the function that adds one fingerprint of a segment. A group's fields are read when the first
 *  of its fingerprints is added. */
function newAdder(segment: SegmentReader, { parts, tally }: KnownPartsInput) {
  const { words } = parts;
  const halves = new Uint16Array(words.buffer);
  const own = segment.columns.length;
  const places = Int32Array.from(tally.columns, (name) => segment.columns.indexOf(name));
  let read = -1;
  let fields = new Uint16Array(0);
  return (group: number, { keys, rows, flags }: PrintHeads, i: number, row: number): void => {
    if (read !== group && places.length > 0) {
      fields = segment.fields(group) as typeof fields;
      read = group;
    }
    const at = parts.reserve((keys[i * 4] as number) >>> PART_SHIFT);
    for (let word = 0; word < 4; word++) words[at + word] = keys[i * 4 + word] as number;
    words[at + 4] = rows[i * 2] as number;
    words[at + 5] = rows[i * 2 + 1] as number;
    words[at + 6] = flags[i] as number;
    words[at + 7] = row;
    const into = (at + KNOWN_WORDS) * 2;
    for (let column = 0; column < places.length; column++) {
      const place = places[column] as number;
      // A field that was not known counts as blank.
      halves[into + column] = place < 0 ? 0 : (fields[i * own + place] as number);
    }
  };
}
