import { type Diagnostic, hasErrors, type Position } from "../base/diagnostic.ts";
import type { SourceSpec } from "../config/sync-spec.ts";
import { listFiles } from "./list-files.ts";
import { openFile } from "./open-file.ts";
import type { OpenedFile } from "./opened-file.ts";
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
  const diagnostics = [...settings.diagnostics, ...listed.diagnostics];
  const files: OpenedFile[] = [];
  if (settings.bytes === null) return { files, diagnostics };
  for (const stored of listed.files) {
    const opened = await openFile({ stored, index: files.length, source, bytes: settings.bytes });
    diagnostics.push(...opened.diagnostics);
    if (opened.file !== null && !hasErrors(opened.diagnostics)) files.push(opened.file);
  }
  return { files, diagnostics };
}
