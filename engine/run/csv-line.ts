/** A CSV line for a table that people open in a spreadsheet: fields are quoted where needed. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\n`;
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Columns that are added to the source's own, renamed where the source has one of that name: a reader
 *  by name must find both. */
export function addedColumns(own: readonly string[], added: readonly string[]): string[] {
  return added.map((name) => (own.includes(name) ? `sluice_${name}` : name));
}
