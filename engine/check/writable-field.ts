import type { Diagnostic } from "../base/diagnostic.ts";
import type { FieldShape } from "../describe/object-shape.ts";
import { type CheckContext, refuse, warn } from "./check-context.ts";
import { isCompound } from "./compound-field.ts";

/** A field must be writable in what the sync does: createable for insert, updateable for update, and
 *  for upsert one of them, where the other leaves doubt. A delete writes nothing. */
export function checkWritableField(context: CheckContext): Diagnostic[] {
  const { spec, shape, columns } = context;
  const { operation } = spec.target;
  if (operation === "delete") return [];
  return columns.flatMap(({ field, pointer, isKey }) => {
    if (field === null || isCompound(field, shape)) return [];
    // The key of an update says which record is meant. So does an Id; beside another key it is a
    // matter for the rule of keys.
    if (operation === "update" && isKey) return [];
    if (operation !== "insert" && field.name === "Id") return [];
    const able =
      operation === "insert"
        ? field.createable
        : operation === "update"
          ? field.updateable
          : field.createable || field.updateable;
    const shown = `${shape.name}.${field.name}`;
    if (!able) {
      return refuse(spec, "CHECK_FIELD_READONLY", pointer, {
        detail: `${shown} can't be written by ${article(operation)}: ${reasonOf(field, operation)}`,
        hint: hintOf(field),
      });
    }
    if (operation !== "upsert" || (field.createable && field.updateable)) return [];
    const [can, cannot] = field.createable ? ["created", "updated"] : ["updated", "created"];
    return warn(spec, "CHECK_FIELD_READONLY", pointer, {
      detail: `${shown} can be written when a record is ${can} but not when it is ${cannot}, so rows of this upsert whose record is ${cannot} may fail.`,
      hint: `If the source also holds records that are ${cannot}, move this field to a sync that only ${field.createable ? "inserts" : "updates"}.`,
    });
  });
}

function reasonOf(field: FieldShape, operation: "insert" | "update" | "upsert"): string {
  if (field.name === "Id") return "Salesforce gives Ids itself.";
  if (field.calculated) return "it is a formula or roll-up, which Salesforce computes.";
  if (field.autoNumber) return "Salesforce numbers it by itself.";
  if (operation === "insert" && field.updateable) return "it can be set on existing records only.";
  if (operation === "update" && field.createable) return "it can be set on new records only.";
  return "it is read-only, by its nature or for the connected user.";
}

function hintOf(field: FieldShape): string {
  if (field.name === "Id") {
    return "Remove it. To say which records are meant by their Ids, use operation: update.";
  }
  if (field.calculated || field.autoNumber) return "Remove it from the mapping.";
  return "Remove it, or give the connected user edit access in field-level security. System fields such as CreatedDate need a permission of their own.";
}

function article(operation: string): string {
  return operation === "delete" ? "a delete" : `an ${operation}`;
}
