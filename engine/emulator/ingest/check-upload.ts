import { yieldNow } from "../clock.ts";
import { CsvFormatError, type CsvRecord, openCsv } from "./csv-reader.ts";
import { DELIMITERS, type Job } from "./job.ts";

/** Records between two looks at the event loop. */
const SLICE_RECORDS = 5_000;
/** Bulk API 2.0 limits: fields a row, characters of the header. */
const FIELDS_MAX = 5_000;
const HEADER_CHARS_MAX = 32_000;

/**
 * Counts the rows of an upload and finds what fails a job as a whole: bad quoting and line endings
 * other than the job's. Throws {@link CsvFormatError}; null when the emulator stops meanwhile.
 */
export async function checkUpload(
  path: string,
  job: Pick<Job, "delimiter" | "lineEnding">,
  signal: AbortSignal,
): Promise<{ readonly rows: number; readonly firstOffset: number } | null> {
  const csv = openCsv(path, { delimiter: DELIMITERS[job.delimiter] ?? ",", offset: 0 });
  try {
    const header = csv.next(false);
    if (header === null) return { rows: 0, firstOffset: 0 };
    checkEnding(header, job);
    if (header.width > FIELDS_MAX) throw new CsvFormatError("InvalidBatch : Too many fields");
    if (header.end > HEADER_CHARS_MAX * 4)
      throw new CsvFormatError("InvalidBatch : Header is too long");
    let rows = 0;
    for (;;) {
      const record = csv.next(false);
      if (record === null) return { rows, firstOffset: header.end };
      checkEnding(record, job);
      rows += 1;
      if (rows % SLICE_RECORDS !== 0) continue;
      await yieldNow();
      if (signal.aborted) return null;
    }
  } finally {
    csv.close();
  }
}

function checkEnding(record: CsvRecord, job: Pick<Job, "lineEnding">): void {
  if (record.ending === "EOF" || record.ending === job.lineEnding) return;
  throw new CsvFormatError(
    `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${job.lineEnding}`,
  );
}
