import type { DescribeField } from "../shape/describe-field.ts";
import { fieldOf, isStored, type ObjectShape } from "../shape/object-shape.ts";
import type { OrgShape } from "../shape/org-shape.ts";
import type { SqlValue } from "../store/database.ts";
import { columnOf, tableOf } from "../store/record-tables.ts";
import { compileCondition } from "./condition.ts";
import type { Query, SelectItem } from "./parse.ts";
import { SoqlError } from "./tokens.ts";

/** A query as SQL: `select` and `count` share everything after FROM. */
export interface Compiled {
  readonly shape: ObjectShape;
  readonly columns: readonly OutputColumn[];
  readonly countOnly: boolean;
  readonly aggregate: boolean;
  /** Without ORDER BY, LIMIT and OFFSET. */
  readonly select: string;
  /**
   * Records behind an Id, in Id order: the fast way through many. null when the query has its own
   * order.
   */
  readonly selectAfter: string | null;
  readonly count: string;
  readonly orderBy: string;
  readonly params: readonly SqlValue[];
  readonly limit: number | null;
  readonly offset: number;
}

/** One selected value: where it goes in a record, and how it is written. */
export interface OutputColumn {
  /** `Name`, or `Account.Owner.Name` for a parent's field. */
  readonly path: readonly string[];
  /** The objects of the path but the last part: `Account`, `User`. */
  readonly parents: readonly ObjectShape[];
  readonly field: DescribeField | null;
  /** Columns of the SQL answer; a compound address takes several. */
  readonly parts: readonly { readonly sql: string; readonly name: string }[];
}

/** The parent joins that a query needs, found by relationship path. */
export interface Scope {
  readonly org: OrgShape;
  readonly shape: ObjectShape;
  readonly prefix: string;
  readonly joins: Map<
    string,
    { readonly sql: string; readonly alias: string; readonly shape: ObjectShape }
  >;
}

export interface Resolved {
  readonly field: DescribeField;
  readonly alias: string;
  readonly path: readonly string[];
  readonly parents: readonly ObjectShape[];
}

/**
 * Turns a parsed query into SQL over the record tables. Throws {@link SoqlError} for unknown names.
 */
export function compileQuery(
  org: OrgShape,
  query: Query,
  everyRow: boolean,
  prefix = "t",
): Compiled {
  const shape = org.find(query.from);
  if (shape === undefined) throw unknownObject(query);
  const scope: Scope = { org, shape, prefix, joins: new Map() };
  const params: SqlValue[] = [];
  const columns = query.items.flatMap((item) => outputColumns(scope, item));
  const conditions = query.where ? [compileCondition(scope, query.where, params)] : [];
  if (!everyRow && shape.byName.has("isdeleted")) conditions.push(`${prefix}."IsDeleted" = 0`);
  const orders = query.orderBy.map(({ path, descending, nulls }) => {
    const sql = orderExpression(scope, path, columns);
    return `${sql} ${descending ? "DESC" : "ASC"} NULLS ${nulls.toUpperCase()}`;
  });
  const groups = query.groupBy.map((path) => columnSql(resolve(scope, path)));
  const aggregate = groups.length > 0 || query.items.some((item) => item.kind === "aggregate");
  const keyset = !aggregate && !query.countOnly && orders.length === 0;
  // Paging needs an order that does not change between the pages.
  if (!aggregate && !query.countOnly) orders.push(`${prefix}."Id" ASC`);
  const joins = [...scope.joins.values()].map((join) => join.sql).join(" ");
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "";
  const group = groups.length > 0 ? ` GROUP BY ${groups.join(", ")}` : "";
  const tail = `FROM ${tableOf(shape)} ${prefix} ${joins}${where}${group}`;
  const selected = columns.flatMap((c) => c.parts.map((part) => `${part.sql} AS "${part.name}"`));
  return {
    shape,
    columns,
    countOnly: query.countOnly,
    aggregate,
    select: `SELECT ${selected.length > 0 ? selected.join(", ") : `${prefix}."Id"`} ${tail}`,
    count:
      group === ""
        ? `SELECT count(*) AS n ${tail}`
        : `SELECT count(*) AS n FROM (SELECT 1 ${tail})`,
    selectAfter: keyset
      ? `SELECT ${[...selected, `${prefix}."Id" AS "/id"`].join(", ")} FROM ${tableOf(shape)} ${prefix} ${joins}${where}${where === "" ? " WHERE" : " AND"} ${prefix}."Id" > ? ORDER BY ${prefix}."Id" LIMIT ?`
      : null,
    orderBy: orders.length > 0 ? ` ORDER BY ${orders.join(", ")}` : "",
    params,
    limit: query.limit,
    offset: query.offset ?? 0,
  };
}

/** Follows `Account.Owner.Name` through the relationships, joining each parent once. */
export function resolve(scope: Scope, path: string): Resolved {
  const names = path.split(".");
  // The object's own name may stand in front: `Contact.Email`.
  if (names.length > 1 && names[0]?.toLowerCase() === scope.shape.name.toLowerCase()) {
    if (!scope.shape.byRelationship.has(names[0].toLowerCase())) names.shift();
  }
  let { shape } = scope;
  let alias = scope.prefix;
  const walked: string[] = [];
  const parents: ObjectShape[] = [];
  for (const name of names.slice(0, -1)) {
    const reference = shape.byRelationship.get(name.toLowerCase());
    const target = reference?.referenceTo.map((to) => scope.org.find(to)).find(Boolean);
    if (reference === undefined || target === undefined) throw unknownRelation(name, path, shape);
    walked.push(reference.relationshipName ?? name);
    alias = join(scope, walked.join("."), alias, reference, target);
    parents.push(target);
    shape = target;
  }
  const last = names.at(-1) ?? "";
  const field = fieldOf(shape, last);
  if (field === undefined) throw unknownField(last, shape);
  return { field, alias, path: [...walked, field.name], parents };
}

function join(
  scope: Scope,
  key: string,
  from: string,
  reference: DescribeField,
  target: ObjectShape,
): string {
  const known = scope.joins.get(key);
  if (known) return known.alias;
  const alias = `${scope.prefix}p${scope.joins.size}`;
  const sql = `LEFT JOIN ${tableOf(target)} ${alias} ON ${alias}."Id" = ${from}.${columnOf(reference)}`;
  scope.joins.set(key, { sql, alias, shape: target });
  return alias;
}

export function columnSql({ alias, field }: Resolved): string {
  return `${alias}.${columnOf(field)}`;
}

function outputColumns(scope: Scope, item: SelectItem): OutputColumn[] {
  if (item.kind === "fields") {
    const all = scope.shape.fields.filter(
      (field) => item.group === "ALL" || field.custom === (item.group === "CUSTOM"),
    );
    return all.map((field) => pathColumn(scope, field.name));
  }
  if (item.kind === "path") return [pathColumn(scope, item.path)];
  const resolved = resolve(scope, item.path);
  const distinct = item.fn === "COUNT_DISTINCT";
  const fn = distinct
    ? `count(DISTINCT ${columnSql(resolved)})`
    : `${item.fn}(${columnSql(resolved)})`;
  const field = item.fn === "MIN" || item.fn === "MAX" ? resolved.field : null;
  return [{ path: [item.alias], parents: [], field, parts: [{ sql: fn, name: item.alias }] }];
}

function pathColumn(scope: Scope, path: string): OutputColumn {
  const resolved = resolve(scope, path);
  const { field } = resolved;
  const name = resolved.path.join(".");
  if (isStored(field)) {
    return { ...resolved, parts: [{ sql: columnSql(resolved), name }] };
  }
  const shape = resolved.parents.at(-1) ?? scope.shape;
  const parts = shape.fields
    .filter((part) => part.compoundFieldName === field.name)
    .map((part) => ({ sql: `${resolved.alias}.${columnOf(part)}`, name: `${name}/${part.name}` }));
  return { ...resolved, parts };
}

function orderExpression(scope: Scope, path: string, columns: readonly OutputColumn[]): string {
  const alias = columns.find((column) => column.field === null && column.path[0] === path);
  if (alias) return `"${path}"`;
  const aggregate = /^(\w+)\((.+)\)$/.exec(path);
  if (aggregate) return `${aggregate[1]}(${columnSql(resolve(scope, aggregate[2] ?? ""))})`;
  const resolved = resolve(scope, path);
  const isText = resolved.field.soapType === "xsd:string";
  return isText ? `${columnSql(resolved)} COLLATE NOCASE` : columnSql(resolved);
}

const ADVICE = "Please reference your WSDL or the describe call for the appropriate names.";

function unknownObject({ from }: Query): SoqlError {
  return new SoqlError(
    "INVALID_TYPE",
    `\nFROM ${from}\n     ^\nERROR at Row:1:Column:1\nsObject type '${from}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${ADVICE}`,
  );
}

function unknownField(name: string, shape: ObjectShape): SoqlError {
  return new SoqlError(
    "INVALID_FIELD",
    `\n${name}\n^\nERROR at Row:1:Column:1\nNo such column '${name}' on entity '${shape.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${ADVICE}`,
  );
}

function unknownRelation(name: string, path: string, shape: ObjectShape): SoqlError {
  return new SoqlError(
    "INVALID_FIELD",
    `\n${path}\n^\nERROR at Row:1:Column:1\nDidn't understand relationship '${name}' in field path of entity '${shape.name}'. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${ADVICE}`,
  );
}
