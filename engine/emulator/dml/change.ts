import { nowMs } from "../clock.ts";
import { makeId } from "../ids.ts";
import type { DescribeField } from "../shape/describe-field.ts";
import { fieldOf, isKeyed, type ObjectShape } from "../shape/object-shape.ts";
import type { Database, SqlValue } from "../store/database.ts";
import { columnOf, foldKey, keyColumnOf, tableOf } from "../store/record-tables.ts";
import { findByKey } from "./lookup.ts";
import { beforeInsert, composeName, nameStatement } from "./object-rules.ts";
import { type RowError, rowError } from "./row-error.ts";
import type { Outcome, Values, WriterContext } from "./writer.ts";

/**
 * Creates one record: defaults, required fields, unique values, audit fields. An upsert has just
 * seen
 * that no record has its key, so that field needs no second look.
 */
export function insertRecord(
  context: WriterContext,
  shape: ObjectShape,
  values: Values,
  keyField: DescribeField | null,
): Outcome {
  const { db, userId, numbers } = context;
  addDefaults(shape, values, userId);
  const refused =
    beforeInsert(db, shape, values) ??
    checkRequired(shape, values) ??
    checkUnique(db, shape, values, { ownId: "", skip: keyField });
  if (refused) return { action: "failed", id: "", error: refused };
  const number = numbers.next(shape.keyPrefix);
  const id = makeId(shape.keyPrefix, number);
  setIfPresent(shape, values, "Id", id);
  stamp(shape, values, ["CreatedDate", "LastModifiedDate", "SystemModstamp"]);
  for (const name of ["CreatedById", "LastModifiedById"]) setIfPresent(shape, values, name, userId);
  const nameField = fieldOf(shape, "Name");
  if (nameField?.autoNumber) values.set(nameField, String(number).padStart(4, "0"));
  else if (nameField && shape.custom && !values.has(nameField))
    values.set(nameField, id.slice(0, 15));
  storeRecord(db, shape, values);
  return { action: "created", id };
}

/** Writes a whole record whose values are final: by insert, and by seeding an org. */
export function storeRecord(db: Database, shape: ObjectShape, values: Values): void {
  composeName(shape, values);
  const { columns, params } = columnValues(values);
  const marks = columns.map(() => "?").join(", ");
  db.run(`INSERT INTO ${tableOf(shape)} (${columns.join(", ")}) VALUES (${marks})`, ...params);
}

export function changeRecord(
  { db, userId }: WriterContext,
  shape: ObjectShape,
  id: string,
  values: Values,
): Outcome {
  const cleared = [...values].flatMap(([field, value]) =>
    value === null && !field.nillable ? [field.name] : [],
  );
  const refused =
    cleared.length > 0
      ? missing(cleared)
      : checkUnique(db, shape, values, { ownId: id, skip: null });
  if (refused) return { action: "failed", id, error: refused };
  stamp(shape, values, ["LastModifiedDate", "SystemModstamp"]);
  setIfPresent(shape, values, "LastModifiedById", userId);
  const renamed = nameStatement(shape, values);
  const { columns, params } = columnValues(values);
  if (columns.length > 0) {
    const sets = columns.map((column) => `${column} = ?`).join(", ");
    db.run(`UPDATE ${tableOf(shape)} SET ${sets} WHERE "Id" = ?`, ...params, id);
  }
  if (renamed) db.run(renamed, id);
  return { action: "updated", id };
}

/**
 * A deleted record goes to the recycle bin, where queryAll still sees it; hardDelete leaves
 * nothing.
 */
export function deleteRecord(
  { db }: WriterContext,
  shape: ObjectShape,
  id: string,
  hard: boolean,
): Outcome {
  if (hard || !shape.byName.has("isdeleted")) {
    db.run(`DELETE FROM ${tableOf(shape)} WHERE "Id" = ?`, id);
  } else {
    const values: Values = new Map();
    setIfPresent(shape, values, "IsDeleted", 1);
    stamp(shape, values, ["LastModifiedDate", "SystemModstamp"]);
    const { columns, params } = columnValues(values);
    const sets = columns.map((column) => `${column} = ?`).join(", ");
    db.run(`UPDATE ${tableOf(shape)} SET ${sets} WHERE "Id" = ?`, ...params, id);
  }
  return { action: "deleted", id };
}

function columnValues(values: Values): { columns: string[]; params: SqlValue[] } {
  const columns: string[] = [];
  const params: SqlValue[] = [];
  for (const [field, value] of values) {
    columns.push(columnOf(field));
    params.push(value);
    if (!isKeyed(field)) continue;
    columns.push(keyColumnOf(field));
    params.push(foldKey(field, value));
  }
  return { columns, params };
}

/** Fills what the org fills by itself on create. Blank cells count as not given. */
export function addDefaults(shape: ObjectShape, values: Values, userId: string): void {
  for (const [field, value] of habitsOf(shape).defaults) {
    const given = values.get(field);
    if (given !== undefined && (given !== null || field.type !== "boolean")) continue;
    values.set(field, field.name === "OwnerId" ? userId : value);
  }
}

/** What every insert into an object looks at, found once. */
interface Habits {
  readonly defaults: readonly (readonly [DescribeField, SqlValue])[];
  readonly required: readonly DescribeField[];
}

const habits = new WeakMap<ObjectShape, Habits>();

function habitsOf(shape: ObjectShape): Habits {
  const known = habits.get(shape);
  if (known) return known;
  const found: Habits = {
    defaults: shape.fields.flatMap((field): [DescribeField, SqlValue][] => {
      const value = defaultOf(shape, field);
      return value === undefined ? [] : [[field, value]];
    }),
    required: shape.fields.filter((field) => field.createable && !field.nillable),
  };
  habits.set(shape, found);
  return found;
}

function defaultOf(shape: ObjectShape, field: DescribeField): SqlValue | undefined {
  if (field.type === "boolean") return field.defaultValue === true ? 1 : 0;
  if (field.name === "OwnerId") return null;
  if (field.name === "RecordTypeId") {
    return shape.recordTypes.find((type) => type.isDefault)?.id ?? null;
  }
  return field.defaultedOnCreate && isScalar(field.defaultValue) ? field.defaultValue : undefined;
}

function isScalar(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function checkRequired(shape: ObjectShape, values: Values): RowError | null {
  const names = habitsOf(shape)
    .required.filter((field) => (values.get(field) ?? null) === null)
    .map((field) => field.name);
  return names.length > 0 ? missing(names) : null;
}

function missing(names: readonly string[]): RowError {
  const message = `Required fields are missing: [${names.join(", ")}]`;
  return rowError("REQUIRED_FIELD_MISSING", message, ...names);
}

function checkUnique(
  db: Database,
  shape: ObjectShape,
  values: Values,
  { ownId, skip }: { readonly ownId: string; readonly skip: DescribeField | null },
): RowError | null {
  for (const [field, value] of values) {
    if (!field.unique || value === null || field === skip) continue;
    const other = findByKey(db, shape, field, value).find((id) => id !== ownId);
    if (other === undefined) continue;
    const message = `duplicate value found: ${field.name} duplicates value on record with id: ${other}`;
    return rowError("DUPLICATE_VALUE", message);
  }
  return null;
}

function setIfPresent(shape: ObjectShape, values: Values, name: string, value: SqlValue): void {
  const field = fieldOf(shape, name);
  if (field) values.set(field, value);
}

function stamp(shape: ObjectShape, values: Values, names: readonly string[]): void {
  const now = `${new Date(nowMs()).toISOString().slice(0, 19)}.000Z`;
  for (const name of names) setIfPresent(shape, values, name, now);
}
