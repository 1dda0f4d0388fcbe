import { parseColumnName } from "../describe/column-name.ts";
import { keyKindOf, planColumns } from "../mapping/column-plan.ts";
import { foldKey } from "../mapping/fold-key.ts";
import { comparable } from "../plan/comparable.ts";
import type { PreparedSync } from "./prepare-sync.ts";

/** A column of the chunks, and how the org is asked for what it holds there. */
export interface ComparedColumn {
  /** Canonical name: the chunk's header. */
  readonly name: string;
  /** The path in SOQL; null where the org can't be asked by the same path. */
  readonly soql: string | null;
  /** The form in which what would be sent and what the org holds are compared; "" for a blank. */
  readonly form: (text: string) => string;
}

/** The columns that a plan compares with the org: all but the key itself. */
export function comparedColumns({ spec, shape, parents }: PreparedSync): ComparedColumn[] {
  return planColumns({ spec, shape, parents })
    .filter(({ key }) => !key)
    .map(({ name, valueField, relationship }) => {
      const kind = keyKindOf(valueField);
      // A parent is found by its key as Salesforce compares keys: mostly in any letter case.
      const form = (text: string) =>
        relationship && text !== "#N/A" ? foldKey(text, kind) : comparable(text, valueField.type);
      return { name, soql: soqlOf(name), form };
    });
}

/** A parent of several kinds is a Name to SOQL, which has few fields of its own, and these only of
 *  users (Object Reference, "Name"). */
function soqlOf(name: string): string | null {
  const parsed = parseColumnName(name);
  if (parsed.kind !== "relationship" || parsed.object === null) return name;
  const readable = parsed.object.toLowerCase() === "user" && USER_FIELDS_OF_NAME.has(parsed.field);
  return readable ? `${parsed.relationship}.${parsed.field}` : null;
}

const USER_FIELDS_OF_NAME: ReadonlySet<string> = new Set(["Email", "Username"]);

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
  if (prepared.program.keyColumn === null)
    return "--refresh compares nothing: rows without a key have no record.";
  const blind = comparedColumns(prepared).filter(({ soql }) => soql === null);
  if (blind.length === 0) return null;
  const names = blind.map(({ name }) => name).join(", ");
  return `--refresh does not compare ${names}: of a parent that may be of several kinds, SOQL reads only a user's Email and Username.`;
}
