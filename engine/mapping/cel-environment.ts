import { type ASTNode, Environment, type ParseResult } from "@marcbachmann/cel-js";
import { compilePattern } from "./text-pattern.ts";

/** Longest expression text, in characters: a mapping is no place for programs. */
export const EXPRESSION_TEXT_MAX = 10_000;

/** The one environment of every expression: `row` and nothing else. Its limits bound how large an
 *  expression can be; `check-expression.ts` bounds what it can cost. */
export function expressionEnvironment(): Environment {
  environment ??= new Environment({
    limits: {
      maxAstNodes: 1000,
      maxDepth: 50,
      maxListElements: 500,
      maxMapEntries: 100,
      maxCallArguments: 8,
    },
  })
    .registerVariable("row", "map<string, string>")
    .registerFunction("string.replace(string, string): string", replace)
    .registerFunction("string.padStart(int, string): string", padStart)
    .registerFunction(`string.${SAFE_MATCHES}(string): bool`, matchesSafely);
  return environment;
}

let environment: Environment | null = null;

/** Parses and type-checks; the caller has checked the same text before. */
export function parseExpression(text: string): ParseResult {
  const environment = expressionEnvironment();
  const names: number[] = [];
  const visit = (node: ASTNode): void => {
    if (node.op === "rcall" && node.args[0] === "matches") names.push(methodStart(node));
    for (const child of childNodes(node)) visit(child);
  };
  visit(environment.parse(text).ast);
  // The library's matches() backtracks, and can't be replaced under its own name.
  const safe = names
    .toSorted((a, b) => b - a)
    .reduce(
      (rest, at) => rest.slice(0, at) + SAFE_MATCHES + rest.slice(at + "matches".length),
      text,
    );
  const parsed = environment.parse(safe);
  parsed.check();
  return parsed;
}

/** Where the name of a method stands in the text: behind its receiver. */
export function methodStart(node: ASTNode & { readonly op: "rcall" }): number {
  return node.input.indexOf(node.args[0], node.args[1].end);
}

const SAFE_MATCHES = "matchesInLinearTime";

/** `matches` without backtracking. The patterns of a spec are few: each is compiled once. */
function matchesSafely(text: string, pattern: string): boolean {
  if (text.length > MATCHED_TEXT_MAX) {
    throw new Error(`matches() reads texts of at most ${MATCHED_TEXT_MAX} characters`);
  }
  let test = compiledPatterns.get(pattern);
  if (test === undefined) {
    if (compiledPatterns.size >= COMPILED_PATTERNS_MAX) compiledPatterns.clear();
    test = compilePattern(pattern);
    compiledPatterns.set(pattern, test);
  }
  return test(text);
}

const compiledPatterns = new Map<string, (text: string) => boolean>();
const COMPILED_PATTERNS_MAX = 100;
const MATCHED_TEXT_MAX = 10_000;

/** The children of a node, in the order of the text. */
export function childNodes(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "list":
      return node.args;
    case "map":
      return node.args.flat();
    case "!_":
    case "-_":
      return [node.args];
    default:
      return node.args;
  }
}

/** All that a text can grow to inside an expression: the most a Salesforce field holds. */
export const EXPRESSION_RESULT_MAX = 131_072;

function replace(text: string, from: string, to: string): string {
  const times = text.split(from).length - 1;
  // Counted before anything is built, so that a hostile pair of texts costs no memory.
  const length = text.length + times * (to.length - from.length);
  if (length > EXPRESSION_RESULT_MAX) throw new Error("the text became too long");
  return text.replaceAll(from, () => to);
}

function padStart(text: string, length: bigint, pad: string): string {
  if (length > PAD_MAX) throw new Error(`padStart makes texts of at most ${PAD_MAX} characters`);
  return text.padStart(Number(length), pad);
}

const PAD_MAX = 255;
