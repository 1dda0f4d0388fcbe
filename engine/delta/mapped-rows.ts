import {
  type MappedBlock,
  ROW_INVALID,
  ROW_MAPPED,
  type RowProblem,
  type RowProgram,
} from "../mapping/row-program.ts";
import type { OpenedFile } from "../source/opened-file.ts";
import type { RowBlock } from "../source/row-block.ts";
import { type IdTable, withResolvedIds } from "./resolved-ids.ts";
import { uncountCleared } from "./uncount-cleared.ts";

export interface MappedRows {
  readonly block: RowBlock;
  readonly mapped: MappedBlock;
}

/** All rows of all files, mapped: what both passes over the source see, so that they can't differ.
 *  A block is valid until the next is asked for. */
export async function* mappedRows(input: {
  readonly files: readonly OpenedFile[];
  readonly program: RowProgram;
  readonly readFile: (file: OpenedFile) => AsyncIterable<RowBlock>;
  /** Bytes that a chunk leaves for one row. */
  readonly rowBytesMax: number;
  /** For update and delete by an external id: the org's Ids by key. */
  readonly ids: IdTable | null;
}): AsyncGenerator<MappedRows> {
  const { program, ids, rowBytesMax } = input;
  for (const file of input.files) {
    for await (const block of input.readFile(file)) {
      let mapped = program.mapBlock(block);
      if (ids !== null) mapped = withResolvedIds(mapped, ids, program);
      yield { block, mapped: refuseHugeRows(mapped, rowBytesMax, program) };
    }
  }
}

function refuseHugeRows(
  mapped: MappedBlock,
  rowBytesMax: number,
  { clearDigests }: RowProgram,
): MappedBlock {
  let problems: Map<number, RowProblem> | null = null;
  for (let row = 0; row < mapped.rowCount; row++) {
    const bytes = (mapped.rowStart[row + 1] ?? 0) - (mapped.rowStart[row] ?? 0);
    if (bytes <= rowBytesMax || mapped.status[row] !== ROW_MAPPED) continue;
    problems ??= new Map(mapped.problems);
    problems.set(row, {
      code: "ROW_TOO_LONG",
      field: "",
      reason: `The row takes ${bytes} bytes; a chunk of this sync leaves ${rowBytesMax} for a row.`,
    });
    mapped.status[row] = ROW_INVALID;
    uncountCleared(mapped.cleared, mapped, row, clearDigests);
  }
  return problems === null ? mapped : { ...mapped, problems };
}
