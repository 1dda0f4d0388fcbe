import { createHash } from "node:crypto";
import { EngineError } from "../base/engine-error.ts";

/** A segment is an immutable file of fingerprints, each key once, in the order in which their rows were
 *  sent. Rows come in that order again when nothing changed, so a run reads it from front to back:
 *
 *    magic (8) | group | group | ... | JSON of the footer | its length (4) | magic (8)
 *    group: keys (16 each) | rows (8 each) | flags (1 each) | fields (2 each and column)
 *
 *  Little-endian. All groups have `groupRows` fingerprints, the last one what is left. The heads (keys,
 *  rows, flags) and the fields of a group have a digest each, and are checked when they are read. */
export const MAGIC = new TextEncoder().encode("SLUICEF5");

export interface SegmentFooter {
  readonly count: number;
  readonly columns: readonly string[];
  /** Segments of one family have no key in common: those of the chunks of one run. */
  readonly family: string;
  /** Order within the family: the index of the chunk. */
  readonly index: number;
  /** How many fingerprints say that mirror deleted the record. */
  readonly gone: number;
  readonly groupRows: number;
  /** Digests by group. */
  readonly heads: readonly string[];
  readonly fields: readonly string[];
}

/** The length of the footer and the magic at the end of the file, in bytes. */
export const TAIL_BYTES = 12;

const HEAD_BYTES = 25;

/** Bytes of one fingerprint. */
export function printBytes(columns: number): number {
  return HEAD_BYTES + 2 * columns;
}

/** Fingerprints in a group: 1 MiB of them, which is what a reader or a writer holds of a segment. */
export function groupRowsFor(width: number): number {
  return Math.max(1, Math.floor((1 << 20) / printBytes(width)));
}

/** Where group `group` lies, in bytes. */
export function groupPlace(footer: SegmentFooter, group: number) {
  const { count, groupRows, columns } = footer;
  const first = group * groupRows;
  const rows = Math.min(groupRows, count - first);
  const start = MAGIC.length + first * printBytes(columns.length);
  const fields = start + rows * HEAD_BYTES;
  return { first, rows, start, fields, end: fields + rows * 2 * columns.length };
}

export function groupCount({ count, groupRows }: SegmentFooter): number {
  return Math.ceil(count / groupRows);
}

export function footerBytes(footer: SegmentFooter): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(footer));
  const bytes = new Uint8Array(text.length + TAIL_BYTES);
  bytes.set(text);
  new DataView(bytes.buffer).setUint32(text.length, text.length, true);
  bytes.set(MAGIC, text.length + 4);
  return bytes;
}

export function bytesOf(array: Uint32Array | Uint16Array | Uint8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

const DIGEST_DIGITS = 32;

/** The platform hashes whole arrays faster than any loop here could. */
export function digestOf(...arrays: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const array of arrays) hash.update(array);
  return hash.digest("hex").slice(0, DIGEST_DIGITS);
}

export function corrupt(file: string, why: string, cause?: unknown): EngineError {
  return new EngineError("STATE_CORRUPT", `The fingerprint file ${file} is damaged: ${why}.`, {
    hint: "Restore the state folder from a backup, or forget this sync's fingerprints:\n    sluice state forget <sync>",
    cause,
  });
}
