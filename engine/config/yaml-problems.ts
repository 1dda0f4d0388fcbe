import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type ParsedNode,
  visit,
  type YAMLError,
} from "yaml";
import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import { type FileLines, positionAt, scalarText } from "./index-nodes.ts";

/** Says in plain words what is wrong with the YAML itself: mistakes of syntax, and features of YAML
 *  that are refused because they hide what a spec says. */
export function explainYamlProblems(
  documents: readonly Document.Parsed<ParsedNode>[],
  text: string,
  file: FileLines,
): Diagnostic[] {
  const [first, second] = documents;
  if (first === undefined) return [];
  const syntax = first.errors.slice(0, SYNTAX_ERRORS_MAX).map((e) => explainError(e, text, file));
  const features = findFeatures(first, text, file);
  // An alias that YAML cannot parse on from explains the errors after it.
  const problems = dropEchoes([...features, ...syntax]);
  if (second !== undefined && first.errors.length === 0) {
    const offset = second.contents?.range[0] ?? second.range[0];
    problems.push(
      errorDiagnostic("CONFIG_YAML_FEATURE", {
        detail: "A second YAML document begins here. A file holds one, so that it has one name.",
        hint: "Move it to a file of its own, or remove the line `---` or `...` before it.",
        at: positionAt(offset, file),
      }),
    );
  }
  return problems;
}

/** After the first mistakes YAML's further ones are mostly their echo. */
const SYNTAX_ERRORS_MAX = 3;

/** Of several problems in one line only the first is sure; the others follow from it. */
function dropEchoes(problems: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const where = problem.code === "CONFIG_KEY_TWICE" ? `twice:${problem.line}` : `${problem.line}`;
    if (seen.has(where)) return false;
    seen.add(where);
    return true;
  });
}

function explainError(error: YAMLError, text: string, file: FileLines): Diagnostic {
  const at = positionAt(error.pos[0], file);
  const rest = lineFrom(text, error.pos[0]);
  if (error.code === "DUPLICATE_KEY") {
    const key = /^(?:"[^"]*"|'[^']*'|[^:\s]+)/.exec(rest)?.[0] ?? rest;
    return errorDiagnostic("CONFIG_KEY_TWICE", {
      detail: `The key ${quoted(key)} stands here a second time in the same mapping; only one of the two values could be used.`,
      hint: "Remove one of the two.",
      at,
    });
  }
  const line = text.split("\n")[(at.line ?? 1) - 1] ?? "";
  const [detail, hint] = wordsFor(error, line, rest);
  return errorDiagnostic("CONFIG_YAML", { detail, hint, at });
}

function wordsFor(error: YAMLError, line: string, rest: string): [string, string | null] {
  if (/[{[].*\$\{/.test(line) && error.code === "UNEXPECTED_TOKEN") {
    return [
      "A reference stands unquoted inside braces or brackets, where YAML takes its { and } for its own.",
      'Quote it, as in { clientId: "${env:SF_CLIENT_ID}" }.',
    ];
  }
  switch (error.code) {
    case "TAB_AS_INDENT":
      return ["The line is indented with a tab. YAML allows only spaces there.", "Use two spaces."];
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      return [
        "A second colon makes this a mapping inside a mapping, or the line is indented more than the one it belongs to.",
        "Put a text that holds `: ` in quotes, or mend the indentation.",
      ];
    case "BAD_INDENT":
      return [
        "The indentation does not fit what is open here: a list or mapping in brackets may not be closed, or a line is indented too little.",
        "Close the bracket, or indent the line like its neighbours.",
      ];
    case "MISSING_CHAR":
      return missingChar(error.message);
    case "BAD_SCALAR_START":
      return [`A text without quotes cannot begin with ${rest.slice(0, 1)}.`, "Put it in quotes."];
    default:
      return [`${error.message.split("\n")[0]?.replace(/\.?$/, ".")}`, null];
  }
}

function missingChar(message: string): [string, string | null] {
  if (message.includes("quote")) {
    return ["A quote is opened and never closed.", "Close the quote, or double a quote inside it."];
  }
  if (message.includes("indicator")) {
    return ["A colon or a dash is missing.", "A key is followed by a colon and a space."];
  }
  return [`${message.split("\n")[0]?.replace(/\.?$/, ".")}`, null];
}

function findFeatures(
  document: Document.Parsed<ParsedNode>,
  text: string,
  file: FileLines,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  const refuse = (offset: number, detail: string, hint: string) =>
    found.push(
      errorDiagnostic("CONFIG_YAML_FEATURE", { detail, hint, at: positionAt(offset, file) }),
    );
  visit(document, {
    Node(_key, node) {
      if (!isNode(node) || !node.range) return;
      const offset = node.range[0];
      if (isAlias(node)) {
        refuse(
          offset,
          `YAML takes a * at the start of a value for an alias, that is a copy of something elsewhere; aliases are refused.`,
          /^\*(\/| )/.test(lineFrom(text, offset))
            ? 'Put the pattern in quotes, as in cron: "*/15 * * * *".'
            : "Write the value out, or put a text that begins with * in quotes.",
        );
        return;
      }
      if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) {
        refuse(
          offset,
          `The anchor &${node.anchor} names a value to be copied elsewhere. Anchors are refused, so that a spec says everything where it is used.`,
          "Remove the anchor, and write the value out where it is needed; a text that begins with & goes in quotes.",
        );
      }
      if (node.tag !== undefined && hasExplicitTag(node, text)) {
        refuse(
          offset,
          "A tag (a word that begins with !) tells YAML of which kind a value is. Tags are refused: the key decides that.",
          "Remove the tag; a text that begins with ! goes in quotes.",
        );
      }
    },
    Pair(_key, pair) {
      const key = pair.key;
      if (isScalar(key) && key.range && scalarText(key) === "<<" && key.type === "PLAIN") {
        refuse(
          key.range[0],
          "The merge key << copies another mapping into this one. It is refused, so that a spec says everything where it is used.",
          "Write the keys out.",
        );
      } else if (isNode(key) && !isScalar(key) && !isAlias(key) && key.range) {
        refuse(
          key.range[0],
          "A list or mapping is used as a key here. Keys are texts.",
          "A reference such as ${env:X}, or a text that begins with { or [, goes in quotes.",
        );
      }
    },
  });
  return found;
}

/** The parser gives every collection a tag; only one that stands in the text was the user's. */
function hasExplicitTag(node: { range?: readonly number[] | null }, text: string): boolean {
  const offset = node.range?.[0] ?? 0;
  const before = text.slice(Math.max(0, offset - TAG_LENGTH_MAX), offset);
  return /(^|[\s,:[{-])!\S*\s+(&\S+\s+)?$/.test(before) || text[offset] === "!";
}

const TAG_LENGTH_MAX = 200;

function lineFrom(text: string, offset: number): string {
  return text.slice(offset).split(/\r?\n/, 1)[0] ?? "";
}

function quoted(key: string): string {
  return /^["']/.test(key) ? key : `"${key}"`;
}
