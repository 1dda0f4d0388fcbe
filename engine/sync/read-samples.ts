import { EngineError } from "../base/engine-error.ts";
import { DECIDED_CHANGED, DECIDED_NEW } from "../delta/decision.ts";
import { foldKey } from "../mapping/fold-key.ts";
import { type PlanSample, type SampledField, spreadOrdinals } from "../plan/plan-sample.ts";
import { type ComparedColumn, comparedColumns, selectOf } from "./compared-columns.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { PlannedSync } from "./plan-sync.ts";
import { type PlannedRow, plannedRows } from "./planned-rows.ts";

export interface Samples {
  readonly samples: readonly PlanSample[];
  /** Why the org's side is missing; null when it was read. */
  readonly problem: string | null;
}

/** The most that one query's WHERE can name: a SOQL query goes in a URL. */
export const SAMPLES_MAX = 100;

/** Of a new record there is only one side to see: a third as many are shown. */
const NEW_SHARE = 3;

/** At most `count` changed rows and some new ones, spread over the source, with what the org holds now: one query a
 *  sync, whatever the count. A query that the org refuses costs the plan only its samples. */
export async function readSamples(
  planned: PlannedSync,
  count: number,
  deps: EngineDeps,
): Promise<Samples> {
  const { decisions, plan } = planned;
  const many = Math.min(count, SAMPLES_MAX);
  const { counts } = plan;
  const wanted = new Set([
    ...spreadOrdinals(decisions, DECIDED_CHANGED, counts.changed, many),
    ...spreadOrdinals(decisions, DECIDED_NEW, counts.new, Math.ceil(many / NEW_SHARE)),
  ]);
  if (wanted.size === 0) return { samples: [], problem: null };
  const rows: PlannedRow[] = [];
  for await (const row of plannedRows(planned, (ordinal) => wanted.has(ordinal), deps)) {
    rows.push(row);
    if (rows.length === wanted.size) break;
  }
  const { operation } = plan;
  const columns = operation === "delete" ? [] : comparedColumns(planned.prepared);
  try {
    const records = await readRecords(planned, rows, columns, deps);
    return { samples: rows.map((row) => sampleOf(planned, row, columns, records)), problem: null };
  } catch (error) {
    if (!(error instanceof EngineError) || deps.signal.aborted) throw error;
    const problem = `What the org holds now could not be read for the samples: ${error.message}`;
    return { samples: rows.map((row) => sampleOf(planned, row, columns, null)), problem };
  }
}

type OrgRecord = Readonly<Record<string, string>>;

/** By folded key; null where rows have no key to ask by. */
async function readRecords(
  { prepared, runPlan }: PlannedSync,
  rows: readonly PlannedRow[],
  columns: readonly ComparedColumn[],
  deps: EngineDeps,
): Promise<Map<string, OrgRecord> | null> {
  const { join } = runPlan;
  if (join === null) return null;
  const at = runPlan.columns.indexOf(join.column);
  const literals: string[] = [];
  let characters = 0;
  for (const { cells } of rows) {
    const key = cells[at] ?? "";
    const literal = join.kind === "number" ? key : `'${key.replace(/[\\']/g, "\\$&")}'`;
    characters += literal.length + 1;
    // The rest of the sample is shown without the org's side.
    if (characters > WHERE_CHARACTERS_MAX) break;
    literals.push(literal);
  }
  const { shape, org } = prepared;
  const where = `${join.column} IN (${literals.join(",")})`;
  const found = await org.query(selectOf(shape.name, join.column, columns, where), deps.signal);
  return new Map(found.map((record) => [foldKey(record[join.column] ?? "", join.kind), record]));
}

/** A URL of some 16,000 bytes is taken; the names of the fields need room too. */
const WHERE_CHARACTERS_MAX = 8_000;

function sampleOf(
  { runPlan }: PlannedSync,
  row: PlannedRow,
  columns: readonly ComparedColumn[],
  records: ReadonlyMap<string, OrgRecord> | null,
): PlanSample {
  const { join } = runPlan;
  const key = join === null ? null : (row.cells[runPlan.columns.indexOf(join.column)] ?? "");
  const record = records?.get(foldKey(key ?? "", join?.kind ?? "text"));
  return {
    kind: row.decision === DECIDED_NEW ? "new" : "changed",
    key,
    file: row.file,
    line: row.line,
    inOrg: records === null ? null : record !== undefined,
    fields: fieldsOf(row, columns, runPlan.columns, record),
  };
}

/** Fields that differ. A blank cell keeps what the field holds, so it is none; #N/A clears it. */
export function fieldsOf(
  { cells }: Pick<PlannedRow, "cells">,
  columns: readonly ComparedColumn[],
  header: readonly string[],
  record: OrgRecord | undefined,
): SampledField[] {
  return columns.flatMap(({ name, soql, form }) => {
    const cell = cells[header.indexOf(name)] ?? "";
    if (cell === "") return [];
    const after = cell === "#N/A" ? "" : cell;
    const before = record === undefined || soql === null ? null : (record[soql] ?? "");
    if (before !== null && form(before) === form(cell)) return [];
    return [{ field: name, before, after }];
  });
}
