import { type DescribeField, FIELD_TYPES, type FieldSpec, makeField } from "./describe-field.ts";

/** One standard object as this project keeps it: facts only, a line per field. */
export interface CompactObject {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  /** Top-level describe keys in which the object differs from the usual ones. */
  readonly differs?: Readonly<Record<string, unknown>>;
  readonly scopes?: readonly (readonly [name: string, label: string])[];
  /**
   * `Name | type length | flags | label | details`, one field a line. Flags are words of
   * {@link FLAGS}; details are `in=Compound`, `to=Object,Object`, `as=RelationshipName`,
   * `digits=8`, `scale=2`, `precision=10`, `info=personname`, and last `values=A; B*; C ~ Label`,
   * where `*` marks the default value. A line that starts with `;` continues the one before.
   */
  readonly fields: string;
}

/**
 * Reads the field lines of a compact object. Throws on a line it can't read: that is a bug here.
 */
export function readCompactFields(fields: string): DescribeField[] {
  return fields
    .replace(/\n\s*;/g, ";")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map(readLine);
}

/** What each flag word says, as describe keys. */
const FLAGS: Readonly<Record<string, Partial<DescribeField>>> = {
  readonly: { createable: false, updateable: false },
  createonly: { updateable: false },
  updateonly: { createable: false },
  required: { nillable: false },
  defaulted: { defaultedOnCreate: true },
  fixed: { permissionable: false },
  secured: { permissionable: true },
  system: {
    createable: false,
    updateable: false,
    nillable: false,
    defaultedOnCreate: true,
    permissionable: false,
  },
  namefield: { nameField: true },
  lookup: { idLookup: true },
  prefilter: { searchPrefilterable: true },
  restricted: { restrictedPicklist: true },
  unfiltered: { filterable: false, sortable: false },
  unpointed: { namePointing: false },
  external: { externalId: true, idLookup: true },
  unique: { unique: true },
  casesensitive: { caseSensitive: true },
};

function readLine(line: string): DescribeField {
  const [name = "", typeText = "", flags = "", label = "", details = ""] = line
    .split("|")
    .map((part) => part.trim());
  const [typeName = "", length] = typeText.split(" ");
  const type = FIELD_TYPES.find((known) => known === typeName);
  if (type === undefined) throw new Error(`Unknown field type in "${line}". This is a bug.`);
  let spec: FieldSpec = { name, type, label, ...(length ? { length: Number(length) } : {}) };
  for (const word of flags.split(" ").filter((flag) => flag !== "")) {
    const said = FLAGS[word];
    if (said === undefined) throw new Error(`Unknown flag in "${line}". This is a bug.`);
    spec = { ...spec, ...said };
  }
  return makeField({ ...spec, ...readDetails(details) });
}

function readDetails(details: string): Partial<DescribeField> {
  const at = details.indexOf("values=");
  const words = at < 0 ? details : details.slice(0, at);
  let read: Partial<DescribeField> = at < 0 ? {} : readValues(details.slice(at + 7));
  for (const word of words.split(" ").filter((text) => text !== "")) {
    const [key, value = ""] = word.split("=");
    if (key === "in") read = { ...read, compoundFieldName: value };
    else if (key === "to") read = { ...read, referenceTo: value.split(",") };
    else if (key === "as") read = { ...read, relationshipName: value };
    else if (key === "info") read = { ...read, extraTypeInfo: value === "none" ? null : value };
    else if (key === "digits" || key === "scale" || key === "precision") {
      read = { ...read, [key]: Number(value) };
    } else throw new Error(`Unknown field detail "${word}". This is a bug.`);
  }
  return read;
}

function readValues(text: string): Partial<DescribeField> {
  const values = text.split(";").map((entry) => entry.trim());
  const chosen = values.find((entry) => entry.endsWith("*"))?.slice(0, -1) ?? null;
  return {
    picklistValues: values.map((entry) => {
      const defaultValue = entry.endsWith("*");
      const [value = "", label = value] = (defaultValue ? entry.slice(0, -1) : entry).split(" ~ ");
      return { active: true, defaultValue, label, validFor: null, value };
    }),
    ...(chosen === null ? {} : { defaultValue: chosen }),
  };
}
