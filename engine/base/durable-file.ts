import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

/** Writes a file that is either whole or not there: temp file, fsync, rename, fsync of the folder. */
export function writeDurably(file: string, parts: Iterable<Uint8Array>): void {
  const temporary = `${file}.tmp`;
  const descriptor = openSync(temporary, "w");
  try {
    for (const part of parts) writeAll(descriptor, part);
    fsyncSync(descriptor);
  } catch (error) {
    closeSync(descriptor);
    rmSync(temporary, { force: true });
    throw error;
  }
  closeSync(descriptor);
  renameSync(temporary, file);
  syncFolder(path.dirname(file));
}

/** A rename is durable only once its folder is. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes every byte: a single write may be short. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}
