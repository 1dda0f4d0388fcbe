import type { FieldMapping, SyncSpec } from "../../engine/config/sync-spec.ts";
import type { ObjectShape } from "../../engine/describe/object-shape.ts";
import { compileProgram } from "../../engine/mapping/compile-program.ts";
import { type MappedBlock, ROW_FILTERED, ROW_MAPPED } from "../../engine/mapping/row-program.ts";
import { blockOf } from "./block-of.ts";
import { PARENTS, specOf, THING } from "./spec-of.ts";

/** What became of a row: its CSV line without the line end, "filtered", or its problem. */
export function outcome(mapped: MappedBlock, row: number): string {
  if (mapped.status[row] === ROW_FILTERED) return "filtered";
  if (mapped.status[row] !== ROW_MAPPED) {
    const problem = mapped.problems.get(row);
    return `${problem?.code} ${problem?.field}: ${problem?.reason}`;
  }
  const line = Buffer.from(mapped.bytes.subarray(mapped.rowStart[row], mapped.rowStart[row + 1]));
  return line.toString().replace(/\n$/, "");
}

interface Given extends Partial<SyncSpec> {
  readonly operation?: SyncSpec["target"]["operation"];
  readonly key?: string | null;
  readonly shape?: ObjectShape;
}

/** Maps one row of the given columns and says what became of it. */
export function mapRow(
  fields: Readonly<Record<string, Partial<FieldMapping> | string>>,
  row: Readonly<Record<string, string>>,
  given: Given = {},
): string {
  const { shape = THING, ...rest } = given;
  const program = compileProgram({ spec: specOf(fields, rest), shape, parents: PARENTS });
  return outcome(program.mapBlock(blockOf(Object.keys(row), [Object.values(row)])), 0);
}

/** Maps the one value `v` by one field of an insert without a key. */
export function mapValue(
  name: string,
  settings: Partial<FieldMapping>,
  value: string,
  given: Given = {},
): string {
  const from = settings.expr === undefined && settings.value === undefined ? { from: "v" } : {};
  return mapRow(
    { [name]: { ...from, ...settings } },
    { v: value, other: "o" },
    { operation: "upsert", key: null, repeat: true, ...given },
  );
}
