import type { Diagnostic } from "../base/diagnostic.ts";
import { type CheckContext, refuse, warn } from "./check-context.ts";

/** The object must allow what the sync does. */
export function checkObjectOperation({ spec, shape }: CheckContext): Diagnostic[] {
  const { operation } = spec.target;
  const { name } = shape;
  const pointer = "/target/operation";
  const no = (what: string) =>
    refuse(spec, "CHECK_OBJECT_OPERATION", pointer, {
      detail: `${name} records can't be ${what} by the connected user. Either Salesforce does not allow it for this object at all, or the user lacks the object permission.`,
      hint: `Give the user the permission on ${name}, or choose another operation.`,
    });
  switch (operation) {
    case "insert":
      return shape.createable ? [] : [no("created")];
    case "update":
      return shape.updateable ? [] : [no("updated")];
    case "delete":
      return shape.deletable ? [] : [no("deleted")];
    case "upsert": {
      if (shape.createable && shape.updateable) return [];
      if (!shape.createable && !shape.updateable) return [no("created or updated")];
      const [able, unable] = shape.createable ? ["created", "updated"] : ["updated", "created"];
      return [
        warn(spec, "CHECK_OBJECT_OPERATION", pointer, {
          detail: `${name} records can be ${able} but not ${unable} by the connected user, so rows of this upsert that would have to be ${unable} will fail.`,
          hint: `Give the user the permission on ${name}, or use ${shape.createable ? "insert" : "update"}.`,
        }),
      ];
    }
  }
}
