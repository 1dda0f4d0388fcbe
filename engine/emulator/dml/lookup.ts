import type { DescribeField } from "../shape/describe-field.ts";
import type { ObjectShape } from "../shape/object-shape.ts";
import type { OrgShape } from "../shape/org-shape.ts";
import { type Database, type SqlValue, textOf } from "../store/database.ts";
import { foldKey, keyColumnOf, tableOf } from "../store/record-tables.ts";
import type { Binding } from "./binding.ts";
import { type ReadValue, readValue } from "./read-value.ts";
import { type RowError, rowError } from "./row-error.ts";

/** Two are enough to know that a key is ambiguous; the error text lists what was found. */
const MATCHES_MAX = 5;

/** Ids of the live records whose key field has this value. */
export function findByKey(
  db: Database,
  shape: ObjectShape,
  field: DescribeField,
  value: SqlValue,
): string[] {
  if (value === null) return [];
  const column = field.type === "id" ? '"Id"' : keyColumnOf(field);
  const key = field.type === "id" ? value : foldKey(field, value);
  const alive = shape.byName.has("isdeleted") ? ' AND "IsDeleted" = 0' : "";
  const sql = `SELECT "Id" FROM ${tableOf(shape)} WHERE ${column} = ?${alive} LIMIT ${MATCHES_MAX}`;
  return db.all(sql, key).map((row) => textOf(row, "Id"));
}

/** Is there a live record with this Id? */
export function stateOf(
  db: Database,
  shape: ObjectShape,
  id: string,
): "alive" | "deleted" | "missing" {
  const deleted = shape.byName.has("isdeleted") ? '"IsDeleted"' : "0";
  const sql = `SELECT ${deleted} AS deleted FROM ${tableOf(shape)} WHERE "Id" = ?`;
  const row = db.get(sql, id);
  if (row === undefined) return "missing";
  return row.deleted === 1 ? "deleted" : "alive";
}

/** Finds the parent that a relationship column names by its key. */
export function readParent(
  db: Database,
  binding: Binding & { kind: "parent" },
  text: string,
  column: number,
): ReadValue {
  const { key, parent, field } = binding;
  const read = readValue(key, text, column);
  if (!read.ok) return read;
  const [id, other] = findByKey(db, parent, key, read.value);
  if (id === undefined) {
    const message = `Foreign key external ID: ${text.trim().toLowerCase()} not found for field ${key.name} in entity ${parent.name}`;
    return { ok: false, error: rowError("INVALID_FIELD", message) };
  }
  if (other !== undefined) {
    const message = `${key.label}: more than one record found for external id field: [${id}, ${other}]`;
    return { ok: false, error: rowError("DUPLICATE_EXTERNAL_ID", message, field.name) };
  }
  return { ok: true, value: id };
}

/** Does the Id belong to an object that the field may point to, and does the record exist? */
export function checkReference(
  db: Database,
  org: OrgShape,
  field: DescribeField,
  id: string,
): RowError | null {
  const targets = field.referenceTo.flatMap((name) => org.find(name) ?? []);
  // An object that the local org does not have can't be checked; neither can a record type that was
  // not declared.
  if (
    targets.length < field.referenceTo.length &&
    !targets.some((t) => id.startsWith(t.keyPrefix))
  ) {
    return null;
  }
  const target = targets.find((shape) => id.startsWith(shape.keyPrefix));
  if (target === undefined) {
    const message = `${field.label}: id value of incorrect type: ${id}`;
    return rowError("MALFORMED_ID", message, field.name);
  }
  if (stateOf(db, target, id) === "alive") return null;
  return rowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", field.name);
}
