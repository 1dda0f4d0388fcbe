import { EngineError } from "../base/engine-error.ts";
import { isSent } from "../delta/decision.ts";
import { mappedRows } from "../delta/mapped-rows.ts";
import type { IdTable } from "../delta/resolved-ids.ts";
import type { RowProgram } from "../mapping/row-program.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import { readRows } from "../source/read-rows.ts";
import { type ChunkWriter, newChunkWriter } from "./chunk-writer.ts";
import type { RunFolder } from "./run-folder.ts";
import { headerOf } from "./staged-rows.ts";

export interface StagedChunk {
  readonly index: number;
  readonly rows: number;
  readonly bytes: number;
  readonly digest: string;
}

export interface StageInput {
  readonly plan: RunPlan;
  readonly folder: RunFolder;
  readonly program: RowProgram;
  /** One decision a source row: made by pass 1 and stored with the run. */
  readonly decisions: Uint8Array;
  readonly ids: IdTable | null;
  /** Chunks to write; the others are counted over. */
  readonly wanted: (index: number) => boolean;
  readonly signal: AbortSignal;
}

/** Pass 2: reads the source again and writes the chunks of the plan, in order, each durable when it is
 *  given. Every block's digest is compared with pass 1 before its rows are used: throws
 *  SOURCE_CHANGED (of the source stage) when a file is not what was planned. Reads no further than the
 *  last chunk that is wanted, and nothing when none is. */
export async function* stageChunks(input: StageInput): AsyncGenerator<StagedChunk> {
  const { plan, folder, decisions, wanted } = input;
  const header = headerOf(plan);
  const cuts = plan.plan.chunks;
  const { columns } = plan.fingerprints;
  const last = cuts.findLastIndex((_, index) => wanted(index));
  if (last < 0) return;
  let index = 0;
  let ordinal = 0;
  let rowsInChunk = 0;
  let writer: ChunkWriter | null = null;
  try {
    for await (const { block, mapped } of rowsOf(input)) {
      for (let row = 0; row < mapped.rowCount; ) {
        const from = row;
        const left = (cuts[index]?.rows ?? 0) - rowsInChunk;
        // Neighbours that are all sent go as one.
        while (row < mapped.rowCount && row - from < left && isSent(decisions[ordinal + row]))
          row++;
        if (row === from) {
          row++;
          continue;
        }
        if (rowsInChunk === 0 && wanted(index)) {
          writer = newChunkWriter({ folder, index, header, columns });
        }
        writer?.add(block, mapped, from, row);
        rowsInChunk += row - from;
        if (rowsInChunk < (cuts[index]?.rows ?? 0)) continue;
        if (writer !== null) {
          const facts = await writer.finish();
          writer = null;
          requirePlanned(facts.bytes, cuts[index]?.bytes ?? 0, index);
          yield { index, ...facts };
        }
        if (index === last) return;
        index++;
        rowsInChunk = 0;
      }
      ordinal += mapped.rowCount;
    }
  } finally {
    writer?.abandon();
  }
  throw new EngineError(
    "RUN_SOURCE_CHANGED",
    `The source ended before chunk ${index} was complete.`,
  );
}

function rowsOf({ plan, program, ids, signal }: StageInput) {
  const header = plan.columns.join(",").length + 1;
  return mappedRows({
    files: plan.files,
    program,
    ids,
    rowBytesMax: plan.chunkMax.bytes - header,
    readFile: (file) => {
      const expect = plan.digests[file.index];
      return readRows(file, { signal, ...(expect === undefined ? {} : { expect }) });
    },
  });
}

function requirePlanned(bytes: number, planned: number, index: number): void {
  if (bytes === planned) return;
  throw new Error(`Chunk ${index} has ${bytes} bytes where ${planned} were planned. This is a bug`);
}
