import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { yieldNow } from "../clock.ts";
import { bindColumn } from "../dml/binding.ts";
import { javaDouble, readValue } from "../dml/read-value.ts";
import type { Org } from "../org.ts";
import type { DescribeField } from "../shape/describe-field.ts";
import { numberOf, textOf } from "../store/database.ts";
import { CsvFormatError, type CsvReader, type CsvRecord, openCsv } from "./csv-reader.ts";
import { DELIMITERS, type Job } from "./job.ts";
import type { StoredOutcome } from "./process-group.ts";
import { uploadPath } from "./process-job.ts";

export type ResultKind = "successfulResults" | "failedResults" | "unprocessedrecords";

export interface ResultOptions {
  readonly shuffle: boolean;
  /** So many rows are missing at the end. */
  readonly short: number;
  readonly blankHeaderCase: boolean;
}

/** Groups of outcomes read at a time. */
const GROUPS_PAGE = 20;
/** Lines handed on at a time. */
const LINES_MAX = 1_000;

/**
 * One result set as CSV text, a piece at a time. Nothing of it is stored: the upload is read again
 * beside the outcomes. Header names come back verbatim, every value in quotes, LF line ends.
 */
export async function* resultSet(
  org: Org,
  job: Job,
  kind: ResultKind,
  options: ResultOptions,
): AsyncGenerator<string> {
  const delimiter = DELIMITERS[job.delimiter] ?? ",";
  const sfColumns =
    kind === "unprocessedrecords"
      ? []
      : ['"sf__Id"', kind === "failedResults" ? '"sf__Error"' : '"sf__Created"'];
  // In sink mode the content was never kept.
  if (!job.uploaded || !existsSync(uploadPath(org, job.id))) {
    yield `${sfColumns.join(delimiter)}\n`;
    return;
  }
  const order = columnOrder(org, job);
  const rawHeader = order.names.map((name) => name.raw).join(delimiter);
  yield `${[...sfColumns, rawHeader].join(delimiter)}\n`;
  let missing = options.short;
  const held: string[] = [];
  for await (const lines of resultLines(org, job, kind, order, options)) {
    if (options.shuffle) lines.reverse();
    held.push(...lines);
    // The last rows are held back when some of them have to go missing.
    const ready = missing > 0 ? held.splice(0, Math.max(0, held.length - missing)) : held.splice(0);
    if (ready.length > 0) yield ready.join("");
  }
  missing = Math.min(missing, held.length);
  if (held.length > missing) yield held.slice(0, held.length - missing).join("");
}

interface ColumnOrder {
  readonly names: readonly HeaderName[];
  /** Position of each output column in the upload. */
  readonly positions: readonly number[];
}

interface HeaderName {
  readonly raw: string;
  readonly field: DescribeField | null;
  readonly exactCase: boolean;
}

/** Columns keep the upload's order from API 50.0 on; before, they came in alphabetical order. */
function columnOrder(org: Org, job: Job): ColumnOrder {
  const shape = org.shape.find(job.object);
  const names = rawHeaderNames(org, job).map(({ raw, name }): HeaderName => {
    const binding = shape ? bindColumn(org.shape, shape, name) : undefined;
    const field = binding?.kind === "field" ? binding.field : null;
    return { raw, field, exactCase: field === null || field.name === name };
  });
  const positions = names.map((_, index) => index);
  if (Number(job.apiVersion) < 50) {
    positions.sort((a, b) => ((names[a]?.raw ?? "") < (names[b]?.raw ?? "") ? -1 : 1));
  }
  return { names: positions.flatMap((index) => names[index] ?? []), positions };
}

/** The header cells as they were uploaded, quotes and all. */
function rawHeaderNames(org: Org, job: Job): { raw: string; name: string }[] {
  const delimiter = DELIMITERS[job.delimiter] ?? ",";
  const csv = openCsv(uploadPath(org, job.id), { delimiter, offset: 0 });
  const header = headerOrNull(csv.next);
  csv.close();
  if (header === null) return [];
  const buffer = Buffer.alloc(header.end);
  const file = openSync(uploadPath(org, job.id), "r");
  readSync(file, buffer, 0, header.end, 0);
  closeSync(file);
  let at = header.start;
  const text = buffer.toString("utf8").replace(/\r?\n$/, "");
  if (header.start > 0) at = Buffer.from(buffer.subarray(0, header.start)).toString("utf8").length;
  return header.cells.map((name) => {
    const quoted = text[at] === '"';
    const raw = quoted ? quote(name) : name;
    at += raw.length + delimiter.length;
    return { raw, name };
  });
}

function headerOrNull(next: CsvReader["next"]): CsvRecord | null {
  try {
    return next(true);
  } catch {
    // A header that can't be read failed the job; its result sets have nothing to echo.
    return null;
  }
}

async function* resultLines(
  org: Org,
  job: Job,
  kind: ResultKind,
  order: ColumnOrder,
  options: ResultOptions,
): AsyncGenerator<string[]> {
  const delimiter = DELIMITERS[job.delimiter] ?? ",";
  const file = uploadPath(org, job.id);
  if (kind === "unprocessedrecords") {
    if (!isOver(job)) return;
    const offset = job.nextOffset > 0 ? job.nextOffset : firstRowOffset(file, delimiter);
    yield* restLines(openCsv(file, { delimiter, offset }), order, delimiter);
    return;
  }
  const wanted = kind === "failedResults" ? job.failed : job.processed - job.failed;
  if (wanted === 0) return;
  const toLine = lineMaker(kind, order, delimiter, options);
  const csv = openCsv(file, { delimiter, offset: firstRowOffset(file, delimiter) });
  try {
    for await (const outcomes of outcomePages(org, job)) {
      const lines: string[] = [];
      for (const outcome of outcomes) {
        const record = csv.next(true);
        if (record === null) return;
        const line = toLine(outcome, record.cells);
        if (line !== null) lines.push(line);
      }
      if (lines.length > 0) yield lines;
    }
  } finally {
    csv.close();
  }
}

function isOver(job: Job): boolean {
  return job.state === "Failed" || job.state === "Aborted" || job.state === "JobComplete";
}

function firstRowOffset(file: string, delimiter: string): number {
  const csv = openCsv(file, { delimiter, offset: 0 });
  const end = headerOrNull(csv.next)?.end ?? 0;
  csv.close();
  return end;
}

async function* outcomePages(org: Org, job: Job): AsyncGenerator<readonly StoredOutcome[]> {
  let from = 0;
  for (;;) {
    const groups = org.db.all(
      "SELECT first_row, outcomes FROM groups WHERE job_id = ? AND first_row >= ? ORDER BY first_row LIMIT ?",
      job.id,
      from,
      GROUPS_PAGE,
    );
    for (const group of groups) {
      const outcomes = JSON.parse(textOf(group, "outcomes")) as StoredOutcome[];
      from = numberOf(group, "first_row") + outcomes.length;
      yield outcomes;
    }
    if (groups.length < GROUPS_PAGE) return;
    await yieldNow();
  }
}

/**
 * Rows that were never tried. In a file that can't be read to its end, the rows up to the fault.
 */
async function* restLines(
  csv: CsvReader,
  order: ColumnOrder,
  delimiter: string,
): AsyncGenerator<string[]> {
  let lines: string[] = [];
  try {
    for (let record = csv.next(true); record !== null; record = csv.next(true)) {
      const { cells } = record;
      lines.push(`${order.positions.map((at) => quote(cells[at] ?? "")).join(delimiter)}\n`);
      if (lines.length < LINES_MAX) continue;
      yield lines;
      lines = [];
      await yieldNow();
    }
  } catch (error) {
    if (!(error instanceof CsvFormatError)) throw error;
  } finally {
    csv.close();
  }
  yield lines;
}

/** Makes the function that lays out one row, or gives null for a row of the other result set. */
function lineMaker(
  kind: ResultKind,
  order: ColumnOrder,
  delimiter: string,
  options: ResultOptions,
): (outcome: StoredOutcome, cells: readonly string[]) => string | null {
  const wantsFailures = kind === "failedResults";
  const columns = order.positions.map((at, index) => {
    const name = order.names[index];
    const blank = wantsFailures && options.blankHeaderCase && name?.exactCase === false;
    const field = name?.field && isReserialised(name.field) ? name.field : null;
    return { at, blank, field: wantsFailures ? null : field };
  });
  return ([action, id, , error], cells) => {
    if ((action === "failed") !== wantsFailures) return null;
    const own = wantsFailures ? quote(error ?? "") : action === "created" ? '"true"' : '"false"';
    let line = `"${id}"${delimiter}${own}`;
    // A row of the wrong width can't be laid out under the header, so all of it comes back blank.
    const fits = cells.length === columns.length;
    for (const { at, blank, field } of columns) {
      const text = fits && !blank ? (cells[at] ?? "") : "";
      line += delimiter + quote(field === null ? text : reserialise(field, text));
    }
    return `${line}\n`;
  };
}

function isReserialised({ type, soapType }: DescribeField): boolean {
  return soapType === "xsd:double" || type === "boolean" || type === "int" || type === "datetime";
}

/** Values come back as Salesforce read them: numbers as Java prints a double, booleans as words. */
function reserialise(field: DescribeField, text: string): string {
  if (text === "" || text === "#N/A") return text;
  const read = readValue(field, text, 0);
  if (!read.ok || read.value === null) return text;
  if (field.type === "boolean") return read.value === 1 ? "true" : "false";
  return field.soapType === "xsd:double" ? javaDouble(Number(text)) : String(read.value);
}

function quote(text: string): string {
  return `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`;
}
