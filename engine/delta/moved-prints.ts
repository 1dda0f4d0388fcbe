import { PARTS, type PrintHeads } from "./fingerprints.ts";
import { newPartBuffers } from "./part-buffers.ts";
import type { PrintColumns } from "./segment-writer.ts";

/** Words before the fields: place, key (4), row (2), flags. */
const HEAD_WORDS = 8;

/** Fingerprints that take over a place in the base. They are gathered by where they go, so that they can
 *  be had in the order of the places in bounded memory. */
export function newMovedPrints(columns: readonly string[], placesInAll: number, folder: string) {
  const width = columns.length;
  const wordsPerRow = HEAD_WORDS + Math.ceil(width / 2);
  const parts = newPartBuffers({ wordsPerRow, folder });
  const { words } = parts;
  const halves = new Uint16Array(words.buffer);
  const placesInPart = Math.max(1, Math.ceil(placesInAll / PARTS));
  let part = -1;
  let rows = new Uint32Array(0);
  const rowAt = new Int32Array(placesInPart);

  const turnTo = (wanted: number) => {
    part = wanted;
    rows = parts.rows(part);
    rowAt.fill(-1);
    for (let at = 0; at < rows.length; at += wordsPerRow) {
      rowAt[(rows[at] as number) - part * placesInPart] = at;
    }
  };
  return {
    add(
      place: number,
      { keys, rows: digests, flags }: PrintHeads,
      i: number,
      fields: Uint16Array,
      /** Fields of a fingerprint, and where those of `columns` stand among them. */
      own: number,
      places: Int32Array,
    ): void {
      const at = parts.reserve(Math.floor(place / placesInPart));
      words[at] = place;
      for (let word = 0; word < 4; word++) words[at + 1 + word] = keys[i * 4 + word] as number;
      words[at + 5] = digests[i * 2] as number;
      words[at + 6] = digests[i * 2 + 1] as number;
      words[at + 7] = flags[i] as number;
      for (let column = 0; column < width; column++) {
        const from = places[column] as number;
        halves[(at + HEAD_WORDS) * 2 + column] = from < 0 ? 0 : (fields[i * own + from] as number);
      }
    },
    /** What goes to a place; null: nothing. Places must be asked for in their order. */
    at(place: number): PrintColumns | null {
      if (parts.count === 0) return null;
      const wanted = Math.floor(place / placesInPart);
      if (wanted !== part) turnTo(wanted);
      const at = rowAt[place - part * placesInPart] as number;
      if (at < 0) return null;
      return {
        keys: rows.subarray(at + 1, at + 5),
        rows: rows.subarray(at + 5, at + 7),
        flags: rows[at + 7] as number,
        fields: new Uint16Array(rows.buffer, rows.byteOffset + (at + HEAD_WORDS) * 4, width),
      };
    },
    close: () => parts.close(),
  };
}
