import type { DescribeField } from "../shape/describe-field.ts";
import { fieldOf, type ObjectShape } from "../shape/object-shape.ts";
import type { OrgShape } from "../shape/org-shape.ts";
import type { Database, SqlValue } from "../store/database.ts";
import type { NumberSource } from "../store/schema.ts";
import type { Binding } from "./binding.ts";
import { changeRecord, deleteRecord, insertRecord } from "./change.ts";
import { checkReference, findByKey, readParent, stateOf } from "./lookup.ts";
import { readValue } from "./read-value.ts";
import { type RowError, rowError } from "./row-error.ts";

export type Operation = "insert" | "update" | "upsert" | "delete" | "hardDelete";

/** The content of one cell: `undefined` is not given (the field stays), `null` clears the field. */
export type Cell = string | null | undefined;

export type Outcome =
  | { readonly action: "created" | "updated" | "deleted"; readonly id: string }
  | { readonly action: "failed"; readonly id: string; readonly error: RowError };

export interface WriterContext {
  readonly db: Database;
  readonly org: OrgShape;
  readonly userId: string;
  readonly numbers: NumberSource;
}

export interface Writer {
  /**
   * The key that a row carries (folded for comparing), or null: by it duplicates in a group are
   * found.
   */
  keyOf(cells: readonly Cell[]): string | null;
  /**
   * The error of a row that can't even be read by the types of its fields; such a row reaches no
   * rule.
   */
  unreadable(cells: readonly Cell[]): RowError | null;
  /** Applies one row. Runs inside the caller's transaction, and changes nothing when it refuses. */
  write(cells: readonly Cell[]): Outcome;
  readonly keyField: DescribeField | null;
}

/** A row's values by field, after every cell was read and every reference checked. */
export type Values = Map<DescribeField, SqlValue>;

/**
 * Makes the function that applies rows of one load: the same for a Bulk API job, a REST record and
 * a collection. Takes the meaning of each column; gives an outcome per row; never throws for data.
 */
export function makeWriter(
  context: WriterContext,
  shape: ObjectShape,
  load: {
    readonly operation: Operation;
    readonly bindings: readonly Binding[];
    readonly externalId: string | null;
  },
): Writer {
  const { operation, bindings } = load;
  const keyName = operation === "upsert" ? (load.externalId ?? "Id") : "Id";
  const keyField = operation === "insert" ? null : (fieldOf(shape, keyName) ?? null);
  const keyIndex = bindings.findIndex((b) => b.kind === "field" && b.field === keyField);

  const keyOf = (cells: readonly Cell[]): string | null => {
    const text = keyIndex < 0 ? null : cells[keyIndex]?.trim();
    if (keyField === null || !text) return null;
    if (keyField.type === "id") return text.slice(0, 15);
    const read = readValue(keyField, text, keyIndex);
    const value = read.ok && read.value !== null ? String(read.value) : text;
    return keyField.caseSensitive ? value : value.toLowerCase();
  };

  const read = (cells: readonly Cell[], forInsert: boolean): Values | RowError =>
    readCells(context, bindings, cells, {
      forInsert,
      strayId: operation === "upsert" ? ID_IN_UPSERT : ID_IN_INSERT,
      skip: forInsert && keyField?.type !== "id" ? null : keyField,
    });

  const insert = (cells: readonly Cell[]): Outcome => {
    const values = read(cells, true);
    if (!(values instanceof Map)) return failed("", values);
    return insertRecord(context, shape, values, keyField);
  };

  const update = (cells: readonly Cell[], id: string): Outcome => {
    const values = read(cells, false);
    return values instanceof Map ? changeRecord(context, shape, id, values) : failed(id, values);
  };

  const byId = (cells: readonly Cell[]): Outcome => {
    const found = readId(context, shape, keyField, cells[keyIndex], keyIndex);
    if (typeof found !== "string") return failed("", found);
    if (operation === "update" || operation === "upsert") return update(cells, found);
    return deleteRecord(context, shape, found, operation === "hardDelete");
  };

  const upsert = (cells: readonly Cell[]): Outcome => {
    if (keyField === null) return insert(cells);
    const text = keyIndex < 0 ? undefined : cells[keyIndex];
    if (keyField.type === "id") return text?.trim() ? byId(cells) : insert(cells);
    if (!text?.trim()) {
      return failed("", rowError("MISSING_ARGUMENT", `${keyField.name} not specified`));
    }
    const key = readValue(keyField, text, keyIndex);
    if (!key.ok) return failed("", key.error);
    const ids = findByKey(context.db, shape, keyField, key.value);
    if (ids.length > 1) {
      const message = `${keyField.label}: more than one record found for external id field: [${ids.join(", ")}]`;
      return failed("", rowError("DUPLICATE_EXTERNAL_ID", message, keyField.name));
    }
    return ids[0] === undefined ? insert(cells) : update(cells, ids[0]);
  };

  const write = operation === "insert" ? insert : operation === "upsert" ? upsert : byId;
  return { keyOf, write, keyField, unreadable: (cells) => findUnreadable(bindings, cells) };
}

function findUnreadable(bindings: readonly Binding[], cells: readonly Cell[]): RowError | null {
  for (const [column, { kind, field }] of bindings.entries()) {
    const cell = cells[column];
    if (kind !== "field" || cell === undefined || cell === null) continue;
    const read = readValue(field, cell, column);
    if (!read.ok && isUnreadable(read.error)) return read.error;
  }
  return null;
}

function isUnreadable(error: RowError): boolean {
  return error.message.startsWith("Failed to deserialize");
}

const ID_IN_INSERT = rowError(
  "INVALID_FIELD_FOR_INSERT_UPDATE",
  "cannot specify Id in an insert call",
  "Id",
);
const ID_IN_UPSERT = rowError(
  "INVALID_FIELD",
  "The Id field should not be specified in the sobject data.",
);

export function failed(id: string, error: RowError): Outcome {
  return { action: "failed", id, error };
}

interface ReadOptions {
  readonly forInsert: boolean;
  /** The key of an update is not written. */
  readonly skip: DescribeField | null;
  /** The error of a row that brings an Id which is not its key. */
  readonly strayId: RowError;
}

function readCells(
  { db, org }: WriterContext,
  bindings: readonly Binding[],
  cells: readonly Cell[],
  { forInsert, skip, strayId }: ReadOptions,
): Values | RowError {
  const values: Values = new Map();
  let refused: RowError | null = null;
  for (const [column, binding] of bindings.entries()) {
    const cell = cells[column];
    const { field } = binding;
    if (cell === undefined || (binding.kind === "field" && field === skip)) continue;
    if (field.type === "id") return strayId;
    // What can't be read at all is reported before any rule of the record.
    const value =
      cell === null
        ? ({ ok: true, value: null } as const)
        : binding.kind === "parent"
          ? readParent(db, binding, cell, column)
          : readValue(field, cell, column);
    if (!value.ok) {
      if (isUnreadable(value.error)) return value.error;
      refused ??= value.error;
      continue;
    }
    if (forInsert ? !field.createable : !field.updateable) refused ??= notWriteable(field);
    if (binding.kind === "field" && field.type === "reference" && typeof value.value === "string") {
      refused ??= checkReference(db, org, field, value.value);
    }
    values.set(field, value.value);
  }
  return refused ?? values;
}

function notWriteable(field: DescribeField): RowError {
  const message = `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
  return rowError("INVALID_FIELD_FOR_INSERT_UPDATE", message, field.name);
}

/** The record that an update or delete means, or why there is none. */
function readId(
  { db }: WriterContext,
  shape: ObjectShape,
  idField: DescribeField | null,
  cell: Cell,
  column: number,
): string | RowError {
  if (idField === null || !cell?.trim()) {
    return rowError("MISSING_ARGUMENT", "Id not specified in an update call");
  }
  const read = readValue(idField, cell, column);
  if (!read.ok || typeof read.value !== "string") {
    return rowError("MALFORMED_ID", `${shape.label} ID: id value of incorrect type: ${cell}`, "Id");
  }
  if (!read.value.startsWith(shape.keyPrefix)) {
    return rowError("MALFORMED_ID", `${shape.label} ID: id value of incorrect type: ${cell}`, "Id");
  }
  const state = stateOf(db, shape, read.value);
  if (state === "deleted") return rowError("ENTITY_IS_DELETED", "entity is deleted");
  if (state === "alive") return read.value;
  return rowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
}
