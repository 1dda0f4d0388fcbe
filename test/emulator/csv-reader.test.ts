import { writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CsvFormatError, openCsv } from "../../engine/emulator/ingest/csv-reader.ts";
import { temporaryDir } from "./local-org.ts";

function readAll(file: string, delimiter = ",", offset = 0) {
  const csv = openCsv(file, { delimiter, offset });
  const records: { cells: readonly string[]; start: number; end: number; ending: string }[] = [];
  for (let record = csv.next(true); record !== null; record = csv.next(true)) records.push(record);
  csv.close();
  return records;
}

const cell = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom("", '"', '""', "a,b", "x\ny", "x\r\ny", "\r", "ü😀", " "),
  fc.nat(70_000).map((length) => `long "${"é".repeat(length)}`),
);

test("reads what csv-parse reads, also across the ends of its buffer", () => {
  const file = path.join(temporaryDir(), "x.csv");
  const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), {
    maxLength: 60,
    size: "max",
  });
  fc.assert(
    fc.property(rows, fc.constantFrom("\n", "\r\n"), fc.boolean(), (records, newline, last) => {
      const quote = (text: string) =>
        /[",\r\n]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
      const text = records.map((cells) => cells.map(quote).join(",")).join(newline);
      writeFileSync(file, text + (last && records.length > 0 ? newline : ""));
      const read = readAll(file);
      expect(read.map((record) => record.cells)).toEqual(
        parse(text, {
          relax_column_count: true,
          skip_empty_lines: true,
          record_delimiter: newline,
        }),
      );
      // From any record's start the rest reads the same: jobs go on after a crash this way.
      const middle = read[Math.floor(read.length / 2)];
      if (middle) expect(readAll(file, ",", middle.start)[0]?.cells).toEqual(middle.cells);
    }),
    { numRuns: 40 },
  );
});

test.each([
  ['a,b"c\n', true],
  ['"a"b,c\n', true],
  ['a,"b', true],
  ['a, "b"\n', true],
  ['"a",\r\n\n\r\n"b",x', false],
])("quoting that can't be understood: %j", (text, refused) => {
  const file = path.join(temporaryDir(), "x.csv");
  writeFileSync(file, text);
  if (refused) expect(() => readAll(file)).toThrow(CsvFormatError);
  else
    expect(readAll(file).map(({ cells, ending }) => [cells, ending])).toEqual([
      [["a", ""], "CRLF"],
      [["b", "x"], "EOF"],
    ]);
});
