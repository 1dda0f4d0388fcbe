import type { ASTNode } from "@marcbachmann/cel-js";
import {
  childNodes,
  EXPRESSION_TEXT_MAX,
  expressionEnvironment,
  methodStart,
} from "./cel-environment.ts";
import { readColumn } from "./expression-columns.ts";
import { PatternError } from "./pattern-tree.ts";
import { compilePattern } from "./text-pattern.ts";

export type ExpressionKind = "where" | "expr";

/** What is wrong with an expression, as sentences, and where in its text, counted from 1. */
export interface ExpressionProblem {
  readonly message: string;
  readonly column: number | null;
}

/** Parses, type-checks and prices an expression without a row; null when it can be used. What passes
 *  here has a bounded cost: no clock, no randomness, no loop in a loop, no pattern that backtracks,
 *  and no text that is multiplied by another. */
export function checkExpression(
  text: string,
  { kind }: { readonly kind: ExpressionKind },
): ExpressionProblem | null {
  if (text.length > EXPRESSION_TEXT_MAX) {
    return {
      message: `The expression is longer than ${EXPRESSION_TEXT_MAX} characters.`,
      column: null,
    };
  }
  const environment = expressionEnvironment();
  let root: ASTNode;
  try {
    root = environment.parse(text).ast;
  } catch (error) {
    return celProblem(error);
  }
  const costly = findCostly(root);
  if (costly !== null) return costly;
  const checked = environment.check(text);
  if (!checked.valid) return celProblem(checked.error);
  const type = checked.type ?? "dyn";
  const allowed = kind === "where" ? ["bool"] : RESULTS;
  if (allowed.includes(type)) return null;
  const wanted = kind === "where" ? "true or false" : "a text, a number, true or false, or null";
  return { message: `The expression must give ${wanted}, and gives a ${type}.`, column: null };
}

const RESULTS = ["string", "bool", "int", "uint", "double", "null", "null_type"];

/** Functions whose cost is bounded by the length of the texts they are given. */
const FUNCTIONS = new Set(
  (
    "size startsWith endsWith contains lowerAscii upperAscii trim indexOf lastIndexOf substring " +
    "replace padStart split join matches int uint double bool string has all exists exists_one filter map"
  ).split(" "),
);
const LOOPS = new Set(["all", "exists", "exists_one", "filter", "map"]);
/** How often functions can be used whose costs multiply when they meet. */
const USES_MAX: Readonly<Record<string, number>> = { map: 1, join: 1, split: 4, matches: 10 };
/** What each element of a list would have to pay for again. */
const NOT_IN_LOOPS = ["split", "join", "replace", "padStart", "matches"];
/** Operations inside one loop: what each element may cost. */
const LOOP_NODES_MAX = 60;

function findCostly(root: ASTNode): ExpressionProblem | null {
  const used: string[] = [];
  const visit = (node: ASTNode, loop: string | null): ExpressionProblem | null => {
    if (readColumn(node) !== null) {
      return loop === "map"
        ? problem(node, "Inside map(), only the element can be used, not row.")
        : null;
    }
    if (node.op === "id" && node.args === "row") return problem(node, ROW_WHOLE);
    if (node.op !== "call" && node.op !== "rcall") return visitAll(childNodes(node), loop);
    const name = node.args[0];
    const misuse = callProblem(node, { name, used, loop });
    if (misuse !== null) return misuse;
    used.push(name);
    if (node.op === "call") return visitAll(node.args[1], loop);
    // The list is outside the loop, the body is in it.
    const [, receiver, args] = node.args;
    return visit(receiver, loop) ?? visitAll(args, LOOPS.has(name) ? name : loop);
  };
  const visitAll = (nodes: readonly ASTNode[], loop: string | null): ExpressionProblem | null => {
    for (const node of nodes) {
      const found = visit(node, loop);
      if (found !== null) return found;
    }
    return null;
  };
  return visit(root, null);
}

interface CallPlace {
  readonly name: string;
  readonly used: readonly string[];
  readonly loop: string | null;
}

function callProblem(node: ASTNode & { op: "call" | "rcall" }, { name, used, loop }: CallPlace) {
  if (!FUNCTIONS.has(name))
    return problem(node, UNAVAILABLE[name] ?? `There is no function ${name}().`);
  const usesMax = USES_MAX[name] ?? Number.POSITIVE_INFINITY;
  if (used.filter((other) => other === name).length >= usesMax) {
    const times = usesMax === 1 ? "once" : `${usesMax} times`;
    return problem(
      node,
      `${name}() can be used ${times} in an expression, so that its cost stays bounded.`,
    );
  }
  if (loop !== null && NOT_IN_LOOPS.includes(name)) {
    return problem(node, `${name}() cannot stand inside ${loop}().`);
  }
  if (LOOPS.has(name)) {
    if (loop !== null) {
      return problem(
        node,
        `${name}() inside ${loop}() is a loop in a loop, whose cost is not bounded.`,
      );
    }
    if (countNodes(node) > LOOP_NODES_MAX)
      return problem(node, `The loop of ${name}() is too long.`);
  }
  return node.op === "rcall" ? argumentProblem(node) : null;
}

/** Separators and patterns must stand in the expression: a row must not choose what it costs. */
function argumentProblem(node: ASTNode & { op: "rcall" }): ExpressionProblem | null {
  const [name, , [argument]] = node.args;
  if (argument === undefined || !["split", "join", "matches"].includes(name)) return null;
  if (argument.op !== "value" || typeof argument.args !== "string") {
    const what = name === "matches" ? "pattern" : "separator";
    return problem(node, `The ${what} of ${name}() must be a text in quotes.`);
  }
  if (name !== "matches") return null;
  try {
    compilePattern(argument.args);
    return null;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return problem(argument, `The pattern can't be used. ${error.message}`);
  }
}

const ROW_WHOLE =
  'row cannot be used as a whole. Read a column with row.name or row["any name"]: the name must stand there.';

/** Functions of CEL that are left out, and what to do instead. */
const UNAVAILABLE: Readonly<Record<string, string>> = {
  timestamp: "timestamp() is not available in expressions. Map the column with date: or dateTime:.",
  duration: "duration() is not available in expressions.",
  now: "now() is not available: an expression gives the same value whenever it is computed.",
  bind: "bind() is not available: it can multiply a text without bound.",
  dyn: "dyn() is not available: the types of an expression are known beforehand.",
  lower: "The function is called lowerAscii().",
  upper: "The function is called upperAscii().",
};

function countNodes(node: ASTNode): number {
  return childNodes(node).reduce((count, child) => count + countNodes(child), 1);
}

function problem(node: ASTNode, message: string): ExpressionProblem {
  const at = node.op === "rcall" ? methodStart(node) : node.start;
  return { message, column: at + 1 };
}

/** The library's errors carry a summary and a range; its message also holds a drawing of them. */
function celProblem(error: unknown): ExpressionProblem {
  const { summary, range } = error as { summary?: string; range?: { start: number } };
  const message = summary ?? (error instanceof Error ? error.message : String(error));
  return {
    message: `${message.endsWith(".") ? message : `${message}.`}`,
    column: range === undefined ? null : range.start + 1,
  };
}
