import path from "node:path";
import type { FieldShape } from "../describe/object-shape.ts";
import { saveSnapshot } from "../describe/snapshot.ts";
import { toObjectShape } from "../describe/to-object-shape.ts";
import { stdTable } from "../report/table.ts";
import { orgOf } from "../sync/org-of.ts";
import type { Context } from "./context.ts";
import { openEngine } from "./open-engine.ts";
import { type CommandResult, success } from "./result.ts";

/** The fields of an object as the connected user sees them; with `save`, committed as a snapshot that
 *  `validate` checks against without an org. */
export async function describeCommand(
  object: string,
  options: { readonly save: boolean },
  context: Context,
): Promise<CommandResult> {
  const engine = await openEngine(context);
  try {
    const orgSpec = orgOf(engine.project, null, context.flags.org);
    const org = await engine.connect(orgSpec);
    const answer = await org.describe(object, context.signal);
    const shape = toObjectShape(answer);
    let snapshot: string | null = null;
    if (options.save) {
      snapshot = await saveSnapshot(engine.project.folder, orgSpec.name, answer);
    }
    const rows = shape.fields.map((field) => [
      field.name,
      typeText(field),
      flagsText(field),
      field.label,
    ]);
    const saved =
      snapshot === null ? "" : `\nSaved as ${path.relative(engine.project.folder, snapshot)}\n`;
    const text = `${stdTable(["field", "type", "may", "label"], rows, context.width)}${saved}`;
    return success({ org: orgSpec.name, object: shape.name, snapshot, describe: shape }, text);
  } finally {
    await engine.close();
  }
}

function typeText(field: FieldShape): string {
  if (field.type === "reference") return `reference to ${field.referenceTo.join(", ")}`;
  if (field.length > 0) return `${field.type}(${field.length})`;
  if (field.precision > 0) return `${field.type}(${field.precision},${field.scale})`;
  return field.digits > 0 ? `${field.type}(${field.digits})` : field.type;
}

function flagsText(field: FieldShape): string {
  const flags = [
    field.createable ? "create" : "",
    field.updateable ? "update" : "",
    field.createable && !field.nillable && !field.defaultedOnCreate ? "required" : "",
    field.idLookup || field.externalId ? "key" : "",
  ];
  return flags.filter((flag) => flag !== "").join(" ");
}
