import { smallArrays } from "./block-memory.ts";
import { ROW_OK } from "./row-block.ts";
import { ANY_WIDTH, makeDialect, scanBlock } from "./scan-block.ts";

/** Tried in this order; the earlier wins a draw. */
const CANDIDATES = [",", ";", "\t", "|", "^", "`"].map((character) => character.charCodeAt(0));
const ROWS_TRIED_MAX = 200;
const FIELDS_TRIED_MAX = 50_000;

/** The delimiter that splits the first rows most evenly, quotes respected. Rows count as even when
 *  they have as many fields as the first one (or as the columns that are named); among even
 *  splits the one with more fields wins. A comma where nothing splits: one column. */
export function detectDelimiter(input: {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly final: boolean;
  readonly quote: number;
  readonly comment: string | null;
  /** Number of columns where they are named; null: the first row is the header. */
  readonly columns: number | null;
}): number {
  let best = CANDIDATES[0] ?? 44;
  let bestScore = 0;
  for (const delimiter of CANDIDATES) {
    if (delimiter === input.quote) continue;
    const score = evenness(input, delimiter);
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

function evenness(input: Parameters<typeof detectDelimiter>[0], delimiter: number): number {
  const { bytes, start, end, final, quote, comment } = input;
  const dialect = makeDialect({ delimiter, quote, comment, columns: ANY_WIDTH });
  const rows = smallArrays(ROWS_TRIED_MAX, FIELDS_TRIED_MAX);
  const result = { rowCount: 0, consumed: start, line: 1 };
  scanBlock(bytes, { start, end, final, line: 1, base: 0 }, dialect, rows, result);
  const width = (row: number) => (rows.fieldFirst[row + 1] ?? 0) - (rows.fieldFirst[row] ?? 0);
  const wanted = input.columns ?? width(0);
  if (result.rowCount === 0 || wanted < 2) return 0;
  let even = 0;
  for (let row = 0; row < result.rowCount; row++) {
    if (rows.rowFault[row] === ROW_OK && width(row) === wanted) even++;
  }
  // A delimiter that splits a few rows wrongly into many fields beats one that splits all in two.
  return (even / result.rowCount) * (1 - 1 / wanted);
}
