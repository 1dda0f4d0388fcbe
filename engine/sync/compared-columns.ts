import { parseColumnName } from "../describe/column-name.ts";
import { planColumns } from "../mapping/column-plan.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** A column of the chunks, and how the org is asked for what it holds there. */
export interface ComparedColumn {
  /** Canonical name: the chunk's header. */
  readonly name: string;
  /** The path in SOQL; null where the org can't be asked by the same path. */
  readonly soql: string | null;
  /** Salesforce's type of the value. */
  readonly type: string;
}

/** The columns that a plan compares with the org: all but the key itself. */
export function comparedColumns({ spec, shape, parents }: PreparedSync): ComparedColumn[] {
  return planColumns({ spec, shape, parents })
    .filter(({ key }) => !key)
    .map(({ name, valueField }) => {
      const parsed = parseColumnName(name);
      // Owner is a Name to SOQL, which has few of a user's fields.
      const polymorphic = parsed.kind === "relationship" && parsed.object !== null;
      return { name, soql: polymorphic ? null : name, type: valueField.type };
    });
}

/** `SELECT Id, key, fields FROM Object`: the key only once. */
export function selectOf(
  object: string,
  key: string,
  columns: readonly ComparedColumn[],
  where: string,
): string {
  const paths = columns.flatMap(({ soql }) => (soql === null ? [] : [soql]));
  const names = [...new Set(["Id", key, ...paths])];
  return `SELECT ${names.join(", ")} FROM ${object} WHERE ${where}`;
}

/** What `--refresh` can't hold against the org, and why; null when it compares all. */
export function notCompared(prepared: PreparedSync): string | null {
  const { operation } = prepared.spec.target;
  const { program } = prepared;
  if (operation === "delete") return "--refresh has no fields to compare for a delete.";
  if (program.keyColumn === null)
    return "--refresh compares nothing: rows without a key have no record.";
  const blind = comparedColumns(prepared).filter(({ soql }) => soql === null);
  if (blind.length === 0) return null;
  const names = blind.map(({ name }) => name).join(", ");
  return `--refresh does not compare ${names}: a parent that may be of several kinds is not read.`;
}
