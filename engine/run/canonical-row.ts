/** The cells of one row as the engine itself writes it: commas, quotes doubled, quoted only where
 *  needed. Much cheaper than a parser of everybody's CSV. */
export function canonicalCells(row: string): string[] {
  const cells: string[] = [];
  let at = 0;
  const end = row.endsWith("\n") ? row.length - 1 : row.length;
  for (;;) {
    let next: number;
    if (row[at] === '"') {
      let close = row.indexOf('"', at + 1);
      while (close >= 0 && row[close + 1] === '"') close = row.indexOf('"', close + 2);
      if (close < 0) close = end;
      cells.push(row.slice(at + 1, close).replaceAll('""', '"'));
      next = close + 1;
    } else {
      const comma = row.indexOf(",", at);
      next = comma < 0 ? end : comma;
      cells.push(row.slice(at, next));
    }
    if (next >= end) return cells;
    at = next + 1;
    if (at === end) return [...cells, ""];
  }
}
