import assert from "node:assert/strict";
import type { FieldMapping, NullPolicy, SyncSpec } from "../config/sync-spec.ts";
import { canonicalColumn, type ParentShapes, resolveColumn } from "../describe/canonical-column.ts";
import type { FieldShape, ObjectShape } from "../describe/object-shape.ts";
import type { KeyKind } from "./row-program.ts";
import { idPrefixes } from "./value-rules.ts";

/** One column of the output: a mapping that has met describe. */
export interface ColumnPlan {
  /** The header, in canonical case: `Email`, `Account.ERP_Id__c`, `User:Owner.Email`. */
  readonly name: string;
  readonly mapping: FieldMapping;
  /** The field of the target object that the column writes. */
  readonly field: FieldShape;
  /** The field whose rules the values obey: the parent's for a relationship column. */
  readonly valueField: FieldShape;
  /** Key prefixes that an Id can have; null when not certain. */
  readonly prefixes: readonly string[] | null;
  readonly relationship: boolean;
  readonly key: boolean;
  /** What a blank does, once keys, inserts and fields that can't be null have had their say. */
  readonly nulls: NullPolicy;
  /** The org refuses a record without this value. */
  readonly required: boolean;
  /** Active record types by lower-case DeveloperName; null when the column maps none. */
  readonly recordTypes: ReadonlyMap<string, string> | null;
}

export interface PlanInput {
  readonly spec: SyncSpec;
  readonly shape: ObjectShape;
  /** The target's parents by lower-case object name. */
  readonly parents: ParentShapes;
}

/** The columns of a spec, in its order. A delete has its key and nothing else. */
export function planColumns(input: PlanInput): readonly ColumnPlan[] {
  const { spec, shape } = input;
  const keyName = keyField(spec)?.toLowerCase() ?? null;
  const plans = spec.mapping.map((mapping) => planColumn(mapping, { input, keyName }));
  const columns = spec.target.operation === "delete" ? plans.filter((plan) => plan.key) : plans;
  assert(
    keyName === null || columns.some((plan) => plan.key),
    `The key ${keyName} of ${shape.name} is not mapped, which check should have found. This is a bug.`,
  );
  return columns;
}

/** The field that tells records apart; null for an insert that names none. */
export function keyField(spec: SyncSpec): string | null {
  const { operation, externalId } = spec.target;
  return externalId ?? (operation === "update" || operation === "delete" ? "Id" : null);
}

/** How two keys in this field compare. */
export function keyKindOf(field: FieldShape): KeyKind {
  switch (field.type) {
    case "id":
    case "reference":
      return "id";
    case "int":
    case "long":
    case "double":
    case "currency":
    case "percent":
      return "number";
    default:
      return field.caseSensitive ? "textCaseSensitive" : "text";
  }
}

interface PlanContext {
  readonly input: PlanInput;
  readonly keyName: string | null;
}

function planColumn(mapping: FieldMapping, { input, keyName }: PlanContext): ColumnPlan {
  const { spec, shape, parents } = input;
  const target = findTarget(mapping.field, input);
  const { field, relationship } = target;
  const key = !relationship && field.name.toLowerCase() === keyName;
  const insert = spec.target.operation === "insert";
  const clearable = !insert && !key && !relationship && field.nillable;
  const nulls = mapping.nulls ?? spec.nulls;
  return {
    ...target,
    mapping,
    key,
    nulls: nulls === "clear" && !clearable ? "ignore" : nulls,
    required: insert && field.createable && !field.nillable && !field.defaultedOnCreate,
    prefixes: idPrefixes(target.valueField, target.valueOwner, parents),
    recordTypes: mapping.recordType ? activeRecordTypes(shape) : null,
  };
}

interface ColumnTarget {
  readonly name: string;
  readonly field: FieldShape;
  readonly valueField: FieldShape;
  readonly valueOwner: ObjectShape;
  readonly relationship: boolean;
}

function findTarget(written: string, { shape, parents }: PlanInput): ColumnTarget {
  const column = resolveColumn(written, shape, parents);
  assert(
    column,
    `${shape.name} has no field ${written}, which check should have found. This is a bug.`,
  );
  const name = canonicalColumn(written, shape, parents);
  if (column.kind === "field") {
    const { field } = column;
    return { name, field, valueField: field, valueOwner: shape, relationship: false };
  }
  const { reference, parent, parentField } = column;
  return {
    name,
    field: reference,
    valueField: parentField,
    valueOwner: parent,
    relationship: true,
  };
}

function activeRecordTypes(shape: ObjectShape): ReadonlyMap<string, string> {
  const active = shape.recordTypes.filter((type) => type.active);
  return new Map(active.map((type) => [type.developerName.toLowerCase(), type.id]));
}
