import { closeSync, fsync, mkdirSync, openSync, renameSync } from "node:fs";
import { promisify } from "node:util";
import { syncFolder, writeAll } from "../base/durable-file.ts";
import { newStreamDigest } from "../base/file-digest.ts";
import type { MappedBlock } from "../mapping/row-program.ts";
import type { RowBlock } from "../source/row-block.ts";
import { newOriginList } from "./row-origins.ts";
import type { RunFolder } from "./run-folder.ts";

/** Writes one chunk: its CSV, where its rows came from, and their fingerprints. */
export interface ChunkWriter {
  /** Adds the rows of a block from `from` up to, not including, `to`: all of them are to be sent. */
  add(block: RowBlock, mapped: MappedBlock, from: number, to: number): void;
  /** Adds a row of another chunk, for a further round. */
  addStaged(csv: Uint8Array, origin: Uint32Array, print: StagedPrint): void;
  readonly rows: number;
  readonly bytes: number;
  /** Makes the three files durable and gives the CSV's facts. */
  finish(): Promise<{ rows: number; bytes: number; digest: string }>;
  /** Lets go of a chunk that can't be completed; its file is overwritten later. */
  abandon(): void;
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
  readonly width: number;
  /** How many rows it will have, where that is known: room for them is made at once. */
  readonly rowsPlanned?: number;
}): ChunkWriter {
  const { folder, index, width, rowsPlanned = 1024 } = options;
  mkdirSync(folder.folder, { recursive: true });
  const csv = folder.chunkCsv(index);
  const unfinished = folder.unfinished(csv);
  const descriptor = openSync(unfinished, "w");
  const digest = newStreamDigest();
  const buffer = new Uint8Array(BUFFER_BYTES);
  const lists = takeLists(width, rowsPlanned);
  const { origins, prints } = lists;
  let filled = 0;
  let bytes = 0;
  let rows = 0;

  const flush = () => {
    writeAll(descriptor, buffer.subarray(0, filled));
    digest.add(buffer.subarray(0, filled));
    filled = 0;
  };
  const put = (from: Uint8Array, start: number, end: number) => {
    const size = end - start;
    bytes += size;
    if (filled + size > BUFFER_BYTES) flush();
    // What nearly fills the buffer need not go through it.
    if (size > BUFFER_BYTES / 2) {
      flush();
      const large = from.subarray(start, end);
      writeAll(descriptor, large);
      digest.add(large);
      return;
    }
    buffer.set(from.subarray(start, end), filled);
    filled += size;
  };
  put(options.header, 0, options.header.length);

  return {
    get rows() {
      return rows;
    },
    get bytes() {
      return bytes;
    },
    add(block, mapped, from, to) {
      put(mapped.bytes, mapped.rowStart[from] ?? 0, mapped.rowStart[to] ?? 0);
      origins.add(block, mapped, from, to);
      prints.add(mapped.keyDigest, mapped.rowDigest, mapped.fieldDigest, from, to);
      rows += to - from;
    },
    addStaged(row, origin, print) {
      put(row, 0, row.length);
      origins.addRaw(origin);
      prints.add(print.key, print.row, print.fields, 0, 1);
      rows++;
    },
    async finish() {
      flush();
      const sidecars = [
        { file: folder.chunkOrigins(index), parts: [origins.bytes()] },
        { file: folder.chunkPrints(index), parts: prints.parts() },
      ];
      const opened = [descriptor];
      try {
        for (const { file, parts } of sidecars) {
          const sidecar = openSync(folder.unfinished(file), "w");
          opened.push(sidecar);
          for (const part of parts) writeAll(sidecar, part);
        }
        // The disk works while the chunk before this one is sent.
        await Promise.all(opened.map((one) => sync(one)));
      } finally {
        for (const one of opened) closeSync(one);
      }
      for (const { file } of sidecars) renameSync(folder.unfinished(file), file);
      syncFolder(folder.folder);
      // Last, so that a chunk that is there has its sidecars.
      renameSync(unfinished, csv);
      syncFolder(folder.folder);
      spare = lists;
      return { rows, bytes, digest: digest.hex() };
    },
    abandon: () => closeSync(descriptor),
  };
}

interface SidecarLists {
  readonly width: number;
  readonly origins: ReturnType<typeof newOriginList>;
  readonly prints: ReturnType<typeof newPrintList>;
}

/** The lists of the chunk before, for the next one: chunks are written one after the other, and 36 MB
 *  each would lie about until the collector comes. */
let spare: SidecarLists | null = null;

function takeLists(width: number, rowsPlanned: number): SidecarLists {
  const before = spare;
  spare = null;
  if (before === null || before.width !== width) {
    return { width, origins: newOriginList(rowsPlanned), prints: newPrintList(width, rowsPlanned) };
  }
  before.origins.reset();
  before.prints.reset();
  return before;
}

const sync = promisify(fsync);
const BUFFER_BYTES = 1 << 20;

/** Column-major, as `readPrints` reads them. */
function newPrintList(width: number, rowsPlanned: number) {
  let capacity = rowsPlanned;
  let count = 0;
  let keys = new Uint32Array(capacity * 4);
  let rows = new Uint32Array(capacity * 2);
  let fields = new Uint16Array(capacity * width);
  const grow = (needed: number) => {
    capacity = Math.max(capacity * 2, needed);
    const [k, r, f] = [keys, rows, fields];
    keys = new Uint32Array(capacity * 4);
    rows = new Uint32Array(capacity * 2);
    fields = new Uint16Array(capacity * width);
    keys.set(k);
    rows.set(r);
    fields.set(f);
  };
  return {
    /** Adds the entries of some rows from `from` up to, not including, `to`. */
    add(key: Uint32Array, row: Uint32Array, field: Uint16Array, from: number, to: number) {
      if (count + to - from > capacity) grow(count + to - from);
      keys.set(key.subarray(from * 4, to * 4), count * 4);
      rows.set(row.subarray(from * 2, to * 2), count * 2);
      fields.set(field.subarray(from * width, to * width), count * width);
      count += to - from;
    },
    reset() {
      count = 0;
    },
    parts: () => [
      new Uint8Array(keys.buffer, 0, count * 16),
      new Uint8Array(rows.buffer, 0, count * 8),
      new Uint8Array(fields.buffer, 0, count * width * 2),
    ],
  };
}
