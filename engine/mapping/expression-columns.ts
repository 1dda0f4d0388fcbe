import type { ASTNode } from "@marcbachmann/cel-js";
import { childNodes, expressionEnvironment } from "./cel-environment.ts";

/** The source columns that an expression reads, in the order of its text; empty for a text that is
 *  no expression, which `checkExpression` reports. Those it only asks for with `has()` are left out:
 *  a column that may be missing is what `has` is for. */
export function expressionColumns(text: string): readonly string[] {
  try {
    return columnsRead(expressionEnvironment().parse(text).ast).needed;
  } catch {
    return [];
  }
}

/** Columns that an expression must find, and all that it looks at. */
export interface ColumnsRead {
  readonly needed: readonly string[];
  readonly all: readonly string[];
}

/** Reads the columns off the tree. Complete, because `row` is never used as a whole. */
export function columnsRead(root: ASTNode): ColumnsRead {
  const needed = new Set<string>();
  const all = new Set<string>();
  const visit = (node: ASTNode, asked: boolean) => {
    const column = readColumn(node);
    if (column !== null) {
      all.add(column);
      if (!asked) needed.add(column);
      return;
    }
    const asks = node.op === "call" && node.args[0] === "has";
    for (const child of childNodes(node)) visit(child, asks);
  };
  visit(root, false);
  return { needed: [...needed], all: [...all] };
}

/** The name in `row.name` or `row["any name"]`; null for every other node. */
export function readColumn(node: ASTNode): string | null {
  if (node.op === "." && isRow(node.args[0])) return node.args[1];
  if (node.op !== "[]" || !isRow(node.args[0])) return null;
  const [, index] = node.args;
  return index.op === "value" && typeof index.args === "string" ? index.args : null;
}

function isRow(node: ASTNode): boolean {
  return node.op === "id" && node.args === "row";
}
