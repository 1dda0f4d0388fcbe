import { SoqlError, type Token, tokenize } from "./tokens.ts";

export interface Query {
  /** `COUNT()`: no records, only a total. */
  readonly countOnly: boolean;
  readonly items: readonly SelectItem[];
  readonly from: string;
  readonly where: Condition | null;
  readonly groupBy: readonly string[];
  readonly orderBy: readonly {
    readonly path: string;
    readonly descending: boolean;
    readonly nulls: "first" | "last";
  }[];
  readonly limit: number | null;
  readonly offset: number | null;
}

export type SelectItem =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "fields"; readonly group: "ALL" | "STANDARD" | "CUSTOM" }
  | {
      readonly kind: "aggregate";
      readonly fn: string;
      readonly path: string;
      readonly alias: string;
    };

export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | {
      readonly kind: "compare";
      readonly path: string;
      readonly operator: Operator;
      readonly value: Literal;
    }
  | {
      readonly kind: "in";
      readonly path: string;
      readonly negated: boolean;
      readonly values: readonly Literal[];
    }
  | {
      readonly kind: "inQuery";
      readonly path: string;
      readonly negated: boolean;
      readonly query: Query;
    }
  | {
      readonly kind: "includes";
      readonly path: string;
      readonly negated: boolean;
      readonly values: readonly Literal[];
    };

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "LIKE";

export interface Literal {
  readonly kind: "string" | "number" | "boolean" | "null" | "date" | "datetime" | "dateLiteral";
  readonly text: string;
}

/**
 * Parses the part of SOQL that loading tools use: fields and parent fields, COUNT() and aggregates,
 * WHERE, GROUP BY, ORDER BY, LIMIT, OFFSET. Sub-selects of children, TYPEOF and HAVING are refused.
 */
export function parseSoql(soql: string): Query {
  const parser = new Parser(tokenize(soql));
  const query = parser.query();
  parser.end();
  return query;
}

const AGGREGATES = new Set(["COUNT", "COUNT_DISTINCT", "MIN", "MAX", "SUM", "AVG"]);
const NOT_ALIASES = new Set([
  "WHERE",
  "GROUP",
  "ORDER",
  "LIMIT",
  "OFFSET",
  "FOR",
  "USING",
  "ALL",
  "HAVING",
  "WITH",
]);
/** Nesting of parentheses and NOT: far beyond what Salesforce itself takes. */
const DEPTH_MAX = 100;

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  query(): Query {
    this.expectWord("SELECT");
    const { countOnly, items } = this.select();
    this.expectWord("FROM");
    const from = this.name();
    let alias: string | null = null;
    if (this.word("AS")) alias = this.name();
    else if (this.peek().kind === "name" && !NOT_ALIASES.has(this.peek().text.toUpperCase())) {
      alias = this.name();
    }
    if (this.word("USING")) {
      this.expectWord("SCOPE");
      this.name();
    }
    const where = this.word("WHERE") ? this.or() : null;
    const groupBy = this.word("GROUP") ? this.groupBy() : [];
    const orderBy = this.word("ORDER") ? this.orderBy() : [];
    const limit = this.word("LIMIT") ? this.count() : null;
    const offset = this.word("OFFSET") ? this.count() : null;
    if (this.word("FOR")) this.name();
    if (this.word("ALL")) this.expectWord("ROWS");
    const query = { countOnly, items, from, where, groupBy, orderBy, limit, offset };
    return alias === null ? query : withoutAlias(query, alias);
  }

  end(): void {
    if (this.peek().kind !== "end") this.unexpected();
  }

  private select(): Pick<Query, "countOnly" | "items"> {
    const items: SelectItem[] = [];
    let unnamed = 0;
    do {
      const path = this.name();
      if (!this.symbol("(")) {
        items.push({ kind: "path", path });
        continue;
      }
      const fn = path.toUpperCase();
      if (fn === "COUNT" && this.symbol(")")) {
        return { countOnly: true, items: [] };
      }
      const argument = this.name();
      if (!this.symbol(")")) this.unexpected();
      if (fn === "FIELDS") items.push({ kind: "fields", group: fieldsGroup(argument) });
      else if (fn === "TOLABEL" || fn === "FORMAT") items.push({ kind: "path", path: argument });
      else if (AGGREGATES.has(fn)) {
        const isAlias = this.peek().kind === "name" && this.peek().text.toUpperCase() !== "FROM";
        const alias = isAlias ? this.name() : `expr${unnamed}`;
        if (!isAlias) unnamed += 1;
        items.push({ kind: "aggregate", fn, path: argument, alias });
      } else throw new SoqlError("MALFORMED_QUERY", `unknown function: '${path}'`);
    } while (this.symbol(","));
    return { countOnly: false, items };
  }

  private or(): Condition {
    const parts = [this.and()];
    while (this.word("OR")) parts.push(this.and());
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind: "or", parts };
  }

  private and(): Condition {
    const parts = [this.primary()];
    while (this.word("AND")) parts.push(this.primary());
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind: "and", parts };
  }

  private primary(): Condition {
    this.depth += 1;
    if (this.depth > DEPTH_MAX)
      throw new SoqlError("MALFORMED_QUERY", "too many levels of nesting");
    try {
      if (this.word("NOT")) return { kind: "not", part: this.primary() };
      if (!this.symbol("(")) return this.comparison();
      const inner = this.or();
      if (!this.symbol(")")) this.unexpected();
      return inner;
    } finally {
      this.depth -= 1;
    }
  }

  private comparison(): Condition {
    const path = this.name();
    const negated = this.word("NOT");
    if (this.word("IN")) return this.membership(path, negated);
    if (negated) this.unexpected();
    const includes = this.word("INCLUDES");
    if (includes || this.word("EXCLUDES")) {
      return { kind: "includes", path, negated: !includes, values: this.list() };
    }
    if (this.word("LIKE"))
      return { kind: "compare", path, operator: "LIKE", value: this.literal() };
    const token = this.peek();
    const operators: Readonly<Record<string, Operator>> = {
      "=": "=",
      "!=": "!=",
      "<>": "!=",
      "<": "<",
      "<=": "<=",
      ">": ">",
      ">=": ">=",
    };
    const operator = token.kind === "symbol" ? operators[token.text] : undefined;
    if (operator === undefined) return this.unexpected();
    this.position += 1;
    return { kind: "compare", path, operator, value: this.literal() };
  }

  private membership(path: string, negated: boolean): Condition {
    const next = this.tokens[this.position + 1];
    if (this.peek().text === "(" && next?.text.toUpperCase() === "SELECT") {
      this.symbol("(");
      const query = this.query();
      if (!this.symbol(")")) this.unexpected();
      return { kind: "inQuery", path, negated, query };
    }
    return { kind: "in", path, negated, values: this.list() };
  }

  private list(): Literal[] {
    if (!this.symbol("(")) this.unexpected();
    const values: Literal[] = [];
    do values.push(this.literal());
    while (this.symbol(","));
    if (!this.symbol(")")) this.unexpected();
    return values;
  }

  private literal(): Literal {
    const { kind, text } = this.peek();
    if (kind === "symbol" || kind === "end") return this.unexpected();
    this.position += 1;
    if (kind !== "name") return { kind, text };
    const word = text.toUpperCase();
    if (word === "TRUE" || word === "FALSE") return { kind: "boolean", text: word };
    if (word === "NULL") return { kind: "null", text: word };
    return { kind: "dateLiteral", text: word };
  }

  private groupBy(): string[] {
    this.expectWord("BY");
    const paths = [this.name()];
    while (this.symbol(",")) paths.push(this.name());
    return paths;
  }

  private orderBy(): Query["orderBy"] {
    this.expectWord("BY");
    const order: { path: string; descending: boolean; nulls: "first" | "last" }[] = [];
    do {
      let path = this.name();
      if (this.symbol("(")) {
        path = `${path}(${this.name()})`;
        if (!this.symbol(")")) this.unexpected();
      }
      const descending = this.word("DESC");
      if (!descending) this.word("ASC");
      // Salesforce puts nulls first ascending and last descending, as SQLite does.
      let nulls: "first" | "last" = descending ? "last" : "first";
      if (this.word("NULLS")) {
        nulls = this.word("LAST") ? "last" : "first";
        if (nulls === "first") this.expectWord("FIRST");
      }
      order.push({ path, descending, nulls });
    } while (this.symbol(","));
    return order;
  }

  private count(): number {
    const { kind, text } = this.peek();
    if (kind !== "number" || !/^\d+$/.test(text)) this.unexpected();
    this.position += 1;
    return Number(text);
  }

  private peek(): Token {
    return this.tokens[this.position] ?? { kind: "end", text: "<EOF>", at: 0 };
  }

  private name(): string {
    const token = this.peek();
    if (token.kind !== "name") this.unexpected();
    this.position += 1;
    return token.text;
  }

  private word(word: string): boolean {
    const token = this.peek();
    const found = token.kind === "name" && token.text.toUpperCase() === word;
    if (found) this.position += 1;
    return found;
  }

  private symbol(symbol: string): boolean {
    const token = this.peek();
    const found = token.kind === "symbol" && token.text === symbol;
    if (found) this.position += 1;
    return found;
  }

  private expectWord(word: string): void {
    if (!this.word(word)) this.unexpected();
  }

  private unexpected(): never {
    const { text } = this.peek();
    throw new SoqlError("MALFORMED_QUERY", `unexpected token: '${text}'`);
  }
}

function fieldsGroup(argument: string): "ALL" | "STANDARD" | "CUSTOM" {
  const group = argument.toUpperCase();
  if (group === "ALL" || group === "STANDARD" || group === "CUSTOM") return group;
  throw new SoqlError("MALFORMED_QUERY", `unexpected token: '${argument}'`);
}

/** `SELECT c.Id FROM Contact c`: takes the alias (or the object's own name) off every path. */
function withoutAlias(query: Query, alias: string): Query {
  const strip = (path: string): string => {
    const [first = "", ...rest] = path.split(".");
    const own = first.toLowerCase() === alias.toLowerCase() && rest.length > 0;
    return own ? rest.join(".") : path;
  };
  const inCondition = (condition: Condition): Condition => {
    if (condition.kind === "and" || condition.kind === "or") {
      return { ...condition, parts: condition.parts.map(inCondition) };
    }
    if (condition.kind === "not") return { ...condition, part: inCondition(condition.part) };
    return "path" in condition ? { ...condition, path: strip(condition.path) } : condition;
  };
  return {
    ...query,
    items: query.items.map((item) =>
      item.kind === "fields" ? item : { ...item, path: strip(item.path) },
    ),
    where: query.where && inCondition(query.where),
    groupBy: query.groupBy.map(strip),
    orderBy: query.orderBy.map((order) => ({ ...order, path: strip(order.path) })),
  };
}
