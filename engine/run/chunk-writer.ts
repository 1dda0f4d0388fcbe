import { closeSync, fsync, openSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { makeFolder, syncFolder, writeAll } from "../base/durable-file.ts";
import { newStreamDigest } from "../base/file-digest.ts";
import { newSegmentWriter } from "../delta/segment-writer.ts";
import type { MappedBlock } from "../mapping/row-program.ts";
import type { RowBlock } from "../source/row-block.ts";
import { newOriginList } from "./row-origins.ts";
import type { RunFolder } from "./run-folder.ts";

/** Writes one chunk: its CSV, where its rows came from, and their fingerprints. What it holds of them
 *  in memory is the same for chunks of any size. */
export interface ChunkWriter {
  /** Adds the rows of a block from `from` up to, not including, `to`: all of them are to be sent. */
  add(block: RowBlock, mapped: MappedBlock, from: number, to: number): void;
  /** Adds a row of another chunk, for a further round. */
  addStaged(csv: Uint8Array, origin: Uint32Array, print: StagedPrint): void;
  readonly rows: number;
  readonly bytes: number;
  /** Makes the three files durable, under the names of unfinished ones, and gives the CSV's facts. */
  seal(): Promise<ChunkFacts>;
  /** Seals and publishes. */
  finish(): Promise<ChunkFacts>;
  /** Lets go of a chunk that can't be completed, or is not wanted any more. */
  abandon(): void;
}

export interface ChunkFacts {
  readonly rows: number;
  readonly bytes: number;
  readonly digest: string;
}

export interface StagedPrint {
  readonly key: Uint32Array;
  readonly row: Uint32Array;
  readonly fields: Uint16Array;
}

export function newChunkWriter(options: {
  readonly folder: RunFolder;
  readonly index: number;
  /** Header line with its LF. */
  readonly header: Uint8Array;
  /** Columns that have a field digest. */
  readonly columns: readonly string[];
}): ChunkWriter {
  const { folder, index, columns } = options;
  makeFolder(folder.folder);
  const opened: number[] = [];
  const openUnfinished = (file: string) => {
    const descriptor = openSync(folder.unfinished(file), "w");
    opened.push(descriptor);
    return (bytes: Uint8Array) => writeAll(descriptor, bytes);
  };
  const close = () => {
    for (const one of opened.splice(0)) closeSync(one);
  };
  const csv = newCsvFile(openUnfinished(folder.chunkCsv(index)));
  const origins = newOriginList(openUnfinished(folder.chunkOrigins(index)));
  // A run sends a key once, so none stands in two of its chunks.
  const kin = { columns, family: path.basename(folder.folder), index };
  const prints = newSegmentWriter(kin, openUnfinished(folder.chunkPrints(index)));
  let rows = 0;
  csv.put(options.header, 0, options.header.length);

  const seal = async (): Promise<ChunkFacts> => {
    try {
      csv.flush();
      origins.flush();
      prints.end();
      // The disk works while the chunk before this one is sent, or the source is read on.
      await Promise.all(opened.map((one) => sync(one)));
    } finally {
      close();
    }
    return { rows, bytes: csv.bytes, digest: csv.digest() };
  };
  return {
    get rows() {
      return rows;
    },
    get bytes() {
      return csv.bytes;
    },
    add(block, mapped, from, to) {
      csv.put(mapped.bytes, mapped.rowStart[from] ?? 0, mapped.rowStart[to] ?? 0);
      origins.add(block, mapped, from, to);
      const { keyDigest: keys, rowDigest: rowDigests, fieldDigest: fields } = mapped;
      prints.add({ keys, rows: rowDigests, fields, flags: 0 }, from, to);
      rows += to - from;
    },
    addStaged(row, origin, print) {
      csv.put(row, 0, row.length);
      origins.addRaw(origin);
      prints.add({ keys: print.key, rows: print.row, fields: print.fields, flags: 0 }, 0, 1);
      rows++;
    },
    seal,
    async finish() {
      const facts = await seal();
      publishChunk(folder, index);
      return facts;
    },
    abandon() {
      close();
      removeUnfinished(folder, index);
    },
  };
}

const sync = (descriptor: number) => promisify(fsync)(descriptor);

/** Gives the files of a sealed chunk their names. */
export function publishChunk(folder: RunFolder, index: number): void {
  for (const file of [folder.chunkOrigins(index), folder.chunkPrints(index)]) {
    renameSync(folder.unfinished(file), file);
  }
  syncFolder(folder.folder);
  // Last, so that a chunk that is there has its sidecars.
  const csv = folder.chunkCsv(index);
  renameSync(folder.unfinished(csv), csv);
  syncFolder(folder.folder);
}

/** Removes the files of a chunk that was not published. */
export function removeUnfinished(folder: RunFolder, index: number): void {
  const names = [folder.chunkCsv(index), folder.chunkOrigins(index), folder.chunkPrints(index)];
  for (const file of names) rmSync(folder.unfinished(file), { force: true });
}

/** The rows as they are sent, digested while they are written. */
function newCsvFile(write: (bytes: Uint8Array) => void) {
  const digest = newStreamDigest();
  const buffer = new Uint8Array(BUFFER_BYTES);
  let filled = 0;
  let bytes = 0;
  const writeOut = (piece: Uint8Array) => {
    write(piece);
    digest.add(piece);
  };
  const flush = () => {
    if (filled > 0) writeOut(buffer.subarray(0, filled));
    filled = 0;
  };
  return {
    get bytes() {
      return bytes;
    },
    put(from: Uint8Array, start: number, end: number) {
      const size = end - start;
      bytes += size;
      if (filled + size > BUFFER_BYTES) flush();
      // What nearly fills the buffer need not go through it.
      if (size > BUFFER_BYTES / 2) {
        flush();
        writeOut(from.subarray(start, end));
        return;
      }
      buffer.set(from.subarray(start, end), filled);
      filled += size;
    },
    flush,
    digest: () => digest.hex(),
  };
}

const BUFFER_BYTES = 1 << 20;
