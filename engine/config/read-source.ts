import { complain, type Draft, type Findings } from "./findings.ts";
import { pointerTo, textAt } from "./source-document.ts";
import type { SourceSpec } from "./sync-spec.ts";
import type { SourceYaml } from "./sync-yaml.generated.ts";

/** The source of a sync, its defaults filled in. */
export function readSource(
  findings: Findings,
  yaml: Draft<SourceYaml>,
  folder: string,
): SourceSpec {
  const { files } = yaml;
  const delimiter = readCharacter(findings, "/source/delimiter", yaml.delimiter);
  const quote = readCharacter(findings, "/source/quote", yaml.quote) ?? '"';
  if (delimiter !== null && delimiter === quote) {
    complain(findings, "CONFIG_BAD_VALUE", "/source/delimiter", {
      detail: "source.delimiter and source.quote are the same character, so fields have no end.",
    });
  }
  return {
    files: typeof files === "string" ? [files] : (files ?? []).filter((f) => f !== undefined),
    folder,
    delimiter,
    quote,
    encoding: yaml.encoding ?? "utf-8",
    comment: yaml.comment ?? null,
    skipLines: yaml.skipLines ?? 0,
    columns: yaml.columns === undefined ? null : readColumns(findings, yaml.columns),
  };
}

/** The scanner looks for one byte, which must not be part of another character. */
function readCharacter(
  findings: Findings,
  pointer: string,
  written: string | undefined,
): string | null {
  if (written === undefined) return null;
  if (/^[\t\x20-\x7e]$/.test(written) && !/[A-Za-z0-9]/.test(written)) return written;
  const isTab = /^(\\t|tab|tabulator)$/i.test(written);
  complain(findings, "CONFIG_BAD_VALUE", pointer, {
    detail: `${pointer.slice(1).replace("/", ".")} must be one ASCII character that is no letter or digit.`,
    hint: isTab ? 'For a tab, write "\\t" in double quotes.' : null,
  });
  return null;
}

function readColumns(findings: Findings, columns: readonly unknown[]): string[] {
  const names: string[] = [];
  for (const [i, column] of columns.entries()) {
    if (column === undefined) continue;
    const pointer = pointerTo("/source/columns", i);
    const name = textAt(findings.document, pointer);
    if (names.includes(name)) {
      complain(findings, "CONFIG_BAD_VALUE", pointer, {
        detail: `source.columns names "${name}" twice, so a mapping could not tell which is meant.`,
        hint: "Give each column a name of its own.",
      });
    }
    names.push(name);
  }
  return names;
}
