import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { PARTS } from "./fingerprints.ts";

/** Rows of fixed width, scattered into parts by the first bits of a key. They wait in small pages of
 *  one pool, and in one temporary file when the pool is full: memory that is touched for the first time
 *  costs more than a file of the same size. Nothing here must survive a crash. */
export interface PartBuffers {
  /** Makes room for one row of a part, which must be written at once, and gives where it begins in
   *  `words`. */
  reserve(part: number): number;
  readonly words: Uint32Array<ArrayBuffer>;
  add(part: number, row: Uint32Array): void;
  /** Rows of all parts. */
  readonly count: number;
  /** All rows of a part, in the order they came. Valid until the next call. */
  rows(part: number): Uint32Array<ArrayBuffer>;
  close(): void;
}

export interface PartBuffersOptions {
  readonly wordsPerRow: number;
  /** Where the temporary file goes. */
  readonly folder: string;
  /** Of the pool; the default is 12 MB. */
  readonly bytesMax?: number;
}

const BYTES_MAX = 12_000_000;
/** 16 KiB: all parts together begin with 1 MiB. */
const PAGE_WORDS = 4096;

export function newPartBuffers(options: PartBuffersOptions): PartBuffers {
  const { wordsPerRow, folder, bytesMax = BYTES_MAX } = options;
  const rowsPerPage = Math.max(1, Math.floor(Math.min(PAGE_WORDS, bytesMax / 256) / wordsPerRow));
  const pageWords = rowsPerPage * wordsPerRow;
  // Untouched pages of the pool take no memory.
  const pagesMax = Math.max(1, Math.floor(bytesMax / 4 / pageWords));
  const words = new Uint32Array(pagesMax * pageWords);
  const pages: number[][] = Array.from({ length: PARTS }, () => []);
  /** Where the next row of a part goes, and where its last page ends. */
  const next = new Uint32Array(PARTS);
  const end = new Uint32Array(PARTS);
  let pagesUsed = 0;
  let file: SpillFile | null = null;
  let whole = new Uint32Array(0);
  let count = 0;

  /** What is filled of each page of a part. */
  const filled = (part: number): Uint32Array<ArrayBuffer>[] => {
    const own = pages[part] ?? [];
    return own.map((page, i) => {
      const from = page * pageWords;
      return words.subarray(from, i === own.length - 1 ? next[part] : from + pageWords);
    });
  };
  const spill = () => {
    file ??= newSpillFile(folder);
    for (let part = 0; part < PARTS; part++) {
      file.write(part, filled(part));
      pages[part] = [];
      next[part] = 0;
      end[part] = 0;
    }
    pagesUsed = 0;
  };
  const turnPage = (part: number): number => {
    if (pagesUsed === pagesMax) spill();
    const page = pagesUsed++;
    pages[part]?.push(page);
    end[part] = (page + 1) * pageWords;
    return page * pageWords;
  };
  const reserve = (part: number): number => {
    let at = next[part] as number;
    if (at === end[part]) at = turnPage(part);
    next[part] = at + wordsPerRow;
    count++;
    return at;
  };
  return {
    words,
    reserve,
    add: (part, row) => words.set(row, reserve(part)),
    get count() {
      return count;
    },
    rows(part) {
      const own = filled(part);
      const onDisk = file?.length(part) ?? 0;
      const length = own.reduce((sum, page) => sum + page.length, onDisk);
      if (length > whole.length) whole = new Uint32Array(Math.ceil(length * SLACK));
      file?.read(part, whole);
      let at = onDisk;
      for (const page of own) {
        whole.set(page, at);
        at += page.length;
      }
      return whole.subarray(0, length);
    },
    close() {
      file?.close();
      file = null;
    },
  };
}

/** Parts are of about the same size: the first one's room does for most of the others. */
const SLACK = 1.1;

interface SpillFile {
  write(part: number, pieces: readonly Uint32Array[]): void;
  /** Words of a part. */
  length(part: number): number;
  /** Reads a part into the beginning of `into`. */
  read(part: number, into: Uint32Array): void;
  close(): void;
}

function newSpillFile(parent: string): SpillFile {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, "delta-"));
  const descriptor = openSync(path.join(folder, "parts"), "w+");
  const pieces: { at: number; bytes: number }[][] = Array.from({ length: PARTS }, () => []);
  let size = 0;
  return {
    write(part, own) {
      const at = size;
      for (const piece of own) {
        for (let done = 0; done < piece.byteLength; ) {
          done += writeSync(descriptor, piece, done, piece.byteLength - done, size + done);
        }
        size += piece.byteLength;
      }
      if (size > at) pieces[part]?.push({ at, bytes: size - at });
    },
    length: (part) => (pieces[part] ?? []).reduce((sum, { bytes }) => sum + bytes, 0) / 4,
    read(part, into) {
      let to = 0;
      for (const { at, bytes } of pieces[part] ?? []) {
        for (let done = 0; done < bytes; ) {
          const n = readSync(descriptor, into, to + done, bytes - done, at + done);
          if (n === 0) throw new Error("A spilled part is shorter than written. This is a bug");
          done += n;
        }
        to += bytes;
      }
    },
    close() {
      closeSync(descriptor);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
