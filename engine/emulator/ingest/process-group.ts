import { nowMs } from "../clock.ts";
import { formatRowError, type RowError, rowError } from "../dml/row-error.ts";
import type { Cell, Outcome, Writer } from "../dml/writer.ts";
import type { Org } from "../org.ts";
import type { NumberSource } from "../store/schema.ts";
import type { CsvReader, CsvRecord } from "./csv-reader.ts";
import { type Job, readJob } from "./job.ts";

/**
 * Rows are applied in groups of this many, each in one transaction (Bulk API 2.0 guide: chunks of
 * 200).
 */
export const GROUP_ROWS = 200;

/** What became of one row: action, record Id, key, error text. The ledger view reads this shape. */
export type StoredOutcome = readonly [
  action: Outcome["action"],
  id: string,
  key: string | null,
  error: string | null,
];

interface Group {
  readonly writer: Writer;
  readonly width: number;
  readonly numbers: NumberSource;
  readonly csv: CsvReader;
  readonly limit: number;
}

/**
 * Applies the next rows of a job: records, outcomes, counters and position in one transaction.
 * "lost": the job was aborted or belongs to another process now, and nothing was done.
 */
export function processGroup(org: Org, job: Job, group: Group): "more" | "end" | "lost" {
  const records: CsvRecord[] = [];
  while (records.length < group.limit) {
    const record = group.csv.next(true);
    if (record === null) break;
    records.push(record);
  }
  const last = records.at(-1);
  if (last === undefined) return "end";
  const startedMs = nowMs();
  const done = org.db.transaction(() => {
    group.numbers.reset();
    if (!isStillOurs(org, job)) return false;
    const outcomes = applyRows(org, job, group, records);
    const failed = outcomes.filter(([action]) => action === "failed").length;
    org.db.run(
      "INSERT INTO groups (job_id, first_row, outcomes) VALUES (?, ?, ?)",
      job.id,
      job.nextRow,
      JSON.stringify(outcomes),
    );
    org.db.run(
      `UPDATE jobs SET next_row = next_row + ?, next_offset = ?, processed = processed + ?,
         failed = failed + ?, api_ms = api_ms + ?, heartbeat_ms = ? WHERE id = ?`,
      records.length,
      last.end,
      records.length,
      failed,
      Math.max(1, nowMs() - startedMs),
      nowMs(),
      job.id,
    );
    return true;
  });
  if (!done) return "lost";
  return last.ending === "EOF" ? "end" : "more";
}

/** Read inside the write transaction, so that an abort or a take-over can't slip in between. */
function isStillOurs(org: Org, job: Job): boolean {
  const row = org.db.get("SELECT * FROM jobs WHERE id = ?", job.id);
  if (!row) return false;
  const now = readJob(row);
  return now.state === "InProgress" && now.owner === org.processName && now.nextRow === job.nextRow;
}

function applyRows(
  org: Org,
  job: Job,
  { writer, width }: Group,
  records: readonly CsvRecord[],
): StoredOutcome[] {
  const faulty = org.jobFaults.active(job);
  const rows = records.map((record) => record.cells.map(readCell));
  const keys = rows.map((cells) => (cells.length === width ? writer.keyOf(cells) : null));
  const twice = duplicates(keys, (index) => writer.unreadable(rows[index] ?? []) === null);
  return rows.map((cells, index): StoredOutcome => {
    const key = keys[index] ?? null;
    if (cells.length !== width) return store(null, refuse(widthError(width, cells.length)));
    if (key !== null && twice.has(key)) {
      return store(key, refuse(writer.unreadable(cells) ?? duplicateError(writer, key)));
    }
    const fault = faulty ? org.jobFaults.rowError(job, job.nextRow + index, key) : null;
    return store(key, fault ? refuse(fault) : writer.write(cells));
  });
}

/** An empty cell is not given; `#N/A` clears the field (Bulk API 2.0 guide). */
function readCell(text: string): Cell {
  if (text === "") return undefined;
  return text === "#N/A" ? null : text;
}

/** Keys that more than one row of the group carries. Rows that can't be read do not take part. */
function duplicates(
  keys: readonly (string | null)[],
  isReadable: (index: number) => boolean,
): ReadonlySet<string> {
  const rowsOf = new Map<string, number[]>();
  for (const [index, key] of keys.entries()) {
    if (key !== null) rowsOf.set(key, [...(rowsOf.get(key) ?? []), index]);
  }
  const shared = [...rowsOf].filter(([, rows]) => rows.length > 1);
  return new Set(shared.flatMap(([key, rows]) => (rows.filter(isReadable).length > 1 ? key : [])));
}

function duplicateError({ keyField }: Writer, key: string): RowError {
  if (keyField === null || keyField.type === "id") {
    return rowError("DUPLICATE_VALUE", `Duplicate id specified: ${key}`);
  }
  return rowError("DUPLICATE_VALUE", `Duplicate external id specified: ${key}`, keyField.name);
}

function widthError(header: number, row: number): RowError {
  return rowError(
    "INVALID_FIELD",
    `Number of fields in header is different from the row. header = ${header} row = ${row}`,
  );
}

function refuse(error: RowError): Outcome {
  return { action: "failed", id: "", error };
}

function store(key: string | null, outcome: Outcome): StoredOutcome {
  const error = outcome.action === "failed" ? formatRowError(outcome.error) : null;
  return [outcome.action, outcome.id, key, error];
}
