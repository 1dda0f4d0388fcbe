import { nowMs } from "../clock.ts";
import { readId } from "../ids.ts";
import type { DescribeField } from "../shape/describe-field.ts";
import { isKeyed } from "../shape/object-shape.ts";
import type { SqlValue } from "../store/database.ts";
import { foldKey, keyColumnOf } from "../store/record-tables.ts";
import { columnSql, compileQuery, type Resolved, resolve, type Scope } from "./compile.ts";
import { readDateLiteral } from "./date-literal.ts";
import type { Condition, Literal } from "./parse.ts";
import { SoqlError } from "./tokens.ts";

/** Turns a WHERE clause into SQL; values go to `params`, never into the text. */
export function compileCondition(scope: Scope, condition: Condition, params: SqlValue[]): string {
  switch (condition.kind) {
    case "and":
    case "or": {
      const parts = condition.parts.map((part) => compileCondition(scope, part, params));
      return `(${parts.join(condition.kind === "and" ? " AND " : " OR ")})`;
    }
    case "not":
      return `NOT coalesce(${compileCondition(scope, condition.part, params)}, 0)`;
    case "compare":
      return compare(resolve(scope, condition.path), condition, params);
    case "in": {
      const resolved = resolve(scope, condition.path);
      const values = condition.values.map((value) => sqlValue(resolved.field, value, "="));
      const marks = values.map((value) => {
        params.push(foldFor(resolved.field, value));
        return "?";
      });
      const list = `${comparable(resolved)} IN (${marks.join(", ")})`;
      return condition.negated ? `(${comparable(resolved)} IS NULL OR NOT ${list})` : list;
    }
    case "inQuery": {
      const resolved = resolve(scope, condition.path);
      const inner = compileQuery(scope.org, condition.query, false, `${scope.prefix}q`);
      params.push(...inner.params);
      return `${columnSql(resolved)} ${condition.negated ? "NOT " : ""}IN (${inner.select})`;
    }
    case "includes": {
      const resolved = resolve(scope, condition.path);
      const parts = condition.values.map(({ text }) => {
        params.push(`%;${text};%`);
        return `(';' || ${columnSql(resolved)} || ';') LIKE ?`;
      });
      const found = `(${parts.join(" OR ")})`;
      return condition.negated ? `NOT coalesce(${found}, 0)` : found;
    }
  }
}

function compare(
  resolved: Resolved,
  { operator, value }: Condition & { kind: "compare" },
  params: SqlValue[],
): string {
  const { field } = resolved;
  if (!field.filterable) {
    const message = `\nfield '${field.name}' can not be filtered in a query call`;
    throw new SoqlError("INVALID_FIELD", message);
  }
  if (value.kind === "dateLiteral") return inRange(resolved, operator, value, params);
  const read = sqlValue(field, value, operator);
  if (read === null) {
    if (operator === "=") return `${columnSql(resolved)} IS NULL`;
    if (operator === "!=") return `${columnSql(resolved)} IS NOT NULL`;
    return "0";
  }
  if (operator === "LIKE") {
    params.push(read);
    return `${columnSql(resolved)} LIKE ? ESCAPE '\\'`;
  }
  params.push(foldFor(field, read));
  // Salesforce counts an empty field as different from any value.
  if (operator === "!=") return `(${comparable(resolved)} IS NULL OR ${comparable(resolved)} <> ?)`;
  return `${comparable(resolved)} ${operator} ?`;
}

/** Text is compared without regard to case; a keyed field has its folded text at hand. */
function comparable(resolved: Resolved): string {
  const { field, alias } = resolved;
  if (field.soapType !== "xsd:string") return columnSql(resolved);
  if (isKeyed(field)) return `${alias}.${keyColumnOf(field)}`;
  return field.caseSensitive ? columnSql(resolved) : `lower(${columnSql(resolved)})`;
}

function foldFor(field: DescribeField, value: SqlValue): SqlValue {
  if (field.soapType !== "xsd:string" || typeof value !== "string") return value;
  if (isKeyed(field)) return foldKey(field, value);
  // SQLite's lower() knows ASCII alone, so the other side must be folded no further.
  return field.caseSensitive ? value : value.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The value of a literal as it is stored, or an error when its kind does not fit the field. */
function sqlValue(field: DescribeField, literal: Literal, operator: string): SqlValue {
  const { kind, text } = literal;
  if (kind === "null") return null;
  const wanted = literalKind(field);
  if (kind !== wanted) {
    const message = `\nvalue of filter criterion for field '${field.name}' must be of type ${field.type} and should ${wanted === "string" ? "be" : "not be"} enclosed in quotes`;
    throw new SoqlError("INVALID_FIELD", message);
  }
  if (kind === "boolean") return text === "TRUE" ? 1 : 0;
  if (kind === "number") return Number(text);
  if (kind === "datetime") return `${new Date(Date.parse(text)).toISOString().slice(0, 19)}.000Z`;
  if (field.soapType !== "tns:ID" || operator === "LIKE") return text;
  if (text === "") return null;
  const id = readId(text);
  if (id === null)
    throw new SoqlError("INVALID_QUERY_FILTER_OPERATOR", `invalid ID field: ${text}`);
  return id;
}

function literalKind(field: DescribeField): Literal["kind"] {
  if (field.type === "boolean" || field.type === "date" || field.type === "datetime") {
    return field.type;
  }
  return field.soapType === "xsd:double" || field.soapType === "xsd:int" ? "number" : "string";
}

/** A date literal is a span of days: `=` is inside it, `<` before it, `>` after it. */
function inRange(
  resolved: Resolved,
  operator: string,
  literal: Literal,
  params: SqlValue[],
): string {
  const { field } = resolved;
  const range = readDateLiteral(literal.text, nowMs());
  if (range === null || (field.type !== "date" && field.type !== "datetime")) {
    throw new SoqlError("MALFORMED_QUERY", `unexpected token: '${literal.text}'`);
  }
  const text = (ms: number): string => {
    const iso = new Date(ms).toISOString();
    return field.type === "date" ? iso.slice(0, 10) : `${iso.slice(0, 19)}.000Z`;
  };
  const column = columnSql(resolved);
  const push = (ms: number): string => {
    params.push(text(ms));
    return "?";
  };
  switch (operator) {
    case "=":
      return `(${column} >= ${push(range.startMs)} AND ${column} < ${push(range.endMs)})`;
    case "!=":
      return `(${column} < ${push(range.startMs)} OR ${column} >= ${push(range.endMs)})`;
    case "<":
      return `${column} < ${push(range.startMs)}`;
    case "<=":
      return `${column} < ${push(range.endMs)}`;
    case ">":
      return `${column} >= ${push(range.endMs)}`;
    default:
      return `${column} >= ${push(range.startMs)}`;
  }
}
