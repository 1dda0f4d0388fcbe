import { readFileSync } from "node:fs";
import { EngineError } from "../base/engine-error.ts";
import type { Fingerprints } from "../delta/fingerprints.ts";

/** The fingerprints of a chunk's rows, in the chunk's order, as the chunk writer laid them out.
 *  Throws STATE_CORRUPT when the file is not of that size. */
export function readPrints(file: string, count: number, columns: readonly string[]): Fingerprints {
  const bytes = readFileSync(file);
  const size = count * (24 + columns.length * 2);
  if (bytes.length !== size) throw damagedSidecar(file, bytes.length, size);
  const all = ownBuffer(bytes);
  const rowsAt = count * 16;
  const fieldsAt = rowsAt + count * 8;
  return {
    count,
    keys: new Uint32Array(all, 0, count * 4),
    rows: new Uint32Array(all, rowsAt, count * 2),
    flags: new Uint8Array(count),
    fields: new Uint16Array(all, fieldsAt, count * columns.length),
    columns,
  };
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
