import { closeSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import path from "node:path";
import { writeDurably } from "../base/durable-file.ts";
import { EngineError } from "../base/engine-error.ts";
import { murmur128 } from "../base/murmur.ts";
import {
  copyFingerprint,
  emptyFingerprints,
  type Fingerprints,
  keyOrder,
  PART_SHIFT,
  PARTS,
} from "./fingerprints.ts";

/** An immutable file of fingerprints sorted by key, so that one part of the keys is one range:
 *
 *    magic (8) | JSON length (4) | JSON { count, columns, parts } | pad to 16
 *    keys (16 each) | rows (8 each) | fields (2 each and column) | flags (1 each) | digest (16)
 *
 *  Little-endian. The digest covers everything before it. */
const MAGIC = "SLUICEF1";
const DIGEST_BYTES = 16;

/** Sorts and writes the fingerprints; the file is durable when this returns. */
export function writeSegment(file: string, prints: Fingerprints): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const order = keyOrder(prints);
  const sorted = emptyFingerprints(prints.count, prints.columns);
  order.forEach((from, to) => {
    copyFingerprint(prints, from, sorted, to);
  });
  const parts = new Array<number>(PARTS + 1).fill(0);
  for (let i = 0; i < sorted.count; i++) {
    const part = (sorted.keys[i * 4] ?? 0) >>> PART_SHIFT;
    parts[part + 1] = (parts[part + 1] ?? 0) + 1;
  }
  for (let i = 1; i <= PARTS; i++) parts[i] = (parts[i] ?? 0) + (parts[i - 1] ?? 0);
  const body = [
    header(JSON.stringify({ count: sorted.count, columns: sorted.columns, parts })),
    bytesOf(sorted.keys),
    bytesOf(sorted.rows),
    bytesOf(sorted.fields),
    sorted.flags,
  ];
  writeDurably(file, [...body, digestOf(body)]);
}

export interface SegmentReader {
  readonly count: number;
  readonly columns: readonly string[];
  /** The fingerprints whose key begins with this part number. */
  readPart(part: number): Fingerprints;
  close(): void;
}

/** Throws STATE_CORRUPT when the file is no whole segment. */
export function openSegment(file: string): SegmentReader {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw corrupt(file, (error as Error).message, error);
  }
  const read = (length: number, position: number): Uint8Array<ArrayBuffer> => {
    const buffer = new Uint8Array(length);
    let have = 0;
    while (have < length) {
      const n = readSync(descriptor, buffer, have, length - have, position + have);
      if (n === 0) throw corrupt(file, "it ends too early");
      have += n;
    }
    return buffer;
  };
  const head = readHead(file, read);
  const keysAt = head.bytes;
  const rowsAt = keysAt + head.count * 16;
  const fieldsAt = rowsAt + head.count * 8;
  const width = head.columns.length;
  const flagsAt = fieldsAt + head.count * 2 * width;
  if (fstatSync(descriptor).size !== flagsAt + head.count + DIGEST_BYTES) {
    throw corrupt(file, "its size does not fit its header");
  }
  return {
    count: head.count,
    columns: head.columns,
    readPart(part) {
      const from = head.parts[part] ?? 0;
      const count = (head.parts[part + 1] ?? 0) - from;
      return {
        count,
        keys: new Uint32Array(read(count * 16, keysAt + from * 16).buffer),
        rows: new Uint32Array(read(count * 8, rowsAt + from * 8).buffer),
        fields: new Uint16Array(read(count * 2 * width, fieldsAt + from * 2 * width).buffer),
        flags: read(count, flagsAt + from),
        columns: head.columns,
      };
    },
    close: () => closeSync(descriptor),
  };
}

interface Head {
  readonly bytes: number;
  readonly count: number;
  readonly columns: string[];
  readonly parts: number[];
}

function readHead(file: string, read: (length: number, at: number) => Uint8Array): Head {
  const start = read(12, 0);
  if (new TextDecoder().decode(start.subarray(0, 8)) !== MAGIC)
    throw corrupt(file, "it is of another kind");
  const length = new DataView(start.buffer).getUint32(8, true);
  if (length > HEAD_BYTES_MAX) throw corrupt(file, "its header is too long");
  const head = JSON.parse(new TextDecoder().decode(read(length, 12))) as Omit<Head, "bytes">;
  return { ...head, bytes: padded(12 + length) };
}

/** 5,000 columns with names of 255 characters would still fit. */
const HEAD_BYTES_MAX = 2_000_000;

function header(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const bytes = new Uint8Array(padded(12 + text.length));
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(8, text.length, true);
  bytes.set(text, 12);
  return bytes;
}

function padded(length: number): number {
  return (length + 15) & ~15;
}

function bytesOf(array: Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function digestOf(parts: readonly Uint8Array[]): Uint8Array {
  const words = new Uint32Array(4);
  // Each part's digest seeds the next, so that the parts need not be joined in memory.
  for (const part of parts) murmur128(part, 0, part.length, words[0] ?? 0, words, 0);
  return bytesOf(words);
}

function corrupt(file: string, why: string, cause?: unknown): EngineError {
  return new EngineError("STATE_CORRUPT", `The fingerprint file ${file} is damaged: ${why}.`, {
    hint: "Restore the state folder from a backup, or forget this sync's fingerprints:\n    sluice state forget <sync>",
    cause,
  });
}
