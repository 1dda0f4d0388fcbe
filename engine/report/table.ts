import { hanging } from "./text-block.ts";
import { displayWidth } from "./text-width.ts";

/** Columns side by side, as wide as their widest cell, numbers to the right; the header in the first
 *  line. On a page that is narrower, a block for each row: its first cell, and below it the others
 *  with their names. */
export function stdTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const widths = header.map((name, column) =>
    Math.max(displayWidth(name), ...rows.map((row) => displayWidth(row[column] ?? ""))),
  );
  const total = widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length);
  if (total > width && rows.length > 0) return rowBlocks(header, rows, width);
  const isNumber = header.map((_, column) => rows.every((row) => NUMBER.test(row[column] ?? "")));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const room = " ".repeat((widths[column] ?? 0) - displayWidth(cell));
        return isNumber[column] ? room + cell : cell + room;
      })
      .join(GAP)
      .trimEnd();
  return `${[header, ...rows].map(line).join("\n")}\n`;
}

const GAP = "  ";

/** 1,234 or 2.3 s or 3 min 4 s, or nothing. */
const NUMBER = /^(?:\d[\d,.]*(?: (?:s|min|h))?(?: \d+ (?:s|min))?)?$/;

function rowBlocks(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const names = Math.max(...header.slice(1).map(displayWidth));
  const blocks = rows.map(([title = "", ...cells]) =>
    [
      title,
      ...cells.flatMap((cell, i) => {
        const name = header[i + 1] ?? "";
        const first = `  ${name}${" ".repeat(names - displayWidth(name))}  `;
        return cell === "" ? [] : hanging(cell, { width, first, rest: " ".repeat(names + 4) });
      }),
      "",
    ].join("\n"),
  );
  return blocks.join("\n");
}
