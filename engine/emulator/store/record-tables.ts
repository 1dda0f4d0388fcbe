import type { DescribeField } from "../shape/describe-field.ts";
import { isKeyed, isStored, type ObjectShape } from "../shape/object-shape.ts";
import type { OrgShape } from "../shape/org-shape.ts";
import { type Database, type SqlValue, textOf } from "./database.ts";

/** The table that holds an object's records: one column a field, `key:Field` for looking up. */
export function tableOf(shape: ObjectShape): string {
  return quote(`r_${shape.name}`);
}

export function columnOf(field: DescribeField): string {
  return quote(field.name);
}

export function keyColumnOf(field: DescribeField): string {
  return quote(`key:${field.name}`);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * How Salesforce compares keys: text without surrounding blanks and, unless the field is case
 * sensitive, without regard to case; numbers by value.
 */
export function foldKey(field: DescribeField, value: SqlValue): SqlValue {
  if (value === null) return null;
  if (typeof value === "number") return String(value);
  const trimmed = value.trim();
  return field.caseSensitive ? trimmed : trimmed.toLowerCase();
}

/** Makes the tables fit the shape: new objects and new fields appear, nothing is ever dropped. */
export function fitTables(db: Database, org: OrgShape): void {
  for (const shape of org.objects) {
    const table = tableOf(shape);
    const names = shape.fields.filter(isStored).flatMap(columnsOf);
    const columns = names.map((name) => (name === '"Id"' ? '"Id" TEXT PRIMARY KEY' : name));
    db.exec(`CREATE TABLE IF NOT EXISTS ${table} (${columns.join(", ")}) WITHOUT ROWID`);
    addColumns(db, shape, names);
    for (const field of shape.fields.filter(isKeyed)) {
      const index = quote(`k_${shape.name}_${field.name}`);
      db.exec(`CREATE INDEX IF NOT EXISTS ${index} ON ${table} (${keyColumnOf(field)})`);
    }
    if (shape.name !== "CampaignMember") continue;
    // A person is a member of a campaign once: every insert looks for the pair.
    for (const person of ["ContactId", "LeadId"]) {
      const columns = `"CampaignId", "${person}"`;
      db.exec(`CREATE INDEX IF NOT EXISTS "k_member_${person}" ON ${table} (${columns})`);
    }
  }
}

function columnsOf(field: DescribeField): string[] {
  return isKeyed(field) ? [columnOf(field), keyColumnOf(field)] : [columnOf(field)];
}

function addColumns(db: Database, shape: ObjectShape, names: readonly string[]): void {
  const table = tableOf(shape);
  const info = db.all(`SELECT name FROM pragma_table_info(?)`, `r_${shape.name}`);
  const known = new Set(info.map((row) => quote(textOf(row, "name"))));
  for (const name of names.filter((column) => !known.has(column))) {
    try {
      db.exec(`ALTER TABLE ${table} ADD COLUMN ${name}`);
    } catch (error) {
      // Another process that starts at the same moment may have added it first.
      if (!String(error).includes("duplicate column")) throw error;
    }
  }
  backfill(db, shape, known);
}

/** A field that becomes an external id later needs the keys of the records that are there. */
function backfill(db: Database, shape: ObjectShape, known: ReadonlySet<string>): void {
  const late = shape.fields.filter((field) => isKeyed(field) && !known.has(keyColumnOf(field)));
  for (const field of late) {
    const rows = db.all(
      `SELECT "Id", ${columnOf(field)} AS value FROM ${tableOf(shape)} WHERE ${columnOf(field)} IS NOT NULL`,
    );
    db.transaction(() => {
      for (const row of rows) {
        const key = foldKey(field, row.value ?? null);
        const sql = `UPDATE ${tableOf(shape)} SET ${keyColumnOf(field)} = ? WHERE "Id" = ?`;
        db.run(sql, key, textOf(row, "Id"));
      }
    });
  }
}
