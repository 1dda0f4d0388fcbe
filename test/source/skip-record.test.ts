import fc from "fast-check";
import { expect, test } from "vitest";
import { smallArrays } from "../../engine/source/block-memory.ts";
import { ROW_FAULT_QUOTE_OPEN } from "../../engine/source/row-block.ts";
import { ANY_WIDTH, makeDialect, scanBlock } from "../../engine/source/scan-block.ts";
import { skipRecord, startLongRecord } from "../../engine/source/skip-record.ts";

const dialect = makeDialect({ delimiter: 44, comment: "#", columns: ANY_WIDTH });

test("walking over a record, in pieces, ends where the scan of all of it ends", () => {
  const text = fc
    .array(fc.constantFrom('"', '"', ",", "\n", "\r", "\r\n", "a", "é", '""', '"b\nc"'), {
      minLength: 1,
      maxLength: 30,
    })
    .map((parts) => `x${parts.join("")}`);
  fc.assert(
    fc.property(
      text,
      fc.array(fc.nat(60), { maxLength: 4 }),
      fc.boolean(),
      (tail, cuts, quoted) => {
        const bytes = new TextEncoder().encode(quoted ? `"${tail}` : tail);
        const rows = smallArrays(1);
        const result = { rowCount: 0, consumed: 0, line: 1 };
        const whole = { start: 0, end: bytes.length, final: true, line: 1, base: 0 };
        scanBlock(bytes, whole, dialect, rows, result);

        const record = startLongRecord(bytes, 0, bytes.length, 1, 0, dialect);
        let stop = -1;
        let from = 0;
        const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length].sort(
          (a, b) => a - b,
        );
        for (const end of ends) {
          if (stop >= 0) break;
          stop = skipRecord(record, bytes, from, end, dialect);
          from = end;
        }
        expect(record.length).toBe(rows.rowLength[0]);
        expect(record.place === "quoted").toBe(rows.rowFault[0] === ROW_FAULT_QUOTE_OPEN);
        if (record.place === "quoted") expect(record.quoteLine).toBe(rows.rowLine[0]);
        else expect(record.line + (stop < 0 ? 0 : 1)).toBe(result.line);
      },
    ),
    { numRuns: 3_000 },
  );
});

test("a long comment is walked over as one line, quotes in it mean nothing", () => {
  const bytes = new TextEncoder().encode('#"a,b\n1');
  const record = startLongRecord(bytes, 0, bytes.length, 1, 0, dialect);
  expect(record.isComment).toBe(true);
  expect(skipRecord(record, bytes, 0, bytes.length, dialect)).toBe(5);
});
