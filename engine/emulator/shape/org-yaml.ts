/**
 * Users declare their own fields and objects in `emulator/*.yaml`:
 *
 *     objects:
 *       Contact:                                # a standard object: fields are added to it
 *         recordTypes: [Partner, { name: Key Account, developerName: Key_Account, default: true }]
 *         hide: [Birthdate]                     # field-level security hides it from describe and loads
 *         fields:
 *           ERP_Id__c:  { type: string, length: 40, label: ERP Id, externalId: true, unique: true, caseSensitive: false }
 *           Score__c:   { type: double, precision: 10, scale: 2, required: true }
 *           Tier__c:    { type: picklist, restricted: true, values: [Bronze, { value: Gold, label: Or, active: false }] }
 *           Region__c:  { type: reference, referenceTo: [Region__c], relationshipName: Region__r }
 *           Active__c:  { type: boolean, default: true }
 *       Region__c:                              # a new object: gets Id, Name, OwnerId and the audit fields
 *         label: Region
 *         labelPlural: Regions                  # default: label + "s"
 *         keyPrefix: a0R                        # default: follows from the name
 *         name: { label: Region Name, autoNumber: true }
 *         fields: {}
 *
 * Types: string, textarea, picklist, multipicklist, boolean, double, currency, percent, int, date,
 * datetime, time, email, phone, url, reference. A field may also be `readOnly: true`.
 */
import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { FIELD_TYPES, type FieldType } from "./describe-field.ts";

export interface YamlField {
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly required: boolean;
  readonly restricted: boolean;
  readonly readOnly: boolean;
  readonly values: readonly YamlValue[];
  readonly default: string | number | boolean | null;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
}

export interface YamlValue {
  readonly value: string;
  readonly label: string;
  readonly active: boolean;
  readonly default: boolean;
}

export interface YamlObject {
  readonly name: string;
  readonly label: string | null;
  readonly labelPlural: string | null;
  readonly keyPrefix: string | null;
  readonly nameLabel: string | null;
  readonly autoNumber: boolean;
  readonly recordTypes: readonly { name: string; developerName: string; isDefault: boolean }[];
  readonly hide: readonly string[];
  readonly fields: readonly YamlField[];
}

/** Something in a user's emulator file is wrong. The message names the file and the place in it. */
export class OrgShapeError extends Error {}

/** Reads one `emulator/*.yaml`. Throws {@link OrgShapeError} on the first thing it can't accept. */
export function readOrgYaml(file: string): YamlObject[] {
  const document = parseDocument(readFileSync(file, "utf8"), { prettyErrors: true });
  const problem = document.errors[0];
  if (problem) throw new OrgShapeError(`${file}: ${problem.message}`);
  const root = new Node(document.toJS() ?? {}, file, "");
  root.allow(["objects"]);
  return root.child("objects").entries().map(readObject);
}

const OBJECT_KEYS = ["label", "labelPlural", "keyPrefix", "name", "recordTypes", "hide", "fields"];

function readObject([name, node]: [string, Node]): YamlObject {
  node.allow(OBJECT_KEYS);
  const naming = node.child("name");
  naming.allow(["label", "autoNumber"]);
  const keyPrefix = node.text("keyPrefix");
  if (keyPrefix !== null && !/^[0-9A-Za-z]{3}$/.test(keyPrefix)) {
    node.fail(`keyPrefix must be 3 letters or digits, not "${keyPrefix}"`);
  }
  return {
    name,
    label: node.text("label"),
    labelPlural: node.text("labelPlural"),
    keyPrefix,
    nameLabel: naming.text("label"),
    autoNumber: naming.flag("autoNumber"),
    recordTypes: node.list("recordTypes").map(readRecordType),
    hide: node.list("hide").map((entry) => entry.asText()),
    fields: node.child("fields").entries().map(readField),
  };
}

function readRecordType(node: Node): { name: string; developerName: string; isDefault: boolean } {
  if (typeof node.value === "string") return recordType(node.value, node.value, false);
  node.allow(["name", "developerName", "default"]);
  const name = node.text("name") ?? node.text("developerName");
  if (name === null) return node.fail("a record type needs a name");
  return recordType(name, node.text("developerName") ?? name, node.flag("default"));
}

function recordType(name: string, developerName: string, isDefault: boolean) {
  return { name, developerName: developerName.replaceAll(/\W+/g, "_"), isDefault };
}

const FIELD_KEYS = [
  "type",
  "label",
  "length",
  "precision",
  "scale",
  "externalId",
  "unique",
  "caseSensitive",
  "required",
  "restricted",
  "readOnly",
  "values",
  "default",
  "referenceTo",
  "relationshipName",
];

function readField([name, node]: [string, Node]): YamlField {
  node.allow(FIELD_KEYS);
  const typeName = node.text("type");
  const type = FIELD_TYPES.find((known) => known === typeName);
  if (type === undefined || type === "id" || type === "address") {
    return node.fail(`type must be one of string, ${FIELD_TYPES.slice(2, -1).join(", ")}`);
  }
  const referenceTo = node.list("referenceTo").map((entry) => entry.asText());
  if (type === "reference" && referenceTo.length === 0) node.fail("a reference needs referenceTo");
  const values = node.list("values").map(readValue);
  if (values.length > 0 && type !== "picklist" && type !== "multipicklist") {
    node.fail("values belong to a picklist");
  }
  return {
    name,
    type,
    label: node.text("label") ?? name.replace(/__c$/, "").replaceAll("_", " "),
    length: node.number("length"),
    precision: node.number("precision"),
    scale: node.number("scale"),
    externalId: node.flag("externalId"),
    unique: node.flag("unique"),
    caseSensitive: node.flag("caseSensitive"),
    required: node.flag("required"),
    restricted: node.flag("restricted"),
    readOnly: node.flag("readOnly"),
    values,
    default: node.scalar("default"),
    referenceTo,
    relationshipName: node.text("relationshipName"),
  };
}

function readValue(node: Node): YamlValue {
  if (typeof node.value !== "object" || node.value === null) {
    const value = node.asText();
    return { value, label: value, active: true, default: false };
  }
  node.allow(["value", "label", "active", "default"]);
  const value = node.text("value");
  if (value === null) return node.fail("a picklist value needs a value");
  return {
    value,
    label: node.text("label") ?? value,
    active: node.scalar("active") !== false,
    default: node.flag("default"),
  };
}

/** A place in the YAML, so that every complaint can name it. */
class Node {
  readonly value: unknown;
  private readonly file: string;
  private readonly path: string;

  constructor(value: unknown, file: string, path: string) {
    this.value = value;
    this.file = file;
    this.path = path;
  }

  fail(message: string): never {
    throw new OrgShapeError(`${this.file}: ${this.path || "top level"}: ${message}`);
  }

  private at(value: unknown, key: string): Node {
    return new Node(value, this.file, this.path === "" ? key : `${this.path}.${key}`);
  }

  private map(): Record<string, unknown> {
    const { value } = this;
    if (value === null || value === undefined) return {};
    if (typeof value !== "object" || Array.isArray(value)) return this.fail("must be a mapping");
    return { ...value };
  }

  allow(keys: readonly string[]): void {
    const unknown = Object.keys(this.map()).find((key) => !keys.includes(key));
    if (unknown !== undefined) {
      this.fail(`unknown key "${unknown}"; allowed are ${keys.join(", ")}`);
    }
  }

  child(key: string): Node {
    return this.at(this.map()[key], key);
  }

  entries(): [string, Node][] {
    return Object.entries(this.map()).map(([key, value]) => [key, this.at(value, key)]);
  }

  list(key: string): Node[] {
    const value = this.map()[key];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) return this.at(value, key).fail("must be a list");
    return value.map((entry, index) => this.at(entry, `${key}[${index}]`));
  }

  scalar(key: string): string | number | boolean | null {
    const value = this.map()[key];
    if (value === undefined || value === null) return null;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      return value;
    }
    return this.at(value, key).fail("must be a single value");
  }

  asText(): string {
    if (typeof this.value === "string" || typeof this.value === "number") return `${this.value}`;
    return this.fail("must be text");
  }

  text(key: string): string | null {
    const value = this.scalar(key);
    return value === null ? null : this.at(value, key).asText();
  }

  number(key: string): number | null {
    const value = this.scalar(key);
    if (value === null || (typeof value === "number" && Number.isInteger(value) && value >= 0)) {
      return value as number | null;
    }
    return this.at(value, key).fail("must be a whole number");
  }

  flag(key: string): boolean {
    const value = this.scalar(key);
    if (value === null || typeof value === "boolean") return value === true;
    return this.at(value, key).fail("must be true or false");
  }
}
