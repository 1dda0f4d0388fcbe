import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { EngineError } from "../base/engine-error.ts";
import { emptyFingerprints, type Fingerprints } from "../delta/fingerprints.ts";

/** The sidecar with the fingerprints of a chunk's rows, in the chunk's order. It is written while the
 *  rows come, by groups of rows, column-major in each:
 *
 *    keys (16 bytes a row) | rows (8) | fields (2 a row and column)
 *
 *  So many rows make a group; the last one is what is left. */
export function printGroupRows(width: number): number {
  return Math.max(1, Math.floor(GROUP_BYTES / printBytes(width)));
}

/** What a writer holds of a chunk. */
const GROUP_BYTES = 1 << 20;

/** Bytes of a row in the sidecar. */
export function printBytes(width: number): number {
  return 24 + 2 * width;
}

/** Throws STATE_CORRUPT when the file is not of that size. */
export function readPrints(file: string, count: number, columns: readonly string[]): Fingerprints {
  const prints = emptyFingerprints(count, columns);
  const { keys, rows, fields } = prints;
  const width = columns.length;
  const group = printGroupRows(width);
  const descriptor = openSync(file, "r");
  try {
    const size = count * printBytes(width);
    const found = fstatSync(descriptor).size;
    if (found !== size) throw damagedSidecar(file, found, size);
    for (let from = 0; from < count; from += group) {
      const to = Math.min(count, from + group);
      const parts = [
        keys.subarray(from * 4, to * 4),
        rows.subarray(from * 2, to * 2),
        fields.subarray(from * width, to * width),
      ];
      for (const part of parts) readWhole(descriptor, part, file);
    }
  } finally {
    closeSync(descriptor);
  }
  return prints;
}

function readWhole(descriptor: number, into: Uint32Array | Uint16Array, file: string): void {
  for (let have = 0; have < into.byteLength; ) {
    const n = readSync(descriptor, into, have, into.byteLength - have, null);
    if (n === 0) throw damagedSidecar(file, have, into.byteLength);
    have += n;
  }
}

/** The bytes as a buffer that begins with them: copied only where they share one with others. */
export function ownBuffer({ buffer, byteOffset, length }: Buffer<ArrayBuffer>): ArrayBuffer {
  const alone = byteOffset === 0 && length === buffer.byteLength;
  return alone ? buffer : buffer.slice(byteOffset, byteOffset + length);
}

export function damagedSidecar(file: string, bytes: number, wanted: number): EngineError {
  return new EngineError(
    "STATE_CORRUPT",
    `${file} is damaged: it has ${bytes} bytes where ${wanted} were written.`,
    { hint: "Restore the state folder from a backup." },
  );
}
