import { EXPRESSION_RESULT_MAX, parseExpression } from "./cel-environment.ts";
import { columnsRead } from "./expression-columns.ts";
import type { ValueProblem } from "./value-problem.ts";

/** An expression ready for rows. */
export interface RowExpression {
  /** The source columns it looks at: only these need to become strings. */
  readonly columns: readonly string[];
  /** Whether its cost grows with more than the length of the texts: see `textMax`. */
  readonly textMax: number;
  evaluate(row: ReadonlyMap<string, string>): unknown;
}

/** Compiles a text that `checkExpression` accepted. */
export function compileRowExpression(text: string): RowExpression {
  const parsed = parseExpression(text);
  const makesLists = /\bsplit\s*\(/.test(text);
  return {
    columns: columnsRead(parsed.ast).all,
    textMax: makesLists ? LIST_TEXT_MAX : Number.POSITIVE_INFINITY,
    evaluate: (row) => parsed({ row }),
  };
}

/** Characters that an expression with split() may see in one row. Each part of a text can be looked
 *  for in all of it, so the cost grows with the square. */
const LIST_TEXT_MAX = 4096;

/** Computes an expression for a row, as the text of a cell; blank for null. */
export function evaluateText(
  expression: RowExpression,
  row: ReadonlyMap<string, string>,
): string | ValueProblem {
  const result = evaluateGuarded(expression, row);
  if (isProblem(result)) return result;
  const { value } = result;
  switch (typeof value) {
    case "string":
      if (value.length <= EXPRESSION_RESULT_MAX) return value;
      return failed(`it gives more than ${EXPRESSION_RESULT_MAX} characters`);
    case "number":
      return Number.isFinite(value) ? String(value) : failed("it gives no finite number");
    case "bigint":
    case "boolean":
      return String(value);
    default:
      // The only objects that a checked expression gives are null and unsigned numbers.
      return value === null || value === undefined ? "" : String(value);
  }
}

/** Computes a filter for a row: whether the row is kept. */
export function evaluateFilter(
  expression: RowExpression,
  row: ReadonlyMap<string, string>,
): boolean | ValueProblem {
  const result = evaluateGuarded(expression, row);
  if (isProblem(result)) return result;
  return typeof result.value === "boolean"
    ? result.value
    : failed("it gives neither true nor false");
}

function evaluateGuarded(
  expression: RowExpression,
  row: ReadonlyMap<string, string>,
): { readonly value: unknown } | ValueProblem {
  let length = 0;
  for (const text of row.values()) length += text.length;
  if (length > expression.textMax) {
    return failed(
      `it uses split() and the row has more than ${expression.textMax} characters for it`,
    );
  }
  try {
    return { value: expression.evaluate(row) };
  } catch (error) {
    const { summary } = error as { summary?: string };
    return failed(summary ?? (error instanceof Error ? error.message : String(error)));
  }
}

function isProblem(result: object): result is ValueProblem {
  return "code" in result;
}

function failed(why: string): ValueProblem {
  return {
    code: "EXPRESSION_FAILED",
    reason: `The expression could not be computed: ${why.replace(/\.$/, "")}.`,
  };
}
