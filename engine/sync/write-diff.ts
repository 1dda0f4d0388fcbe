import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { writeAll } from "../base/durable-file.ts";
import { newUuid } from "../base/ids.ts";
import { DECIDED_CHANGED } from "../delta/decision.ts";
import { keyDigestOf } from "../mapping/key-digest.ts";
import { csvLine } from "../run/csv-line.ts";
import { eachResult } from "../run/result-rows.ts";
import { keyHex } from "../run/stage-mirror.ts";
import { type ComparedColumn, comparedColumns, selectOf } from "./compared-columns.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { PlannedSync } from "./plan-sync.ts";
import { plannedRows } from "./planned-rows.ts";
import { fieldsOf } from "./read-samples.ts";

/** Writes every changed row of the plans into one CSV, a line for each field that differs from what the
 *  org holds: sync, key, file, line, field, before, after. It holds values in the clear: whoever asks
 *  for it knows. Gives the number of lines. */
export async function writeDiff(
  plans: readonly PlannedSync[],
  file: string,
  deps: EngineDeps,
): Promise<number> {
  const unfinished = `${file}.tmp`;
  const descriptor = openSync(unfinished, "w");
  let lines = 0;
  const write = (cells: readonly string[]) => writeAll(descriptor, Buffer.from(csvLine(cells)));
  try {
    write(["sync", "key", "file", "line", "field", "before", "after"]);
    for (const planned of plans) lines += await diffOne(planned, write, deps);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(unfinished, file);
  return lines;
}

/** Changed rows that are held against the org's answer at a time: memory stays bounded, and a longer
 *  plan reads the answer's file again. */
const ROWS_AT_A_TIME = 50_000;

interface HeldRow {
  readonly cells: readonly string[];
  readonly file: string;
  readonly line: number;
}

async function diffOne(
  planned: PlannedSync,
  write: (cells: readonly string[]) => void,
  deps: EngineDeps,
): Promise<number> {
  const { prepared, plan } = planned;
  const { program, shape, org } = prepared;
  const key = program.keyColumn === null ? undefined : program.columns[program.keyColumn];
  const nothing = plan.counts.changed === 0 || plan.operation === "delete";
  if (key === undefined || program.keyKind === null || nothing) return 0;
  const columns = comparedColumns(prepared);
  const folder = path.join(deps.project.stateFolder, "tmp");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `diff-${newUuid()}.csv`);
  try {
    const where = key === "Id" ? "Id != null" : `${key} != null`;
    await org.queryToFile(selectOf(shape.name, key, columns, where), file, deps.signal);
    let lines = 0;
    let held = new Map<string, HeldRow>();
    const compare = async () => {
      lines += await compareHeld(held, file, { planned, columns, key, write });
      held = new Map();
    };
    const changed = (_: number, decision: number) => decision === DECIDED_CHANGED;
    for await (const row of plannedRows(planned, changed, deps)) {
      held.set(keyHex(row.keys, row.keyAt), row);
      if (held.size >= ROWS_AT_A_TIME) await compare();
    }
    if (held.size > 0) await compare();
    return lines;
  } finally {
    rmSync(file, { force: true });
  }
}

async function compareHeld(
  held: ReadonlyMap<string, HeldRow>,
  file: string,
  context: {
    readonly planned: PlannedSync;
    readonly columns: readonly ComparedColumn[];
    readonly key: string;
    readonly write: (cells: readonly string[]) => void;
  },
): Promise<number> {
  const { planned, columns, key, write } = context;
  const kind = planned.prepared.program.keyKind ?? "text";
  let lines = 0;
  await eachResult(file, (cell) => {
    const row = held.get(keyHex(keyDigestOf(cell(key), kind), 0));
    if (row === undefined) return;
    const record = Object.fromEntries(
      columns.flatMap(({ soql }) => (soql === null ? [] : [[soql, cell(soql)]])),
    );
    for (const { field, before, after } of fieldsOf(
      row,
      columns,
      planned.runPlan.columns,
      record,
    )) {
      write([planned.plan.sync, cell(key), row.file, String(row.line), field, before ?? "", after]);
      lines++;
    }
  });
  return lines;
}
