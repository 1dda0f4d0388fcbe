import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolder, writeAll } from "../base/durable-file.ts";
import type { RowProblem } from "../mapping/row-program.ts";
import type { InvalidGroup } from "../plan/sync-plan.ts";
import type { OpenedFile } from "../source/opened-file.ts";
import { fieldText, type RowBlock } from "../source/row-block.ts";
import { csvLine, headerWithAdded } from "./csv-line.ts";

/** The table of rows that are not sent: every source column as it was read, then file, line, field,
 *  code and reason. Written only when there is such a row. */
export interface InvalidFile {
  add(block: RowBlock, row: number, problem: RowProblem): void;
  /** The file's path, null when no row was added; and the reasons with their counts, most first. */
  finish(): { readonly file: string | null; readonly groups: InvalidGroup[] };
}

export function newInvalidFile(file: string, sources: readonly OpenedFile[]): InvalidFile {
  const columns = [...new Set(sources.flatMap((source) => source.header))];
  const groups = new Map<string, { -readonly [K in keyof InvalidGroup]: InvalidGroup[K] }>();
  let descriptor: number | null = null;
  let waiting: string[] = [];

  const flush = () => {
    if (descriptor !== null) writeAll(descriptor, Buffer.from(waiting.join("")));
    waiting = [];
  };
  const open = () => {
    makeFolder(path.dirname(file));
    descriptor = openSync(`${file}.tmp`, "w");
    waiting.push(csvLine(headerWithAdded(columns, ADDED_COLUMNS)));
  };

  return {
    add(block, row, problem) {
      if (descriptor === null) open();
      const cells = cellsByColumn(block, row);
      const line = block.rowLine[row] ?? 0;
      waiting.push(
        csvLine([
          ...columns.map((column) => cells.get(column) ?? ""),
          block.file.shown,
          String(line),
          problem.field,
          problem.code,
          problem.reason,
        ]),
      );
      if (waiting.length >= LINES_PER_WRITE) flush();
      const name = `${problem.code} ${problem.field}`;
      const group = groups.get(name);
      if (group !== undefined) group.count++;
      else
        groups.set(name, {
          code: problem.code,
          field: problem.field,
          count: 1,
          file: block.file.shown,
          line,
        });
    },
    finish() {
      if (descriptor === null) {
        rmSync(file, { force: true });
        return { file: null, groups: [] };
      }
      flush();
      fsyncSync(descriptor);
      closeSync(descriptor);
      renameSync(`${file}.tmp`, file);
      return { file, groups: [...groups.values()].sort((a, b) => b.count - a.count) };
    },
  };
}

const ADDED_COLUMNS = ["file", "line", "field", "code", "reason"];
const LINES_PER_WRITE = 500;

function cellsByColumn(block: RowBlock, row: number): Map<string, string> {
  const count = (block.fieldFirst[row + 1] ?? 0) - (block.fieldFirst[row] ?? 0);
  const cells = new Map<string, string>();
  block.file.header.forEach((column, i) => {
    if (i < count) cells.set(column, fieldText(block, row, i));
  });
  return cells;
}
