export interface Token {
  readonly kind: "name" | "string" | "number" | "date" | "datetime" | "symbol" | "end";
  readonly text: string;
  /** 0-based offset in the query. */
  readonly at: number;
}

/** A query can't be understood. `code` is Salesforce's, the message has its shape. */
export class SoqlError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const PATTERNS: readonly (readonly [Token["kind"] | null, RegExp])[] = [
  [null, /\s+/y],
  ["datetime", /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})/y],
  ["date", /\d{4}-\d{2}-\d{2}/y],
  ["number", /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["name", /[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*(?::\d+)?/y],
  ["string", /'(?:[^'\\]|\\.)*'/y],
  ["symbol", /<=|>=|!=|<>|[(),=<>]/y],
];

/** Cuts a query into tokens, strings already unescaped. */
export function tokenize(soql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < soql.length) {
    const [kind, text] = match(soql, at);
    if (kind === "string") tokens.push({ kind, text: unescapeText(text.slice(1, -1)), at });
    else if (kind !== null) tokens.push({ kind, text, at });
    at += text.length;
  }
  tokens.push({ kind: "end", text: "<EOF>", at });
  return tokens;
}

function match(soql: string, at: number): readonly [Token["kind"] | null, string] {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(soql);
    if (found) return [kind, found[0]];
  }
  throw new SoqlError(
    "MALFORMED_QUERY",
    `line 1:${at} no viable alternative at character '${soql[at]}'`,
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

function unescapeText(text: string): string {
  // In a LIKE pattern `\%` and `\_` stay escaped: they mean the characters themselves.
  return text.replaceAll(/\\(.)/g, (whole, char: string) =>
    char === "%" || char === "_" ? whole : (ESCAPES[char] ?? char),
  );
}
