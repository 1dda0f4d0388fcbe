import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { nowMs } from "../clock.ts";
import { bindColumn } from "../dml/binding.ts";
import { addDefaults, storeRecord } from "../dml/change.ts";
import { readParent } from "../dml/lookup.ts";
import { readValue } from "../dml/read-value.ts";
import type { Values, WriterContext } from "../dml/writer.ts";
import { makeId } from "../ids.ts";
import { fieldOf, type ObjectShape } from "../shape/object-shape.ts";
import { OrgShapeError } from "../shape/org-yaml.ts";

/** Parents come first, so that a seed may refer to another seed by external id. */
const ORDER = ["User", "Account", "Contact", "Lead", "Campaign", "CampaignMember"];

/**
 * Fills a new org from `<Object>.csv` files with API names as header, Ids included where they
 * matter.
 * Runs in the transaction that creates the org. Throws {@link OrgShapeError} for a row it can't
 * store.
 */
export function seedRecords(context: WriterContext, dir: string): void {
  if (!existsSync(dir)) return;
  const files = readdirSync(dir).filter((name) => name.endsWith(".csv"));
  const rank = (name: string): number => {
    const at = ORDER.indexOf(name.replace(/\.csv$/, ""));
    return at < 0 ? ORDER.length : at;
  };
  for (const name of files.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))) {
    const shape = context.org.find(name.replace(/\.csv$/, ""));
    if (!shape) throw new OrgShapeError(`${path.join(dir, name)}: the org has no such object`);
    seedObject(context, shape, path.join(dir, name));
  }
}

function seedObject(context: WriterContext, shape: ObjectShape, file: string): void {
  const rows: string[][] = parse(readFileSync(file), { bom: true, skip_empty_lines: true });
  const [header = [], ...records] = rows;
  const bindings = header.map((name) => {
    const binding = bindColumn(context.org, shape, name);
    if (!binding) throw new OrgShapeError(`${file}: ${shape.name} has no field "${name}"`);
    return binding;
  });
  for (const [index, cells] of records.entries()) {
    const values: Values = new Map();
    for (const [column, binding] of bindings.entries()) {
      const text = cells[column] ?? "";
      if (text === "") continue;
      const read =
        binding.kind === "parent"
          ? readParent(context.db, binding, text, column)
          : readValue(binding.field, text, column);
      if (!read.ok) throw new OrgShapeError(`${file}: record ${index + 1}: ${read.error.message}`);
      values.set(binding.field, read.value);
    }
    storeSeed(context, shape, values);
  }
}

/** A seeded record gets what the org would give it: an Id, an owner, defaults and dates. */
export function storeSeed(
  { db, userId, numbers }: WriterContext,
  shape: ObjectShape,
  values: Values,
): void {
  const now = `${new Date(nowMs()).toISOString().slice(0, 19)}.000Z`;
  const usual: Readonly<Record<string, string>> = {
    CreatedDate: now,
    LastModifiedDate: now,
    SystemModstamp: now,
    CreatedById: userId,
    LastModifiedById: userId,
  };
  const idField = fieldOf(shape, "Id");
  if (idField && !values.has(idField)) {
    values.set(idField, makeId(shape.keyPrefix, numbers.next(shape.keyPrefix)));
  }
  addDefaults(shape, values, userId);
  for (const [name, value] of Object.entries(usual)) {
    const field = fieldOf(shape, name);
    if (field && !values.has(field)) values.set(field, value);
  }
  storeRecord(db, shape, values);
}
