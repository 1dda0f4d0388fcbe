import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
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

/** Makes a folder and those it stands in; each is durable when this returns. Not `recursive`: Node 20 tries for
 *  ever where the system says that a parent is not there although it is, as under /proc. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(folder)) throw error;
  }
  syncFolder(parent);
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
