import type { Fingerprints } from "./fingerprints.ts";

/** What all segments know of one part, oldest first, as one list: a key may stand in it several times,
 *  and its last place counts. */
export interface KnownPrints {
  readonly count: number;
  readonly keys: Uint32Array;
  readonly rows: Uint32Array;
  readonly flags: Uint8Array;
  /** Adds to the tally, by column, where the field digests from `fields[at]` on differ from what is
   *  known. A field that was not known counts as blank. */
  eachChange(entry: number, fields: Uint16Array, at: number, tally: FieldTally): void;
}

/** Rows to send, counted by field. */
export interface FieldTally {
  readonly columns: readonly string[];
  /** What each column's field digest is when the cell erases the field. */
  readonly clearDigests: Uint16Array;
  /** Added to: changed rows that differ in the field. */
  readonly changes: Float64Array;
  /** Added to: rows that would erase the field and did not before. */
  readonly cleared: Float64Array;
}

export function joinKnown(parts: readonly Fingerprints[]): KnownPrints {
  const first = [0];
  for (const part of parts) first.push((first.at(-1) ?? 0) + part.count);
  const count = first.at(-1) ?? 0;
  const [only] = parts;
  const one = parts.length === 1 && only !== undefined;
  const keys = one ? only.keys : new Uint32Array(count * 4);
  const rows = one ? only.rows : new Uint32Array(count * 2);
  const flags = one ? only.flags : new Uint8Array(count);
  if (!one) {
    parts.forEach((part, i) => {
      const at = first[i] ?? 0;
      keys.set(part.keys, at * 4);
      rows.set(part.rows, at * 2);
      flags.set(part.flags, at);
    });
  }
  // Where each column of the spec stands in each segment; found when it is first asked for.
  const places: (Int32Array | undefined)[] = [];
  return {
    count,
    keys,
    rows,
    flags,
    eachChange(entry, fields, at, { columns, changes, cleared, clearDigests }) {
      let segment = 0;
      while ((first[segment + 1] ?? 0) <= entry) segment++;
      const part = parts[segment];
      if (part === undefined) return;
      const place = places[segment] ?? placesIn(part, columns);
      places[segment] = place;
      const was = (entry - (first[segment] ?? 0)) * part.columns.length;
      for (let i = 0; i < columns.length; i++) {
        const old = place[i] as number;
        const before = old < 0 ? 0 : part.fields[was + old];
        const now = fields[at + i];
        if (before === now) continue;
        changes[i] = (changes[i] ?? 0) + 1;
        if (now === clearDigests[i]) cleared[i] = (cleared[i] ?? 0) + 1;
      }
    },
  };
}

function placesIn(part: Fingerprints, columns: readonly string[]): Int32Array {
  return Int32Array.from(columns, (name) => part.columns.indexOf(name));
}
