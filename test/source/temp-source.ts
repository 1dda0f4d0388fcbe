import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { Diagnostic } from "../../engine/base/diagnostic.ts";
import type { SourceSpec } from "../../engine/config/sync-spec.ts";
import { openSource } from "../../engine/source/open-source.ts";
import type { OpenedFile } from "../../engine/source/opened-file.ts";
import { type ReadOptions, readRows } from "../../engine/source/read-rows.ts";
import { fieldText, ROW_OK } from "../../engine/source/row-block.ts";

/** A folder that is gone when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-source-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function sourceSpec(folder: string, more: Partial<SourceSpec> = {}): SourceSpec {
  return {
    files: ["*.csv"],
    folder,
    delimiter: null,
    quote: '"',
    encoding: "utf-8",
    comment: null,
    skipLines: 0,
    columns: null,
    ...more,
  };
}

export const AT = { file: "contacts.sync.yaml", line: 4, column: 10 };

export function open(source: SourceSpec) {
  return openSource({ source, projectFolder: source.folder, at: AT });
}

/** Writes one file, opens it, and expects that there is one. */
export async function openText(
  content: string | Uint8Array,
  more: Partial<SourceSpec> = {},
): Promise<{ readonly file: OpenedFile; readonly diagnostics: readonly Diagnostic[] }> {
  const folder = tempFolder();
  writeFileSync(path.join(folder, "a.csv"), content);
  const { files, diagnostics } = await open(sourceSpec(folder, more));
  const [file] = files;
  if (file === undefined) throw new Error(JSON.stringify(diagnostics));
  return { file, diagnostics };
}

export interface PlainRow {
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly fault: number;
  /** Texts of the fields of a sound row. */
  readonly fields: readonly string[];
}

/** All rows of a file as plain data. */
export async function rowsOf(file: OpenedFile, options: ReadOptions = {}): Promise<PlainRow[]> {
  const all: PlainRow[] = [];
  for await (const block of readRows(file, options)) {
    for (let row = 0; row < block.rowCount; row++) {
      const count = (block.fieldFirst[row + 1] ?? 0) - (block.fieldFirst[row] ?? 0);
      const fault = block.rowFault[row] ?? 0;
      all.push({
        line: block.rowLine[row] ?? 0,
        offset: block.rowOffset[row] ?? 0,
        length: block.rowLength[row] ?? 0,
        fault,
        fields:
          fault === ROW_OK ? Array.from({ length: count }, (_, i) => fieldText(block, row, i)) : [],
      });
    }
  }
  return all;
}
