import { smallArrays } from "./block-memory.ts";
import { fieldText, type RowBlock, type SourceFile } from "./row-block.ts";
import { ANY_WIDTH, makeDialect, scanBlock } from "./scan-block.ts";

/** The fields of one row as strings: for a row that `readAt` gave, or a faulty row's bytes. As many
 *  as the row has, whatever the header says. For reports, not for the row path. */
export function splitRow(file: SourceFile, bytes: Uint8Array): string[] {
  const rows = smallArrays(1);
  const result = { rowCount: 0, consumed: 0, line: 1 };
  const dialect = makeDialect({ ...file, columns: ANY_WIDTH });
  const input = { start: 0, end: bytes.length, final: true, line: 1, base: 0 };
  scanBlock(bytes, input, dialect, rows, result);
  const block: RowBlock = { ...rows, file, bytes, rowCount: 1 };
  const count = result.rowCount === 0 ? 0 : (rows.fieldFirst[1] ?? 0);
  return Array.from({ length: count }, (_, column) => fieldText(block, 0, column));
}
