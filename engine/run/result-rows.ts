import { createReadStream } from "node:fs";
import { CsvError, parse } from "csv-parse";
import { EngineError } from "../base/engine-error.ts";

/** The records of a result set, as arrays, the header first. An empty file has none. */
export async function* resultRows(file: string): AsyncGenerator<string[]> {
  const parser = createReadStream(file).pipe(
    parse({ bom: true, relax_column_count: true, skip_empty_lines: true }),
  );
  for await (const record of parser) yield record as string[];
}

/** Calls `visit` with a getter for each record; gives the number of records. Column names match
 *  without regard to case. */
export async function eachResult(
  file: string,
  visit: (
    cell: (column: string) => string,
    record: readonly string[],
    header: readonly string[],
  ) => void,
): Promise<number> {
  let header: string[] | null = null;
  let places = new Map<string, number>();
  let count = 0;
  for await (const record of resultRows(file)) {
    if (header === null) {
      header = record;
      places = new Map(record.map((name, i) => [name.toLowerCase(), i]));
      continue;
    }
    const cell = (column: string) => record[places.get(column.toLowerCase()) ?? -1] ?? "";
    visit(cell, record, header);
    count++;
  }
  return count;
}

/** As `eachResult`, for a file that the org has just given. Its transfer was whole, but what answered may
 *  have been cut off itself: throws SF_NO_ANSWER when it ends in the middle of a cell. `what` names it. */
export async function eachAnswered(
  file: string,
  what: string,
  visit: Parameters<typeof eachResult>[1],
): Promise<number> {
  try {
    return await eachResult(file, visit);
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new EngineError("SF_NO_ANSWER", `The org's answer is cut off: ${what}.`, {
      hint: "Nothing of it was believed. To ask for it again:\n    sluice resume",
      cause,
    });
  }
}

export function isCutOff(error: unknown): boolean {
  return error instanceof EngineError && error.cause instanceof CsvError;
}
