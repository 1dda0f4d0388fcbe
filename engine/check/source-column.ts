import type { Diagnostic } from "../base/diagnostic.ts";
import { suggest } from "../base/suggest.ts";
import {
  type CheckContext,
  listed,
  pointerTo,
  refuse,
  type SourceHeader,
} from "./check-context.ts";

/** Every column that a mapping or an expression reads must be in every source file: a file without it
 *  would send blanks as if the source had said so. */
export function checkSourceColumn(context: CheckContext): Diagnostic[] {
  const { spec, files } = context;
  if (files === null || files.length === 0) return [];
  return columnsRead(context).flatMap(({ column, pointer }) => {
    const without = files.filter(({ header }) => !header.includes(column));
    if (without.length === 0) return [];
    const everywhere = without.length === files.length;
    const first = without[0] ?? files[0];
    if (first === undefined) return [];
    return refuse(spec, "CHECK_COLUMN_MISSING", pointer, {
      detail: everywhere
        ? `No source file has a column "${column}".`
        : `The column "${column}" is missing in ${shownFiles(without)}, while ${files.length - without.length} of ${files.length} files have it.`,
      hint: hintFor(column, first),
    });
  });
}

interface ColumnRead {
  readonly column: string;
  readonly pointer: string;
}

function columnsRead({ columns, expressionColumns }: CheckContext): ColumnRead[] {
  const read: ColumnRead[] = columns.flatMap(({ mapping, pointer }) =>
    mapping.from === null ? [] : [{ column: mapping.from, pointer: `${pointer}/from` }],
  );
  for (const [place, names] of expressionColumns ?? []) {
    const pointer = place === "where" ? "/where" : `${pointerTo("/mapping", place)}/expr`;
    for (const column of names) read.push({ column, pointer });
  }
  return read;
}

const FILES_SHOWN_MAX = 3;
const COLUMNS_SHOWN_MAX = 30;

function shownFiles(files: readonly SourceHeader[]): string {
  const shown = files.slice(0, FILES_SHOWN_MAX).map((file) => file.shown);
  const more = files.length - shown.length;
  return listed(more > 0 ? [...shown, `${more} more`] : shown);
}

function hintFor(column: string, { header, shown }: SourceHeader): string {
  const twin = header.find((name) => fold(name) === fold(column));
  if (twin !== undefined) {
    return `${shown} has "${twin}", which differs in ${differenceOf(column, twin)}. Names must match exactly.`;
  }
  const near = suggest(column, header);
  // Two edits make nearly any short name of another; a shared first letter makes it likely.
  if (near !== null && (column.length > 4 || fold(near)[0] === fold(column)[0]))
    return `Did you mean "${near}"?`;
  const names = header.slice(0, COLUMNS_SHOWN_MAX);
  const more = header.length - names.length;
  return `${shown} has these columns: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

/** Names that look alike to a reader are equal after this. */
function fold(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(INVISIBLE, "");
}

/** White space of any kind, and characters that show nothing: joiners, marks of direction, the BOM. */
const INVISIBLE = /[\s\p{Cf}_-]/gu;

function differenceOf(column: string, twin: string): string {
  if (column.toLowerCase() === twin.toLowerCase()) return "letter case";
  if (/[\p{Cf}\u00a0\u2000-\u200a\u202f\u3000]/u.test(column + twin)) {
    return "a character that does not show, such as a no-break space";
  }
  return "spaces, hyphens or underscores";
}
