import {
  type Diagnostic,
  errorDiagnostic,
  type Position,
  warningDiagnostic,
} from "../base/diagnostic.ts";
import { COLUMNS_MAX } from "./row-block.ts";

/** A cell of the header as written, and where it stands. */
export interface HeaderCell {
  readonly text: string;
  readonly at: Position;
}

/** Makes column names of header cells. A name is the cell without the white space around it and
 *  in Unicode's composed form, so that "Müller" is one name on every system; case, inner spaces
 *  and everything else stay. What could surprise whoever writes the mapping is reported. */
export function readHeader(
  cells: readonly HeaderCell[],
  at: Position,
): { readonly header: readonly string[]; readonly diagnostics: readonly Diagnostic[] } {
  if (cells.length > COLUMNS_MAX) {
    const detail = `The header has more than ${COLUMNS_MAX.toLocaleString("en")} columns.`;
    const hint = "Export only the columns that are mapped. Is the delimiter right?";
    return {
      header: [],
      diagnostics: [errorDiagnostic("SOURCE_HEADER_WIDE", { detail, hint, at })],
    };
  }
  const header = cells.map(({ text }) => text.trim().normalize("NFC"));
  const diagnostics = [
    ...unnamed(header, cells),
    ...invisible(header, cells),
    ...alike(header, cells),
  ];
  return { header, diagnostics };
}

function unnamed(header: readonly string[], cells: readonly HeaderCell[]): Diagnostic[] {
  const blank = header.flatMap((name, i) => (name === "" ? [i] : []));
  const [first] = blank;
  if (first === undefined) return [];
  const which = blank.map((i) => i + 1).join(", ");
  return [
    warningDiagnostic("SOURCE_HEADER_EMPTY", {
      detail: `${blank.length === 1 ? "Column" : "Columns"} ${which} of ${header.length} ${blank.length === 1 ? "has" : "have"} no name in the header, and so can't be mapped.`,
      at: cells[first]?.at,
    }),
  ];
}

/** No-break, typographic and zero-width spaces, soft hyphens, direction marks. */
const INVISIBLE = /[\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]/u;

function invisible(header: readonly string[], cells: readonly HeaderCell[]): Diagnostic[] {
  return header.flatMap((name, i) => {
    const character = INVISIBLE.exec(name)?.[0];
    if (character === undefined) return [];
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return warningDiagnostic("SOURCE_HEADER_SIMILAR", {
      detail: `The name of column ${i + 1}, "${name}", holds the invisible character U+${code}. A mapping must repeat it exactly.`,
      hint: "Better rename the column in the export.",
      at: cells[i]?.at,
    });
  });
}

function alike(header: readonly string[], cells: readonly HeaderCell[]): Diagnostic[] {
  const exact = new Map<string, number>();
  const similar = new Map<string, number>();
  return header.flatMap((name, i) => {
    if (name === "") return [];
    const folded = name.toLowerCase().replace(IGNORED, "");
    const same = exact.get(name);
    const near = similar.get(folded);
    if (same === undefined) exact.set(name, i);
    if (near === undefined) similar.set(folded, i);
    const at = cells[i]?.at;
    if (same !== undefined) {
      return errorDiagnostic("SOURCE_HEADER_DUPLICATE", {
        detail: `Columns ${same + 1} and ${i + 1} are both named "${name}", so a mapping could not say which is meant.`,
        hint: "Rename one of them in the export.",
        at,
      });
    }
    if (near === undefined) return [];
    return warningDiagnostic("SOURCE_HEADER_SIMILAR", {
      detail: `Columns ${near + 1} and ${i + 1} have almost the same name: "${header[near]}" and "${name}".`,
      hint: "Make sure that the mapping names the one that is meant.",
      at,
    });
  });
}

/** Differences that an eye passes over. */
const IGNORED = new RegExp(`${INVISIBLE.source}|[\\s_]`, "gu");
