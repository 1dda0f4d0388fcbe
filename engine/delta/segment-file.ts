import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { syncFolder, writeDurably } from "../base/durable-file.ts";
import { EngineError } from "../base/engine-error.ts";
import { type Fingerprints, PARTS } from "./fingerprints.ts";
import { sortFingerprints } from "./sort-fingerprints.ts";

/** An immutable file of fingerprints sorted by key, so that one part of the keys is one range:
 *
 *    magic (8) | JSON length (4) | JSON { count, columns, parts, digests } | pad to 16
 *    keys (16 each) | rows (8 each) | fields (2 each and column) | flags (1 each)
 *
 *  Little-endian. Each part has its digest, so that it is checked whenever it is read. */
const MAGIC = "SLUICEF4";

/** Sorts the fingerprints in place and writes them; the file is durable when this returns. */
export function writeSegment(file: string, prints: Fingerprints): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const parts = sortFingerprints(prints);
  const digests = Array.from({ length: PARTS }, (_, part) =>
    digestOf(slice(prints, parts[part] ?? 0, parts[part + 1] ?? 0)),
  );
  writeDurably(file, [
    header({ count: prints.count, columns: prints.columns, parts, digests }),
    bytesOf(prints.keys),
    bytesOf(prints.rows),
    bytesOf(prints.fields),
    prints.flags,
  ]);
}

/** Writes a segment part by part: `partOf` is asked for each part once, in order, and its keys must be
 *  sorted and its own. `counts` says beforehand how many each has. Durable when this returns. */
export function writeSegmentByPart(
  file: string,
  counts: readonly number[],
  columns: readonly string[],
  partOf: (part: number) => Fingerprints,
): number {
  mkdirSync(path.dirname(file), { recursive: true });
  const parts = [0];
  for (const count of counts) parts.push((parts.at(-1) ?? 0) + count);
  const count = parts.at(-1) ?? 0;
  // Written twice: with the digests once they are known, which does not change its length.
  const digests = new Array<string>(PARTS).fill("0".repeat(DIGEST_DIGITS));
  const head = { count, columns, parts, digests };
  const places = placesOf(header(head).length, count, columns.length);
  const unfinished = `${file}.tmp`;
  const descriptor = openSync(unfinished, "w");
  try {
    for (let part = 0; part < PARTS; part++) {
      const prints = partOf(part);
      const from = parts[part] ?? 0;
      digests[part] = digestOf(prints);
      writeAt(descriptor, bytesOf(prints.keys), places.keys + from * 16);
      writeAt(descriptor, bytesOf(prints.rows), places.rows + from * 8);
      writeAt(descriptor, bytesOf(prints.fields), places.fields + from * 2 * columns.length);
      writeAt(descriptor, prints.flags, places.flags + from);
    }
    writeAt(descriptor, header(head), 0);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(unfinished, file);
  syncFolder(path.dirname(file));
  return count;
}

function writeAt(descriptor: number, bytes: Uint8Array, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    const left = bytes.length - written;
    written += writeSync(descriptor, bytes, written, left, position + written);
  }
}

function placesOf(keys: number, count: number, width: number) {
  const rows = keys + count * 16;
  const fields = rows + count * 8;
  const flags = fields + count * 2 * width;
  return { keys, rows, fields, flags, end: flags + count };
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
    // Too many open files, or no permission, says nothing about the file.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
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
  const width = head.columns.length;
  const places = placesOf(head.bytes, head.count, width);
  if (fstatSync(descriptor).size !== places.end) {
    throw corrupt(file, "its size does not fit its header");
  }
  return {
    count: head.count,
    columns: head.columns,
    readPart(part) {
      const from = head.parts[part] ?? 0;
      const count = (head.parts[part + 1] ?? 0) - from;
      const prints = {
        count,
        keys: new Uint32Array(read(count * 16, places.keys + from * 16).buffer),
        rows: new Uint32Array(read(count * 8, places.rows + from * 8).buffer),
        fields: new Uint16Array(read(count * 2 * width, places.fields + from * 2 * width).buffer),
        flags: read(count, places.flags + from),
        columns: head.columns,
      };
      if (digestOf(prints) !== head.digests[part]) throw corrupt(file, `part ${part} was altered`);
      return prints;
    },
    close: () => closeSync(descriptor),
  };
}

interface Head {
  readonly bytes: number;
  readonly count: number;
  readonly columns: readonly string[];
  /** Where each part begins; the end of the last one too. */
  readonly parts: readonly number[];
  readonly digests: readonly string[];
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

function header(head: Omit<Head, "bytes">): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(head));
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

function slice(prints: Fingerprints, from: number, to: number): Fingerprints {
  const width = prints.columns.length;
  return {
    count: to - from,
    keys: prints.keys.subarray(from * 4, to * 4),
    rows: prints.rows.subarray(from * 2, to * 2),
    flags: prints.flags.subarray(from, to),
    fields: prints.fields.subarray(from * width, to * width),
    columns: prints.columns,
  };
}

const DIGEST_DIGITS = 32;

/** The platform hashes whole arrays faster than any loop here could. */
function digestOf({ keys, rows, fields, flags }: Fingerprints): string {
  const hash = createHash("sha256");
  for (const array of [keys, rows, fields, flags]) hash.update(array);
  return hash.digest("hex").slice(0, DIGEST_DIGITS);
}

function corrupt(file: string, why: string, cause?: unknown): EngineError {
  return new EngineError("STATE_CORRUPT", `The fingerprint file ${file} is damaged: ${why}.`, {
    hint: "Restore the state folder from a backup, or forget this sync's fingerprints:\n    sluice state forget <sync>",
    cause,
  });
}
