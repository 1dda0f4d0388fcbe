import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { syncFolder, writeAll } from "../base/durable-file.ts";
import type { OpenedFile } from "../source/opened-file.ts";
import { readAt } from "../source/read-at.ts";
import { NO_QUOTE } from "../source/row-block.ts";
import type { ChunkRow } from "../state/state-store.ts";
import { canonicalCells } from "./canonical-row.ts";
import { csvLine, headerWithAdded } from "./csv-line.ts";
import { type Miss, readMisses, wentOn } from "./misses-file.ts";
import { type RowOrigin, readOrigins } from "./row-origins.ts";
import type { RunDeps } from "./run-deps.ts";
import { isMirrorPlan } from "./stage-mirror.ts";
import { headerOf, openStagedRows } from "./staged-rows.ts";

export interface FailedFile {
  /** Null when every row arrived. */
  readonly file: string | null;
  /** Salesforce's codes with their counts and the first row of each, most first. */
  readonly reasons: readonly FailReason[];
  /** Gives the file its name: for the owner of the run only. */
  readonly publish: () => void;
}

export const NO_FAILED_FILE: FailedFile = { file: null, reasons: [], publish: () => {} };

export interface FailReason {
  readonly code: string;
  readonly count: number;
  /** Null for rows that can't be told. */
  readonly file: string | null;
  readonly line: number | null;
}

/** Writes failed.csv: every row that was sent and did not arrive, as it stands in the source, then
 *  file, line, code, message, jobId and note. The source is read again; where it changed, the mapped
 *  values are written under the columns they came from, and the note says `source_changed`. Rows
 *  without a key are written as Salesforce returned them. */
export async function writeFailedFile(
  chunks: readonly ChunkRow[],
  deps: RunDeps,
): Promise<FailedFile> {
  const missing = chunks.filter((chunk) => chunk.counts !== null && hasMisses(chunk));
  if (missing.length === 0) return NO_FAILED_FILE;
  const rounds = chunks.reduce((round, chunk) => Math.max(round, chunk.round), 0);
  // The records that mirror deletes or updates stand in no source: what was sent is all there is to show.
  const keyed = deps.plan.join !== null && !isMirrorPlan(deps.plan);
  const columns = keyed
    ? [...new Set(deps.plan.files.flatMap((file) => file.header))]
    : deps.plan.columns;
  const file = deps.folder.failedCsv;
  const unfinished = deps.folder.unfinished(file);
  const descriptor = openSync(unfinished, "w");
  const write = (cells: readonly string[]) => writeAll(descriptor, Buffer.from(csvLine(cells)));
  const reasons = newReasons();
  try {
    write(headerWithAdded(columns, ADDED_COLUMNS));
    for (const chunk of missing) {
      // Rows that went into a further round are told there.
      const misses = await lastMisses(chunk, rounds, deps);
      if (keyed) await writeSourceRows(chunk, misses, columns, write, reasons.add, deps);
      else {
        for (const miss of misses) {
          const sent = isMirrorPlan(deps.plan)
            ? { ...miss, returned: sentCells(chunk, miss, deps) }
            : miss;
          write(returnedCells(sent, columns));
          reasons.add(miss.code, null, null);
        }
      }
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  const list = reasons.list();
  if (list.length === 0) {
    rmSync(unfinished, { force: true });
    return NO_FAILED_FILE;
  }
  const publish = () => {
    renameSync(unfinished, file);
    syncFolder(deps.folder.folder);
  };
  return { file, reasons: list, publish };
}

/** A mirror's row has no other place than its chunk. */
function sentCells(chunk: ChunkRow, { row }: Miss, deps: RunDeps): Record<string, string> {
  const staged = openStagedRows(deps.folder, deps.plan);
  try {
    const cells = canonicalCells(new TextDecoder().decode(staged.bytes(chunk, row)));
    return Object.fromEntries(deps.plan.columns.map((name, i) => [name, cells[i] ?? ""]));
  } finally {
    staged.close();
  }
}

function newReasons() {
  const byCode = new Map<
    string,
    { code: string; count: number; file: string | null; line: number | null }
  >();
  return {
    add: (code: string, file: string | null, line: number | null) => {
      const reason = byCode.get(code);
      if (reason !== undefined) reason.count++;
      else byCode.set(code, { code, count: 1, file, line });
    },
    list: (): FailReason[] => [...byCode.values()].sort((a, b) => b.count - a.count),
  };
}

const ADDED_COLUMNS = ["file", "line", "code", "message", "jobId", "note"];

function hasMisses({ counts }: ChunkRow): boolean {
  return counts !== null && counts.failed + counts.unprocessed + counts.unknown > 0;
}

async function lastMisses(chunk: ChunkRow, rounds: number, deps: RunDeps): Promise<Miss[]> {
  const misses: Miss[] = [];
  for await (const miss of readMisses(deps.folder.missesOf(chunk))) {
    if (!wentOn(miss, chunk.round, rounds)) misses.push(miss);
  }
  return misses;
}

interface Located {
  readonly miss: Miss;
  readonly origin: RowOrigin;
}

async function writeSourceRows(
  chunk: ChunkRow,
  misses: readonly Miss[],
  columns: readonly string[],
  write: (cells: readonly string[]) => void,
  addReason: (code: string, file: string, line: number) => void,
  deps: RunDeps,
): Promise<void> {
  const { plan, folder } = deps;
  const origins = readOrigins(
    folder.chunkOrigins(chunk.index),
    headerOf(deps.plan).length,
    chunk.rows,
  );
  const located: Located[] = misses.map((miss) => ({ miss, origin: origins.at(miss.row) }));
  located.sort((a, b) => a.origin.file - b.origin.file || a.origin.offset - b.origin.offset);
  const csv = openSync(folder.chunkCsv(chunk.index), "r");
  try {
    for (const file of plan.files) {
      const here = located.filter(({ origin }) => origin.file === file.index);
      if (here.length === 0) continue;
      const places = here.map(({ origin }) => ({ offset: origin.offset, length: origin.length }));
      let next = 0;
      for await (const bytes of readAt(file, places, { digests: plan.digests[file.index] })) {
        const row = here[next++];
        if (row === undefined) break;
        addReason(row.miss.code, file.shown, row.origin.line);
        const cells =
          bytes === null
            ? mappedCells(row, csv, deps)
            : sourceCells(Buffer.from(bytes).toString("utf8"), file);
        write([
          ...columns.map((column) => cells.get(column) ?? ""),
          ...added(row, file.shown, bytes === null ? "source_changed" : ""),
        ]);
      }
    }
  } finally {
    closeSync(csv);
  }
}

function added({ miss, origin }: Located, file: string, note: string): string[] {
  return [file, String(origin.line), miss.code, miss.message, miss.jobId, note];
}

function sourceCells(line: string, file: OpenedFile): Map<string, string> {
  const delimiter = String.fromCharCode(file.delimiter);
  const quote = file.quote === NO_QUOTE ? false : String.fromCharCode(file.quote);
  const record = parseLine(line, delimiter, quote);
  return new Map(file.header.map((column, i) => [column, record[i] ?? ""]));
}

/** The values that were sent, under the source columns that they came from. */
function mappedCells({ origin }: Located, csv: number, deps: RunDeps): Map<string, string> {
  const bytes = Buffer.alloc(origin.csvLength);
  readSync(csv, bytes, 0, bytes.length, origin.csvStart);
  const record = parseLine(bytes.toString("utf8"), ",", '"');
  const cells = new Map<string, string>();
  for (const { field, from } of deps.plan.mapping.spec.mapping) {
    const place = deps.plan.columns.findIndex((name) => name.toLowerCase() === field.toLowerCase());
    if (from !== null && place >= 0) cells.set(from, record[place] ?? "");
  }
  return cells;
}

function returnedCells(miss: Miss, columns: readonly string[]): string[] {
  const returned = miss.returned ?? {};
  const byName = new Map(
    Object.entries(returned).map(([name, text]) => [name.toLowerCase(), text]),
  );
  return [
    ...columns.map((column) => byName.get(column.toLowerCase()) ?? ""),
    "",
    "",
    miss.code,
    miss.message,
    miss.jobId,
    "as_returned",
  ];
}

function parseLine(line: string, delimiter: string, quote: string | false): string[] {
  const options = { delimiter, quote, relax_column_count: true, relax_quotes: true };
  return (parse(line, options) as string[][])[0] ?? [];
}
