import { readFileSync } from "node:fs";
import type { Fingerprints } from "../delta/fingerprints.ts";

/** The fingerprints of a chunk's rows, in the chunk's order, as the chunk writer laid them out. */
export function readPrints(file: string, count: number, columns: readonly string[]): Fingerprints {
  const bytes = readFileSync(file);
  const all = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
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
