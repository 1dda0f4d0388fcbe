import { makeFolder } from "../base/durable-file.ts";
import { DECIDED_DUPLICATE, DECIDED_UNCHANGED, DECIDED_UNKNOWN } from "../delta/decision.ts";
import { type MappedBlock, ROW_MAPPED } from "../mapping/row-program.ts";
import { newChunkCutter } from "../plan/chunk-cuts.ts";
import type { ChunkCut } from "../plan/sync-plan.ts";
import type { RowBlock } from "../source/row-block.ts";
import {
  type ChunkWriter,
  newChunkWriter,
  publishChunk,
  removeUnfinished,
} from "./chunk-writer.ts";
import type { Stage } from "./execute-run.ts";
import type { RunFolder } from "./run-folder.ts";
import type { StagedChunk } from "./stage-chunks.ts";
import { headerOf } from "./staged-rows.ts";

/** Chunks that are written while pass 1 reads the source, on the guess that every mapped row will be
 *  sent: a first load then needs no second pass. They are nothing but unfinished files until the plan
 *  is made, has the same chunks, and may be applied. A crash leaves them in the folder of a run that
 *  was never saved, which `tidyState` removes. */
export interface StagedAhead {
  /** Takes the rows of the next block; waits when the disk is a whole chunk behind. */
  add(block: RowBlock, mapped: MappedBlock): Promise<void>;
  /** After pass 1: keeps the chunks that the plan has too, and removes the others. */
  keep(decisions: Uint8Array, cuts: readonly ChunkCut[]): Promise<readonly StagedChunk[]>;
  /** Removes everything. Does nothing the second time, nor after `keep`. */
  discard(): Promise<void>;
}

interface AheadChunk extends StagedChunk {
  /** Ordinal of the row behind its last one. */
  readonly end: number;
}

export function newStagedAhead(input: {
  readonly folder: RunFolder;
  readonly columns: readonly string[];
  /** Columns that have a field digest. */
  readonly digested: readonly string[];
  readonly chunkMax: { readonly bytes: number; readonly rows: number };
  /** What the guess may take of the disk. When it is used up, all is discarded. */
  readonly roomBytes: number;
}): StagedAhead {
  const { folder, digested, chunkMax } = input;
  const header = headerOf(input);
  const limits = { bytesMax: chunkMax.bytes, rowsMax: chunkMax.rows };
  const cutter = newChunkCutter({ headerBytes: header.length, ...limits });
  const sealed: AheadChunk[] = [];
  let writer: ChunkWriter | null = null;
  let sealing: Promise<void> = Promise.resolve();
  let opened = 0;
  let ordinal = 0;
  let ended = false;
  makeFolder(folder.folder);
  let roomLeft = input.roomBytes;

  /** Ends the chunk in hand; the row at `end` is not its own any more. */
  const seal = async (end: number) => {
    await sealing;
    if (writer === null) return;
    const full = writer;
    const index = opened - 1;
    writer = null;
    sealing = full.seal().then((facts) => void sealed.push({ index, end, ...facts }));
    // Whoever awaits it sees the failure; until then it is not unhandled.
    sealing.catch(() => {});
  };
  const put = (block: RowBlock, mapped: MappedBlock, from: number, to: number) => {
    if (from === to) return;
    writer ??= newChunkWriter({ folder, index: opened++, header, columns: digested });
    writer.add(block, mapped, from, to);
  };
  const addRows = async (block: RowBlock, mapped: MappedBlock) => {
    const { rowCount, status, rowStart } = mapped;
    roomLeft -= ((rowStart[rowCount] ?? 0) - (rowStart[0] ?? 0)) * 2;
    let from = 0;
    for (let row = 0; row < rowCount; row++) {
      if (status[row] !== ROW_MAPPED) {
        put(block, mapped, from, row);
        from = row + 1;
      } else if (cutter.take((rowStart[row + 1] as number) - (rowStart[row] as number))) {
        put(block, mapped, from, row);
        from = row;
        await seal(ordinal + row);
      }
    }
    put(block, mapped, from, rowCount);
    ordinal += rowCount;
  };
  const discard = async () => {
    if (ended) return;
    ended = true;
    await sealing.catch(() => {});
    writer?.abandon();
    for (let index = 0; index < opened; index++) removeUnfinished(folder, index);
  };

  return {
    async add(block, mapped) {
      if (ended) return;
      try {
        if (roomLeft > 0) await addRows(block, mapped);
      } catch (error) {
        // A disk that is full or fails is told when what is sent for certain is written.
        if (!isOfTheSystem(error)) throw error;
        roomLeft = 0;
      }
      if (roomLeft <= 0) await discard();
    },
    async keep(decisions, cuts) {
      if (ended) return [];
      try {
        await seal(ordinal);
        await sealing;
      } catch (error) {
        await discard();
        if (!isOfTheSystem(error)) throw error;
        return [];
      }
      ended = true;
      const end = firstNotSent(decisions);
      const kept = sealed.filter(({ index, ...chunk }) => {
        const cut = cuts[index];
        return chunk.end <= end && cut?.rows === chunk.rows && cut.bytes === chunk.bytes;
      });
      for (let index = kept.length; index < opened; index++) removeUnfinished(folder, index);
      return kept.map(({ index, rows, bytes, digest }) => ({ index, rows, bytes, digest }));
    },
    discard,
  };
}

/** Ordinal of the first row that was mapped and is not sent; past the end when there is none. */
function firstNotSent(decisions: Uint8Array): number {
  const places = [DECIDED_DUPLICATE, DECIDED_UNCHANGED, DECIDED_UNKNOWN]
    .map((decision) => decisions.indexOf(decision))
    .filter((place) => place >= 0);
  return Math.min(decisions.length, ...places);
}

function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

/** Gives the chunks that were kept as if they had just been staged, and lets `stage` do the others. */
export function stageKept(kept: readonly StagedChunk[], folder: RunFolder, stage: Stage): Stage {
  const left = new Map(kept.map((chunk) => [chunk.index, chunk]));
  return async function* staged(wanted) {
    const own = [...left.values()].filter(({ index }) => wanted(index));
    try {
      for (const chunk of own) {
        publishChunk(folder, chunk.index);
        left.delete(chunk.index);
        yield chunk;
      }
    } finally {
      // Nobody asks for them any more; who resumes the run stages them from the source.
      for (const { index } of own) if (left.delete(index)) removeUnfinished(folder, index);
    }
    yield* stage((index) => wanted(index) && !own.some((chunk) => chunk.index === index));
  };
}
