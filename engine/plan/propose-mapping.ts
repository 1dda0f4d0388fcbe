import { suggest } from "../base/suggest.ts";
import type { FieldShape, ObjectShape } from "../describe/object-shape.ts";

/** A source column and the field that it seems to be for. */
export interface Proposal {
  readonly column: string;
  readonly field: FieldShape | null;
  /** `sure`: the same name or label; `guess`: a person should look. */
  readonly trust: "sure" | "guess" | "none";
}

/** Finds a field for each column by name and label. No field is proposed twice: the better match has
 *  it, and of equal ones the first column. */
export function proposeMapping(columns: readonly string[], shape: ObjectShape): Proposal[] {
  const fields = shape.fields.filter(isWritable);
  const proposals = columns.map((column) => proposeOne(column, fields));
  const taken = new Set<string>();
  for (const trust of ["sure", "guess"] as const) {
    proposals.forEach((proposal, i) => {
      if (proposal.trust !== trust || proposal.field === null) return;
      if (taken.has(proposal.field.name)) {
        proposals[i] = { column: proposal.column, field: null, trust: "none" };
      } else taken.add(proposal.field.name);
    });
  }
  return proposals;
}

/** The key of an upsert: a proposed external id, the surest and first. Null: there is none. */
export function proposeKey(proposals: readonly Proposal[]): FieldShape | null {
  const keys = proposals.filter(({ field }) => field?.externalId === true);
  return (keys.find(({ trust }) => trust === "sure") ?? keys[0])?.field ?? null;
}

function isWritable({ createable, updateable, calculated, type }: FieldShape): boolean {
  return (createable || updateable) && !calculated && type !== "address" && type !== "location";
}

function proposeOne(column: string, fields: readonly FieldShape[]): Proposal {
  const wanted = plainName(column);
  const by = (name: (field: FieldShape) => string) =>
    fields.find((field) => plainName(name(field)) === wanted);
  const same = by(({ name }) => name) ?? by(({ label }) => label);
  if (same !== undefined) return { column, field: same, trust: "sure" };
  const custom = by(({ name }) => name.replace(/__c$/i, ""));
  if (custom !== undefined) return { column, field: custom, trust: "sure" };
  const synonym = SYNONYMS[wanted];
  const known = fields.find(({ name }) => name === synonym);
  if (known !== undefined) return { column, field: known, trust: "guess" };
  const names = new Map(fields.flatMap((field) => namesOf(field).map((name) => [name, field])));
  const near = wanted.length < NEAR_LENGTH_MIN ? null : suggest(wanted, names.keys());
  const field = near === null ? null : (names.get(near) ?? null);
  return { column, field, trust: field === null ? "none" : "guess" };
}

/** In shorter names two edits make anything of anything. */
const NEAR_LENGTH_MIN = 5;

function namesOf({ name, label }: FieldShape): string[] {
  return [plainName(name.replace(/__c$/i, "")), plainName(label)];
}

/** `Last Name`, `last_name` and `LastName` are one. */
function plainName(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** What exports call the standard fields. */
const SYNONYMS: Readonly<Record<string, string>> = {
  surname: "LastName",
  familyname: "LastName",
  nachname: "LastName",
  givenname: "FirstName",
  vorname: "FirstName",
  mail: "Email",
  emailaddress: "Email",
  telephone: "Phone",
  telefon: "Phone",
  mobile: "MobilePhone",
  cell: "MobilePhone",
  companyname: "Company",
  firma: "Company",
  birthday: "Birthdate",
  dateofbirth: "Birthdate",
  born: "Birthdate",
  zip: "MailingPostalCode",
  postcode: "MailingPostalCode",
  city: "MailingCity",
  street: "MailingStreet",
};
