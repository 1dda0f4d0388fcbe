import {
  type Document,
  isCollection,
  isScalar,
  type ParsedNode,
  visit,
  type YAMLError,
} from "yaml";
import { type Diagnostic, errorDiagnostic } from "../base/diagnostic.ts";
import { type FileLines, positionAt } from "./index-nodes.ts";
import { findYamlFeatures } from "./yaml-features.ts";

/** Says in plain words what is wrong with the YAML itself: mistakes of syntax, and features of YAML
 *  that are refused. */
export function explainYamlProblems(
  documents: readonly Document.Parsed<ParsedNode>[],
  text: string,
  file: FileLines,
): Diagnostic[] {
  const [first, second] = documents;
  if (first === undefined) return [];
  // An alias or an anchor that the parser stumbles over explains the errors after it: it goes first.
  const problems = [...findYamlFeatures(first, text, file), ...explainErrors(first, text, file)];
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
  return firstOfEachLine(problems);
}

/** After the first mistakes YAML's further ones are mostly their echo. */
const SYNTAX_ERRORS_MAX = 3;

function explainErrors(
  document: Document.Parsed<ParsedNode>,
  text: string,
  file: FileLines,
): Diagnostic[] {
  const multiline = document.errors.find(({ code }) => code === "MULTILINE_IMPLICIT_KEY");
  // The two come together, and this one knows where the second line is.
  const errors = document.errors.filter(
    ({ code, pos }) => code !== "BLOCK_AS_IMPLICIT_KEY" || pos[0] !== multiline?.pos[0],
  );
  const twice = errors.filter(({ code }) => code === "DUPLICATE_KEY");
  const syntax = errors.filter(({ code }) => code !== "DUPLICATE_KEY").slice(0, SYNTAX_ERRORS_MAX);
  return [...twice, ...syntax].map((error) => {
    const { code, detail, hint, offset } = wordsFor(error, document, text);
    return errorDiagnostic(code, { detail, hint, at: positionAt(offset, file) });
  });
}

/** Of several mistakes in one line only the first is sure; the others follow from it. */
function firstOfEachLine(problems: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<number | null>();
  return problems.filter(({ line }) => {
    if (seen.has(line)) return false;
    seen.add(line);
    return true;
  });
}

interface Words {
  readonly code: "CONFIG_YAML" | "CONFIG_KEY_TWICE";
  readonly detail: string;
  readonly hint: string | null;
  readonly offset: number;
}

function wordsFor(error: YAMLError, document: Document.Parsed, text: string): Words {
  const offset = error.pos[0];
  const rest = restOfLine(text, offset);
  const yaml = (detail: string, hint: string | null, at = offset): Words => ({
    code: "CONFIG_YAML",
    detail,
    hint,
    offset: at,
  });
  if (error.code === "UNEXPECTED_TOKEN" && /[{[].*\$\{/.test(lineAround(text, offset))) {
    return yaml(
      "A reference stands unquoted inside braces or brackets, where YAML takes its { and } for its own.",
      'Quote it, as in { clientId: "${env:SF_CLIENT_ID}" }.',
    );
  }
  if (error.message.startsWith("Maximum call stack")) {
    // How deep the parser came depends on the room it found: no place to name.
    return yaml(
      "Lists or mappings are nested thousands of levels deep.",
      "Is this the right file?",
      0,
    );
  }
  switch (error.code) {
    case "DUPLICATE_KEY":
      return duplicateKey(offset, rest);
    case "TAB_AS_INDENT":
      return yaml("The line is indented with a tab. YAML allows only spaces.", "Use two spaces.");
    case "MULTILINE_IMPLICIT_KEY":
      return multilineKey(error, text);
    case "BLOCK_AS_IMPLICIT_KEY":
      return yaml(
        "A second colon makes this a mapping inside a mapping, in one line.",
        "Put a text that holds `: ` in quotes.",
      );
    case "BAD_INDENT":
    case "MISSING_CHAR":
      return unclosed(error, document, text);
    case "BAD_DQ_ESCAPE":
      return yaml(
        "In double quotes a backslash begins an escape, and this is none that YAML knows.",
        "Double the backslash, or use single quotes.",
      );
    case "BLOCK_IN_FLOW":
      return yaml(
        "Inside braces or brackets a comma or a closing bracket is missing before this.",
        "Separate entries by commas: { from: last_name, transform: [trim] }.",
      );
    case "UNEXPECTED_TOKEN":
      return yaml(
        "This stands where the value before it has ended already.",
        "Put the whole text in quotes, or on a line of its own.",
      );
    case "BAD_SCALAR_START":
      return yaml(`A text without quotes cannot begin with ${rest[0]}.`, "Put it in quotes.");
    default:
      return yaml(sentence(error.message), null);
  }
}

function duplicateKey(offset: number, rest: string): Words {
  // Only what is surely a key is repeated: in a broken line the rest could be anything.
  const key = /^["']?([\w.:-]{1,64})["']?\s*:(\s|$)/.exec(rest)?.[1];
  return {
    code: "CONFIG_KEY_TWICE",
    detail: `${key === undefined ? "This key" : `The key "${key}"`} stands here a second time in the same mapping; only one of the two values could be used.`,
    hint: "Remove one of the two.",
    offset,
  };
}

/** YAML took two lines for one text: the first lacks the space after its colon, or the second is
 *  indented too much. */
function multilineKey({ pos: [start, end] }: YAMLError, text: string): Words {
  const first = restOfLine(text, start);
  const glued = /^([\w.-]+):((?!\/\/)\S.*)$/.exec(first);
  if (glued !== null) {
    return {
      code: "CONFIG_YAML",
      detail: "The space after the colon is missing, so this is no key with a value.",
      // A value with digits could be a secret.
      hint: `Write it as:\n    ${glued[1]}: ${/^[A-Za-z_.*/-]{1,40}$/.test(glued[2] ?? "") ? glued[2] : "..."}`,
      offset: start,
    };
  }
  const lineStart = text.lastIndexOf("\n", end - 1) + 1;
  const indent = /^\s*/.exec(text.slice(lineStart))?.[0].length ?? 0;
  return {
    code: "CONFIG_YAML",
    detail: "This line is indented more than the one above, so YAML takes the two for one text.",
    hint: "Indent it like the keys beside it.",
    offset: lineStart + indent,
  };
}

/** A bracket, quote, colon or indentation that the parser misses. */
function unclosed({ message, pos }: YAMLError, document: Document.Parsed, text: string): Words {
  if (message.startsWith("Comments")) {
    return {
      code: "CONFIG_YAML",
      detail: "A # directly behind a value begins no comment.",
      hint: "Put a space before it, or the whole text in quotes.",
      offset: pos[0],
    };
  }
  const opener = openerOf(document, pos[0]);
  if (opener === null) {
    const hint = "Indent the line like its neighbours.";
    return { code: "CONFIG_YAML", detail: sentence(message), hint, offset: pos[0] };
  }
  const sign = text[opener] ?? "";
  const isQuote = sign === '"' || sign === "'";
  return {
    code: "CONFIG_YAML",
    detail: `The ${isQuote ? "quote" : sign} that is opened here is never closed.`,
    hint: isQuote
      ? "Close it at the end of the text."
      : `Close it with ${sign === "[" ? "]" : "}"}, or indent the lines inside.`,
    offset: opener,
  };
}

/** Where the bracket or quote was opened that is found open at `offset`. */
function openerOf(document: Document.Parsed, offset: number): number | null {
  let opener: number | null = null;
  visit(document, {
    Node(_key, node) {
      const isOpen =
        (isCollection(node) && node.flow === true) ||
        (isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE"));
      if (isOpen && node.range?.[1] === offset) opener = node.range[0];
    },
  });
  return opener;
}

function restOfLine(text: string, offset: number): string {
  return text.slice(offset).split(/\r?\n/, 1)[0] ?? "";
}

function lineAround(text: string, offset: number): string {
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1).split("\n", 1)[0] ?? "";
}

/** The parser's words, without what it quotes from the file: that could be a secret. */
function sentence(message: string): string {
  return `${/^[^:\n]*/.exec(message)?.[0].replace(/\.$/, "")}.`;
}
