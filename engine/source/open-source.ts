import { type Diagnostic, hasErrors, type Position } from "../base/diagnostic.ts";
import type { SourceSpec } from "../config/sync-spec.ts";
import { listFiles } from "./list-files.ts";
import { openFile } from "./open-file.ts";
import type { OpenedFile } from "./opened-file.ts";
import { readHeader } from "./read-header.ts";
import { sourceBytes } from "./source-bytes.ts";

/** Takes a spec's source, gives its files in a stable order with header, delimiter and encoding.
 *  Reads the beginning of each file, never its rows. What is wrong with a spec or a file is a
 *  diagnostic; that the system refuses a file is thrown. A file with an error is left out.
 *  `at` is the place of `source.files` in the spec. */
export async function openSource(input: {
  readonly source: SourceSpec;
  readonly projectFolder: string;
  readonly at: Position;
}): Promise<{
  readonly files: readonly OpenedFile[];
  readonly diagnostics: readonly Diagnostic[];
}> {
  const { source, projectFolder, at } = input;
  const settings = sourceBytes(source, at);
  const listed = await listFiles({
    patterns: source.files,
    folder: source.folder,
    projectFolder,
    at,
  });
  const columns = givenColumns(source, at);
  const diagnostics = [...settings.diagnostics, ...columns.diagnostics, ...listed.diagnostics];
  const files: OpenedFile[] = [];
  const { bytes } = settings;
  if (bytes === null || hasErrors(columns.diagnostics)) return { files, diagnostics };
  for (const stored of listed.files) {
    const index = files.length;
    const opened = await openFile({ stored, index, source, bytes, columns: columns.header });
    diagnostics.push(...opened.diagnostics);
    if (opened.file !== null && !hasErrors(opened.diagnostics)) files.push(opened.file);
  }
  return { files, diagnostics };
}

/** Columns that the spec names, held to the rules of a header once and not in every file. */
function givenColumns(
  { columns }: SourceSpec,
  at: Position,
): { readonly header: readonly string[] | null; readonly diagnostics: readonly Diagnostic[] } {
  if (columns === null) return { header: null, diagnostics: [] };
  return readHeader(
    columns.map((text) => ({ text, at })),
    at,
  );
}
