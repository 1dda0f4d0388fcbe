import type { DescribeField } from "../shape/describe-field.ts";
import type { ObjectShape } from "../shape/object-shape.ts";
import { type Database, numberOf, type SqlRow, type SqlValue } from "../store/database.ts";
import type { Compiled, OutputColumn } from "./compile.ts";

/** How many records the query gives altogether, its LIMIT included. */
export function countRows(db: Database, query: Compiled): number {
  const all = numberOf(db.get(query.count, ...query.params) ?? {}, "n");
  const behind = Math.max(0, all - query.offset);
  return query.limit === null ? behind : Math.min(behind, query.limit);
}

/** A page of the answer: `size` rows from position `from` of the query's own result. */
export function readRows(db: Database, query: Compiled, from: number, size: number): SqlRow[] {
  const left = query.limit === null ? size : Math.min(size, query.limit - from);
  if (left <= 0) return [];
  const sql = `${query.select}${query.orderBy} LIMIT ? OFFSET ?`;
  return db.all(sql, ...query.params, left, query.offset + from);
}

/** Up to `size` rows behind the one that the last page ended with; both ways of paging in one. */
export function readNextRows(
  db: Database,
  query: Compiled,
  last: { readonly count: number; readonly id: string },
  size: number,
): SqlRow[] {
  if (query.selectAfter === null || query.offset > 0) return readRows(db, query, last.count, size);
  const left = query.limit === null ? size : Math.min(size, query.limit - last.count);
  return left <= 0 ? [] : db.all(query.selectAfter, ...query.params, last.id, left);
}

/** A row as a REST record: `attributes` first, parents nested, each with attributes of its own. */
export function toRecord(query: Compiled, row: SqlRow, version: string): Record<string, unknown> {
  const type = query.aggregate ? "AggregateResult" : query.shape.name;
  const id = row.Id;
  const record: Record<string, unknown> = {
    attributes: query.aggregate ? { type } : attributes(query.shape, id, version),
  };
  for (const column of query.columns) {
    if (column.path.length === 1) {
      record[column.path[0] ?? ""] = columnValue(column, row);
    } else {
      setParentValue(record, column, row, version);
    }
  }
  return record;
}

function setParentValue(
  record: Record<string, unknown>,
  column: OutputColumn,
  row: SqlRow,
  version: string,
): void {
  let target = record;
  for (const [depth, name] of column.path.slice(0, -1).entries()) {
    const shape = column.parents[depth];
    const existing = target[name];
    if (typeof existing === "object" && existing !== null) {
      target = existing as Record<string, unknown>;
      continue;
    }
    // A missing parent is null as a whole; so is, here, one whose asked fields are all empty.
    if (columnValue(column, row) === null) {
      target[name] ??= null;
      return;
    }
    const made: Record<string, unknown> = {
      attributes: shape ? attributes(shape, null, version) : null,
    };
    target[name] = made;
    target = made;
  }
  target[column.path.at(-1) ?? ""] = columnValue(column, row);
}

function attributes(shape: ObjectShape, id: unknown, version: string): Record<string, unknown> {
  if (typeof id !== "string") return { type: shape.name };
  return { type: shape.name, url: `/services/data/v${version}/sobjects/${shape.name}/${id}` };
}

function columnValue(column: OutputColumn, row: SqlRow): unknown {
  if (column.field?.type === "address") return addressValue(column, row);
  const value = row[column.parts[0]?.name ?? ""] ?? null;
  return column.field ? jsonValue(column.field, value) : value;
}

/** A stored value as REST JSON has it. */
export function jsonValue(field: DescribeField, value: SqlValue): unknown {
  if (value === null) return null;
  if (field.type === "boolean") return value === 1;
  if (field.type === "datetime") return String(value).replace("Z", "+0000");
  return value;
}

/** A compound address: its parts under short names, null when all are empty. */
function addressValue(column: OutputColumn, row: SqlRow): Record<string, unknown> | null {
  const prefix = (column.field?.name ?? "").replace(/Address$/, "");
  const entries = column.parts.map(({ name }): [string, SqlValue] => {
    const part = name.slice(name.lastIndexOf("/") + 1).slice(prefix.length);
    return [part.charAt(0).toLowerCase() + part.slice(1), row[name] ?? null];
  });
  if (entries.every(([, value]) => value === null)) return null;
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A stored value as a Bulk API query result has it: text, nothing for null. */
export function csvValue(field: DescribeField | null, value: SqlValue): string {
  if (value === null) return "";
  if (field?.type === "boolean") return value === 1 ? "true" : "false";
  if (typeof value === "number") return String(value);
  return value;
}
