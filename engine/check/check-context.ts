import type { Code } from "../base/codes.ts";
import {
  type Diagnostic,
  errorDiagnostic,
  type Position,
  warningDiagnostic,
} from "../base/diagnostic.ts";
import type { FieldMapping, Project, SyncSpec } from "../config/sync-spec.ts";
import {
  type ParentShapes,
  type ResolvedColumn,
  resolveColumn,
} from "../describe/canonical-column.ts";
import { type ColumnName, parseColumnName } from "../describe/column-name.ts";
import type { FieldShape, ObjectShape } from "../describe/object-shape.ts";

export interface CheckInput {
  readonly spec: SyncSpec;
  readonly shape: ObjectShape;
  readonly parents: ParentShapes;
  /** The headers of the source files, in their order; null when they were not read. */
  readonly files: readonly SourceHeader[] | null;
  /** The columns that each expression needs, by the mapped field as written; those of the spec's `where`
   *  by that name. Default: none. */
  readonly expressionColumns?: ReadonlyMap<string, readonly string[]>;
  /** The syncs beside this one. Default: none. */
  readonly project?: Pick<Project, "syncs" | "defaultOrg">;
}

/** The part of a source file that is needed here. */
export interface SourceHeader {
  /** As messages show it. */
  readonly shown: string;
  readonly header: readonly string[];
}

/** A rule looks at one thing and returns what is wrong with it. */
export type CheckRule = (context: CheckContext) => Diagnostic[];

export interface CheckContext extends CheckInput {
  readonly columns: readonly CheckedColumn[];
  /** The field that tells records apart, as written; null for an insert that names none. */
  readonly keyName: string | null;
}

/** One mapping entry and what its field means in the org. */
export interface CheckedColumn {
  readonly mapping: FieldMapping;
  /** "/mapping/Email" */
  readonly pointer: string;
  readonly name: ColumnName;
  /** Null where the org has no such column; a rule of its own says so, the others keep quiet. */
  readonly column: ResolvedColumn | null;
  /** The field of the target that is written: the reference for a relationship column. */
  readonly field: FieldShape | null;
  /** The field whose rules the values obey: the parent's for a relationship column. */
  readonly valueField: FieldShape | null;
  readonly isKey: boolean;
}

/** `at`: where the mapping stands in the spec. */
export function contextOf(input: CheckInput, at = "/mapping"): CheckContext {
  const { spec, shape, parents } = input;
  const { operation, externalId } = spec.target;
  const keyName = externalId ?? (operation === "update" || operation === "delete" ? "Id" : null);
  const columns = spec.mapping.map((mapping): CheckedColumn => {
    const name = parseColumnName(mapping.field);
    const column = resolveColumn(mapping.field, shape, parents);
    return {
      mapping,
      pointer: pointerTo(at, mapping.field),
      name,
      column,
      field: column === null ? null : column.kind === "field" ? column.field : column.reference,
      valueField:
        column === null ? null : column.kind === "field" ? column.field : column.parentField,
      isKey: sameName(mapping.field, keyName),
    };
  });
  return { ...input, columns, keyName };
}

export function sameName(
  one: string | null | undefined,
  other: string | null | undefined,
): boolean {
  return one != null && other != null && one.toLowerCase() === other.toLowerCase();
}

export function pointerTo(parent: string, key: string): string {
  return `${parent}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

interface Problem {
  readonly detail: string;
  readonly hint?: string | null;
}

export function refuse(spec: SyncSpec, code: Code, pointer: string, problem: Problem): Diagnostic {
  return errorDiagnostic(code, { ...problem, at: positionOf(spec, pointer), path: pointer });
}

export function warn(spec: SyncSpec, code: Code, pointer: string, problem: Problem): Diagnostic {
  return warningDiagnostic(code, { ...problem, at: positionOf(spec, pointer), path: pointer });
}

/** Where a value stands, or the nearest thing around it that has a place: the short form of a mapping
 *  has no "/from", and the key of an update has no "externalId". */
function positionOf(spec: SyncSpec, pointer: string): Position {
  for (let place = pointer; place !== ""; place = place.slice(0, place.lastIndexOf("/"))) {
    const position = spec.positions[place];
    if (position !== undefined) return position;
  }
  return { file: spec.fileShown, line: null, column: null };
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[], last = "and"): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}
