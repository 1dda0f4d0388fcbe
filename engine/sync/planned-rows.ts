import { mappedRows } from "../delta/mapped-rows.ts";
import { canonicalCells } from "../run/canonical-row.ts";
import { readRows } from "../source/read-rows.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { PlannedSync } from "./plan-sync.ts";

/** A mapped row as text, by the columns of the chunks. */
export interface PlannedRow {
  readonly decision: number;
  readonly cells: readonly string[];
  /** Of the row's key: four words from `keyAt` of `keys`. Valid until the next row. */
  readonly keys: Uint32Array;
  readonly keyAt: number;
  readonly file: string;
  readonly line: number;
}

/** Goes over the source once more and gives the mapped rows that are wanted, believing no block that
 *  pass 1 did not read. For samples and comparisons: a run never takes this way. */
export async function* plannedRows(
  planned: PlannedSync,
  wanted: (ordinal: number, decision: number) => boolean,
  deps: EngineDeps,
): AsyncGenerator<PlannedRow> {
  const { prepared, runPlan, decisions, ids } = planned;
  const decoder = new TextDecoder();
  const rows = mappedRows({
    files: prepared.files,
    program: prepared.program,
    ids,
    rowBytesMax: Number.MAX_SAFE_INTEGER,
    readFile: (file) => {
      const expect = runPlan.digests[file.index];
      return readRows(file, { signal: deps.signal, ...(expect === undefined ? {} : { expect }) });
    },
  });
  let ordinal = -1;
  for await (const { block, mapped } of rows) {
    for (let row = 0; row < mapped.rowCount; row++) {
      const decision = decisions[++ordinal] ?? 0;
      if (!wanted(ordinal, decision)) continue;
      const text = decoder.decode(
        mapped.bytes.subarray(mapped.rowStart[row] ?? 0, mapped.rowStart[row + 1] ?? 0),
      );
      yield {
        decision,
        cells: canonicalCells(text),
        keys: mapped.keyDigest,
        keyAt: row * 4,
        file: block.file.shown,
        line: block.rowLine[row] ?? 0,
      };
    }
  }
}
