import { murmur128 } from "../base/murmur.ts";
import { foldKey } from "./fold-key.ts";
import type { KeyKind } from "./row-program.ts";

/** A key kind with the room it needs to fold a key without making garbage. */
export interface KeyFolder {
  readonly kind: KeyKind;
  scratch: Uint8Array;
}

export function createKeyFolder(kind: KeyKind): KeyFolder {
  return { kind, scratch: new Uint8Array(SCRATCH_START) };
}

const SCRATCH_START = 256;

/** The digest of a folded key: murmur128 of its UTF-8 bytes, seed 0. Equal for all spellings that
 *  Salesforce takes for one key. */
export function keyDigestOf(text: string, kind: KeyKind): Uint32Array {
  const folded = encoder.encode(foldKey(text, kind));
  const digest = new Uint32Array(4);
  murmur128(folded, 0, folded.length, 0, digest, 0);
  return digest;
}

/** The same for a key that lies in bytes; four words go to `out`. ASCII is folded where it lies, the
 *  rest by way of `foldKey`, which is the definition. */
export function digestKey(
  bytes: Uint8Array,
  start: number,
  end: number,
  folder: KeyFolder,
  out: Uint32Array,
): void {
  const length = foldBytes(bytes, start, end, folder);
  if (length >= 0) {
    murmur128(folder.scratch, 0, length, 0, out, 0);
    return;
  }
  const text = decoder.decode(bytes.subarray(start, end));
  const folded = encoder.encode(foldKey(text, folder.kind));
  murmur128(folded, 0, folded.length, 0, out, 0);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Folds into the scratch and gives the length, or -1 where only `foldKey` knows. */
function foldBytes(bytes: Uint8Array, from: number, to: number, folder: KeyFolder): number {
  let start = from;
  let end = to;
  while (start < end && (bytes[start] ?? 0) <= SPACE) start++;
  while (end > start && (bytes[end - 1] ?? 0) <= SPACE) end--;
  if (folder.kind === "id") end = Math.min(end, start + ID_LENGTH);
  const length = end - start;
  if (folder.scratch.length < length) folder.scratch = new Uint8Array(length * 2);
  const { kind, scratch } = folder;
  // A whole number without a leading zero folds to itself.
  if (kind === "number" && (length > DIGITS_MAX || (bytes[start] === ZERO && length > 1)))
    return -1;
  for (let i = 0; i < length; i++) {
    const byte = bytes[start + i] ?? 0;
    if (byte >= 0x80) return -1;
    if (kind === "number" && (byte < ZERO || byte > NINE)) return -1;
    scratch[i] = kind === "text" && byte >= UPPER_A && byte <= UPPER_Z ? byte | LOWER_BIT : byte;
  }
  return length;
}

const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const LOWER_BIT = 0x20;
const ID_LENGTH = 15;
const DIGITS_MAX = 20;
