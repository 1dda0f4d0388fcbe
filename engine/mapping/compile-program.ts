/** mapping takes the checked spec, the target's describe and that of its parents, and gives a program
 *  that turns blocks of source rows into canonical CSV with digests. It reads no file and no clock,
 *  and never throws for a row: a row that can't be mapped is a result. */
import { murmur128 } from "../base/murmur.ts";
import { cachedCellWriter } from "./cached-cell.ts";
import type { CellColumn } from "./cell-sink.ts";
import { compileCellValue } from "./cell-value.ts";
import type { CellWriter } from "./cell-writer.ts";
import { type ColumnPlan, keyKindOf, type PlanInput, planColumns } from "./column-plan.ts";
import { compileFilter, expressionCellWriter } from "./expression-cell.ts";
import type { KernelRules } from "./kernel-columns.ts";
import { createKeyFolder } from "./key-digest.ts";
import { planKnownTexts } from "./known-texts.ts";
import { mapRows } from "./map-rows.ts";
import { digestMapping } from "./mapping-digest.ts";
import { memberSides } from "./member-sides.ts";
import { plainCellWriter } from "./plain-cell.ts";
import { type PlainColumn, planPlain } from "./plain-column.ts";
import type { RowColumn } from "./row-cells.ts";
import type { RowProgram } from "./row-program.ts";
import { constantCellWriter, textCellWriter } from "./text-cell.ts";

/** Compiles a spec that `check` passed. Unknown fields and unusable expressions are its business; here
 *  they are broken invariants. */
export function compileProgram(input: PlanInput, options: CompileOptions = {}): RowProgram {
  const { spec, shape } = input;
  const stringsOnly = options.stringsOnly ?? false;
  const plans = planColumns(input);
  const keyColumn = plans.findIndex((plan) => plan.key);
  const keyPlan = plans[keyColumn];
  return {
    columns: plans.map((plan) => plan.name),
    clearDigests: Uint16Array.from(plans, (plan) => clearDigest(plan.name)),
    keyColumn: keyColumn < 0 ? null : keyColumn,
    keyKind: keyPlan === undefined ? null : keyKindOf(keyPlan.field),
    mappingDigest: digestMapping(spec, plans),
    mapBlock: mapRows({
      columns: plans.map((plan) => compileColumn(plan, { alone: plans.length === 1, stringsOnly })),
      filter: spec.where === null ? null : compileFilter(spec.where),
      sides: memberSides(shape, spec.target.operation, plans),
    }),
  };
}

export interface CompileOptions {
  /** Takes no short cut over bytes: the slow and plain meaning, for tests. False. */
  readonly stringsOnly?: boolean;
}

interface ColumnOptions {
  readonly alone: boolean;
  readonly stringsOnly: boolean;
}

function compileColumn(plan: ColumnPlan, { alone, stringsOnly }: ColumnOptions): RowColumn {
  const column: CellColumn = {
    seed: fieldSeed(plan.name),
    keyFolder: plan.key ? createKeyFolder(keyKindOf(plan.field)) : null,
    alone,
  };
  const { name, mapping, key } = plan;
  const compute = compileCellValue(plan);
  const plain = stringsOnly ? null : planPlain(plan, compute);
  const write = compileWriter({ plan, compute, plain, column, stringsOnly });
  const inKernel = {
    seed: column.seed,
    keyKind: column.keyFolder?.kind ?? null,
    // An only column writes its blanks in a way of its own.
    rules: alone || stringsOnly ? null : kernelRules(plan, plain, compute),
  };
  return { name, from: mapping.from, write, isKey: key, inKernel };
}

function kernelRules(
  plan: ColumnPlan,
  plain: PlainColumn | null,
  compute: ReturnType<typeof compileCellValue>,
): KernelRules | null {
  if (plain !== null) return { kind: "plain", plain };
  const texts = planKnownTexts(plan, compute);
  return texts === null ? null : { kind: "known", texts };
}

interface WriterInput {
  readonly plan: ColumnPlan;
  readonly compute: ReturnType<typeof compileCellValue>;
  readonly plain: PlainColumn | null;
  readonly column: CellColumn;
  readonly stringsOnly: boolean;
}

function compileWriter({ plan, compute, plain, column, stringsOnly }: WriterInput): CellWriter {
  const { expr, value } = plan.mapping;
  if (expr !== null) return expressionCellWriter(expr, compute, column);
  if (value !== null) return constantCellWriter(compute(value, false), column);
  if (stringsOnly) return textCellWriter(compute, column);
  const byString = cachedCellWriter(compute, column);
  return plain === null ? byString : plainCellWriter(plain, column, byString);
}

/** First word of the digest of the canonical field name. */
function fieldSeed(name: string): number {
  const bytes = new TextEncoder().encode(name);
  const words = new Uint32Array(4);
  murmur128(bytes, 0, bytes.length, 0, words, 0);
  return words[0] ?? 0;
}

/** The field digest of a cell that erases its field. */
function clearDigest(name: string): number {
  const bytes = new TextEncoder().encode("#N/A");
  const words = new Uint32Array(4);
  murmur128(bytes, 0, bytes.length, fieldSeed(name), words, 0);
  return (words[2] ?? 0) & 0xffff;
}
