import type { DescribeField } from "../shape/describe-field.ts";
import { fieldOf, type ObjectShape } from "../shape/object-shape.ts";
import { type Database, type SqlRow, type SqlValue, textOf } from "../store/database.ts";
import { tableOf } from "../store/record-tables.ts";
import { type RowError, rowError } from "./row-error.ts";
import type { Values } from "./writer.ts";

/**
 * What single standard objects do beyond their describe. Runs before the common checks of an
 * insert.
 */
export function beforeInsert(db: Database, shape: ObjectShape, values: Values): RowError | null {
  if (shape.name === "CampaignMember") return beforeMember(db, shape, values);
  return null;
}

/**
 * The full name of a person is made of its parts. For a record that is new, all parts are at hand.
 */
export function composeName(shape: ObjectShape, values: Values): void {
  const parts = nameParts(shape);
  if (parts === null) return;
  const text = [values.get(parts.first), values.get(parts.last)].filter(Boolean).join(" ");
  values.set(parts.name, text);
}

/**
 * The name follows its parts whenever one of them changes. With all of them at hand it
 * is one more value; otherwise gives the statement to run behind, with the record's Id as
 * parameter.
 */
export function nameStatement(shape: ObjectShape, values: Values): string | null {
  const parts = nameParts(shape);
  if (parts === null || (!values.has(parts.first) && !values.has(parts.last))) return null;
  if (values.has(parts.first) && values.has(parts.last)) {
    composeName(shape, values);
    return null;
  }
  return `UPDATE ${tableOf(shape)} SET "Name" = trim(coalesce("FirstName" || ' ', '') || "LastName") WHERE "Id" = ?`;
}

function nameParts(shape: ObjectShape) {
  const first = fieldOf(shape, "FirstName");
  const last = fieldOf(shape, "LastName");
  const name = fieldOf(shape, "Name");
  if (!first || !last || !name || shape.name === "CampaignMember") return null;
  return { first, last, name };
}

const COPIED = [
  "Salutation",
  "Name",
  "FirstName",
  "LastName",
  "Title",
  "Email",
  "Phone",
  "Fax",
  "MobilePhone",
  "LeadSource",
];

/**
 * Object Reference, CampaignMember: an unknown status becomes the campaign's default; with both a
 * contact and a lead only the contact counts; a person is a member of a campaign once.
 */
function beforeMember(db: Database, shape: ObjectShape, values: Values): RowError | null {
  const get = (name: string): SqlValue => values.get(mustField(shape, name)) ?? null;
  const put = (name: string, value: SqlValue): void => {
    values.set(mustField(shape, name), value);
  };
  const status = mustField(shape, "Status");
  const known = status.picklistValues.map((entry) => entry.value);
  if (!known.includes(String(get("Status")))) {
    put(
      "Status",
      typeof status.defaultValue === "string" ? status.defaultValue : (known[0] ?? null),
    );
  }
  put("HasResponded", get("Status") === "Responded" ? 1 : 0);
  if (get("ContactId") !== null) put("LeadId", null);
  const person = get("ContactId") === null ? "LeadId" : "ContactId";
  if (get("CampaignId") === null || get(person) === null) {
    const names = get("CampaignId") === null ? ["CampaignId"] : ["ContactId", "LeadId"];
    const message = `Required fields are missing: [${names.join(", ")}]`;
    return rowError("REQUIRED_FIELD_MISSING", message, ...names);
  }
  const twice = db.get(
    `SELECT "Id" FROM ${tableOf(shape)} WHERE "CampaignId" = ? AND "${person}" = ? AND "IsDeleted" = 0`,
    get("CampaignId"),
    get(person),
  );
  if (twice) return rowError("DUPLICATE_VALUE", "Already a campaign member.");
  copyPerson(db, put, person === "LeadId" ? "Lead" : "Contact", get(person));
  return null;
}

function copyPerson(
  db: Database,
  put: (name: string, value: SqlValue) => void,
  type: "Lead" | "Contact",
  id: SqlValue,
): void {
  const row: SqlRow = db.get(`SELECT * FROM "r_${type}" WHERE "Id" = ?`, id) ?? {};
  for (const name of COPIED) put(name, row[name] ?? null);
  put("Type", type);
  put("LeadOrContactId", id);
  put("LeadOrContactOwnerId", row.OwnerId ?? null);
  const account = row.AccountId ?? null;
  const owner =
    type === "Lead"
      ? (row.Company ?? null)
      : account &&
        textOf(db.get(`SELECT "Name" FROM "r_Account" WHERE "Id" = ?`, account) ?? {}, "Name");
  put("CompanyOrAccount", owner || null);
}

function mustField(shape: ObjectShape, name: string): DescribeField {
  const field = fieldOf(shape, name);
  if (!field) throw new Error(`${shape.name} has no field ${name}. This is a bug.`);
  return field;
}
