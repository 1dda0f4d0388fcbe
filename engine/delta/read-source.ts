import { type MappedBlock, ROW_INVALID, type RowProgram } from "../mapping/row-program.ts";
import { DigestRecorder, type FileDigests } from "../source/block-digests.ts";
import type { OpenedFile } from "../source/opened-file.ts";
import { readRows } from "../source/read-rows.ts";
import type { RowBlock } from "../source/row-block.ts";
import { DECIDED_DUPLICATE } from "./decision.ts";
import { countsByName, type Decisions, type DeltaOptions, startDeltaPass } from "./delta-pass.ts";
import { mappedRows } from "./mapped-rows.ts";
import type { IdTable } from "./resolved-ids.ts";
import { newRowSizes } from "./row-sizes.ts";
import { uncountCleared } from "./uncount-cleared.ts";

/** What pass 1 learnt. */
export interface SourceReading {
  readonly decisions: Decisions;
  /** Digest over place, key and content of the rows to send. */
  readonly rowsDigest: string;
  readonly digests: readonly FileDigests[];
  /** Rows to send that would erase a field, by field. */
  readonly cleared: Readonly<Record<string, number>>;
  /** Cells that held exactly #N/A. */
  readonly literalNulls: number;
}

export interface ReadSourceInput {
  readonly files: readonly OpenedFile[];
  readonly program: RowProgram;
  readonly ids: IdTable | null;
  readonly rowBytesMax: number;
  readonly delta: Omit<DeltaOptions, "columns" | "clearDigests" | "keyed">;
  /** Takes the rows of each block, in source order, before the next is read; null: nobody does. */
  readonly onBlock: ((block: RowBlock, mapped: MappedBlock) => Promise<void>) | null;
  /** Called for each invalid row, in source order, while its block is valid. */
  readonly onInvalid: (block: RowBlock, mapped: MappedBlock, row: number) => void;
  /** Called for each duplicate row, after all others. */
  readonly onDuplicate: (block: RowBlock, row: number) => void;
  /** Called at the end of the pass with the decision of each row and the bytes of its CSV, which come
   *  page by page. */
  readonly onSizes: (byRow: Uint8Array, sizes: Iterable<Uint32Array>) => void;
  readonly onProgress: (rows: number) => void;
  readonly signal: AbortSignal;
}

/** Pass 1: reads everything, decides for each row, and remembers enough for the plan. Reads a second
 *  time only to list duplicates: which rows they are is known only at the end. */
export async function readSource(input: ReadSourceInput): Promise<SourceReading> {
  const { files, program, delta, signal } = input;
  const pass = startDeltaPass({
    ...delta,
    columns: program.columns,
    clearDigests: program.clearDigests,
    keyed: program.keyColumn !== null,
  });
  const recorders = files.map(() => new DigestRecorder());
  const sizes = newRowSizes(delta.spillFolder);
  const cleared = new Float64Array(program.columns.length);
  let literalNulls = 0;
  try {
    const rows = mappedRows({
      ...input,
      readFile: (file) => readRows(file, { signal, record: recorders[file.index] }),
    });
    for await (const { block, mapped } of rows) {
      pass.add(mapped);
      sizes.add(mapped);
      if (input.onBlock !== null) await input.onBlock(block, mapped);
      if (mapped.problems.size > 0) {
        for (let row = 0; row < mapped.rowCount; row++) {
          if (mapped.status[row] === ROW_INVALID) input.onInvalid(block, mapped, row);
        }
      }
      mapped.cleared.forEach((count, column) => {
        cleared[column] = (cleared[column] ?? 0) + count;
      });
      literalNulls += mapped.literalNulls;
      input.onProgress(sizes.count);
    }
    const decisions = pass.finish();
    input.onSizes(decisions.byRow, sizes.pages());
    if (decisions.counts.duplicate > 0) await listDuplicates(input, decisions, recorders, cleared);
    return {
      decisions,
      rowsDigest: decisions.rowsDigest,
      digests: recorders.map((recorder) => recorder.digests()),
      cleared: clearedRows(countsByName(program.columns, cleared), decisions),
      literalNulls,
    };
  } finally {
    pass.close();
    sizes.close();
  }
}

/** Digests of 16 bits can meet by chance, so the exact count over all mapped rows is the limit; it is
 *  the answer itself when every row is sent. */
function clearedRows(
  mapped: Record<string, number>,
  { cleared }: Decisions,
): Record<string, number> {
  if (cleared === null) return mapped;
  const counts = Object.entries(cleared).map(
    ([name, count]) => [name, Math.min(count, mapped[name] ?? 0)] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** Goes over the files once more, believing no block that is not what pass 1 read. Takes duplicates out
 *  of `cleared` where that is the answer: their cells are known only when they are mapped again. */
async function listDuplicates(
  input: ReadSourceInput,
  decisions: Decisions,
  recorders: readonly DigestRecorder[],
  cleared: Float64Array,
): Promise<void> {
  const { program, signal } = input;
  const readFile = (file: OpenedFile) =>
    readRows(file, { signal, expect: recorders[file.index]?.digests() });
  const counts = decisions.cleared === null && cleared.some((count) => count > 0);
  let ordinal = 0;
  for await (const { block, mapped } of counts
    ? mappedRows({ ...input, readFile })
    : unmappedRows(input.files, readFile)) {
    for (let row = 0; row < block.rowCount; row++) {
      if (decisions.byRow[ordinal++] !== DECIDED_DUPLICATE) continue;
      input.onDuplicate(block, row);
      if (mapped !== null) uncountCleared(cleared, mapped, row, program.clearDigests);
    }
  }
}

async function* unmappedRows(
  files: readonly OpenedFile[],
  readFile: (file: OpenedFile) => AsyncIterable<RowBlock>,
) {
  for (const file of files) {
    for await (const block of readFile(file)) yield { block, mapped: null };
  }
}
