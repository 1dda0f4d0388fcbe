import type { FieldMapping } from "../config/sync-spec.ts";
import { compileCellValue } from "./cell-value.ts";
import { type PlanInput, planColumns } from "./column-plan.ts";

/** Constants as they go on the wire, for an update by Id that has no source row. */
export interface ConstantCells {
  /** Canonical names, without the Id. */
  readonly columns: readonly string[];
  readonly cells: readonly string[];
  /** A constant that describe's rules refuse, in a sentence; null: there is none. */
  readonly problem: string | null;
}

/** Writes constants by the rules of a mapping: `nulls` for blanks, describe's rules for the others. */
export function constantCells(input: PlanInput, mapping: readonly FieldMapping[]): ConstantCells {
  const { spec } = input;
  const [first] = mapping;
  if (first === undefined) return { columns: [], cells: [], problem: null };
  const id = { ...first, field: "Id", from: "Id", value: null, nulls: null };
  const target = { ...spec.target, operation: "update", externalId: null } as const;
  const plans = planColumns({ ...input, spec: { ...spec, target, mapping: [id, ...mapping] } });
  let problem: string | null = null;
  const cells = plans.slice(1).map((plan) => {
    const cell = compileCellValue(plan)(plan.mapping.value ?? "", false);
    if ("wire" in cell) return cell.wire;
    problem ??= `${plan.name} does not take the value that the spec gives it (${cell.code})`;
    return "";
  });
  return { columns: plans.slice(1).map(({ name }) => name), cells, problem };
}
