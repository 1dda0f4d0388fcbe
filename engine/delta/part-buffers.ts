import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import path from "node:path";
import { writeAll } from "../base/durable-file.ts";
import { PARTS } from "./fingerprints.ts";

/** Words of a row before its field digests: key (4), row (2), ordinal (1). */
export const HEAD_WORDS = 7;

/** Rows of fixed width waiting in parts: in memory at first, in one temporary file a part once all of
 *  them together outgrow `bytesMax`. Nothing here must survive a crash. */
export interface PartBuffers {
  /** Makes room for one row of a part, which must be written next, and gives where it begins in
   *  `pages[part]`. */
  reserve(part: number): number;
  /** A page is replaced when it grows: read it after `reserve`. */
  readonly pages: readonly Uint32Array<ArrayBuffer>[];
  add(part: number, row: Uint32Array): void;
  /** All rows of a part, in the order they came. Ends the part. */
  rows(part: number): Uint32Array<ArrayBuffer>;
  close(): void;
}

export function newPartBuffers(options: {
  wordsPerRow: number;
  folder: string;
  bytesMax: number;
}): PartBuffers {
  const { wordsPerRow } = options;
  const wordsMax = Math.floor(options.bytesMax / 4);
  // Digests spread evenly: a page seldom needs more than its share of the memory and a little.
  const share =
    Math.max(16, Math.ceil((wordsMax / PARTS / wordsPerRow) * SHARE_SLACK)) * wordsPerRow;
  const pages: Uint32Array<ArrayBuffer>[] = [];
  const used = new Uint32Array(PARTS);
  const spilled = new Float64Array(PARTS);
  let files: { folder: string; descriptors: number[] } | null = null;
  let words = 0;
  for (let part = 0; part < PARTS; part++) pages.push(new Uint32Array(wordsPerRow * 16));

  const spill = () => {
    files ??= openFiles(options.folder);
    for (let part = 0; part < PARTS; part++) {
      const count = used[part] ?? 0;
      const page = pages[part];
      const descriptor = files.descriptors[part];
      if (count === 0 || page === undefined || descriptor === undefined) continue;
      writeAll(descriptor, new Uint8Array(page.buffer, 0, count * 4));
      spilled[part] = (spilled[part] ?? 0) + count;
      used[part] = 0;
    }
    words = 0;
  };
  const reserve = (part: number): number => {
    // Before the row, not after it: what is reserved is not written yet.
    if (words >= wordsMax) spill();
    const at = used[part] ?? 0;
    const page = pages[part] ?? new Uint32Array(0);
    if (at + wordsPerRow > page.length) {
      const size = page.length < share ? Math.min(page.length * 2, share) : page.length * 1.25;
      const larger = new Uint32Array(Math.ceil(size));
      larger.set(page);
      pages[part] = larger;
    }
    used[part] = at + wordsPerRow;
    words += wordsPerRow;
    return at;
  };

  return {
    reserve,
    pages,
    add(part, row) {
      const at = reserve(part);
      pages[part]?.set(row, at);
    },
    rows(part) {
      const inMemory = used[part] ?? 0;
      const onDisk = spilled[part] ?? 0;
      const page = pages[part] ?? new Uint32Array(0);
      // Let go of as parts end, so that what comes next finds the memory free.
      pages[part] = new Uint32Array(0);
      const descriptor = files?.descriptors[part];
      if (descriptor === undefined || onDisk === 0) return page.subarray(0, inMemory);
      const all = new Uint32Array(onDisk + inMemory);
      readAll(descriptor, new Uint8Array(all.buffer, 0, onDisk * 4));
      all.set(page.subarray(0, inMemory), onDisk);
      return all;
    },
    close() {
      if (files === null) return;
      for (const descriptor of files.descriptors) closeSync(descriptor);
      rmSync(files.folder, { recursive: true, force: true });
      files = null;
    },
  };
}

const SHARE_SLACK = 1.06;

function openFiles(parent: string): { folder: string; descriptors: number[] } {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, "delta-"));
  const descriptors = Array.from({ length: PARTS }, (_, part) =>
    openSync(path.join(folder, String(part)), "w+"),
  );
  return { folder, descriptors };
}

function readAll(descriptor: number, into: Uint8Array): void {
  let have = 0;
  while (have < into.length) {
    const n = readSync(descriptor, into, have, into.length - have, have);
    if (n === 0) throw new Error("A spilled part is shorter than what was written. This is a bug");
    have += n;
  }
}
