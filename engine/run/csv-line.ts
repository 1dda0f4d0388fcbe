/** A CSV line for a table that people open in a spreadsheet: fields are quoted where needed. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\n`;
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The header of a table that adds columns to the source's own. The added ones keep their names, which
 *  programs rely on; a source column of the same name is called `source_<name>`. */
export function headerWithAdded(own: readonly string[], added: readonly string[]): string[] {
  return [...own.map((name) => (added.includes(name) ? `source_${name}` : name)), ...added];
}
