import { statSync } from "node:fs";
import { type FileWindow, newFileWindow } from "../delta/file-window.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import type { ChunkRow } from "../state/state-store.ts";
import { readPrints } from "./chunk-prints.ts";
import type { ChunkWriter } from "./chunk-writer.ts";
import { damagedSidecar, type OriginTable, readOrigins } from "./row-origins.ts";
import type { RunFolder } from "./run-folder.ts";

/** The rows of staged chunks, to be copied into others. Of many chunks only a few files are open. */
export interface StagedRows {
  /** The row's CSV as it was sent, with its LF. */
  bytes(chunk: ChunkRow, row: number): Uint8Array;
  copy(chunk: ChunkRow, row: number, writer: ChunkWriter): void;
  /** Four words: the key's digest. */
  key(chunk: ChunkRow, row: number): Uint32Array;
  close(): void;
}

/** The header line of every chunk, with its LF. API names never need quotes. */
export function headerOf(plan: Pick<RunPlan, "columns">): Uint8Array {
  return new TextEncoder().encode(`${plan.columns.join(",")}\n`);
}

export function openStagedRows(folder: RunFolder, plan: RunPlan): StagedRows {
  const opened = new Map<number, OpenedChunk>();
  const { columns } = plan.fingerprints;
  const width = columns.length;
  const headerBytes = headerOf(plan).length;
  const of = (chunk: ChunkRow): OpenedChunk => {
    const before = opened.get(chunk.index);
    if (before !== undefined) return before;
    const file = folder.chunkCsv(chunk.index);
    const now = {
      csv: newFileWindow(file, (_why, cause) => damaged(file, chunk.bytes, cause)),
      origins: readOrigins(folder.chunkOrigins(chunk.index), headerBytes, chunk.rows),
      prints: readPrints(folder.chunkPrints(chunk.index), chunk.rows, columns),
    };
    opened.set(chunk.index, now);
    return now;
  };
  const bytes = (chunk: ChunkRow, row: number) => {
    const { csv, origins } = of(chunk);
    const { csvStart, csvLength } = origins.at(row);
    const line = new Uint8Array(csvLength);
    csv.read(line, csvStart);
    return line;
  };
  return {
    bytes,
    copy(chunk, row, writer) {
      const { origins, prints } = of(chunk);
      writer.addStaged(bytes(chunk, row), origins.raw(row), {
        key: prints.keys.subarray(row * 4, row * 4 + 4),
        row: prints.rows.subarray(row * 2, row * 2 + 2),
        fields: prints.fields.subarray(row * width, (row + 1) * width),
      });
    },
    key: (chunk, row) => of(chunk).prints.keys.subarray(row * 4, row * 4 + 4),
    close() {
      for (const { csv } of opened.values()) csv.close();
      opened.clear();
    },
  };
}

interface OpenedChunk {
  readonly csv: FileWindow;
  readonly origins: OriginTable;
  readonly prints: ReturnType<typeof readPrints>;
}

/** A file that is gone is told as the system tells it. */
function damaged(file: string, bytes: number, cause: unknown): Error {
  if (cause instanceof Error) return cause;
  return damagedSidecar(file, fileSize(file), bytes);
}

function fileSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
