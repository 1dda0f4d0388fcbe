import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_QUOTE } from "../../engine/source/row-block.ts";
import { ANY_WIDTH, makeDialect } from "../../engine/source/scan-block.ts";
import { newScanner, type Scanner } from "../../engine/source/scanner.ts";
import { kernelModule } from "../../scripts/build-kernel.mjs";

const WINDOW_BYTES = 1_000_000;
const kernel = newScanner(WINDOW_BYTES, true);
const twin = newScanner(WINDOW_BYTES, false);

interface Cut {
  readonly content: Uint8Array;
  /** Bytes of the content that are scanned; the rest stands behind them all the same. */
  readonly end: number;
  readonly final: boolean;
  /** What stands before the content: 10 or 13. */
  readonly before: number;
}

/** Everything one scan found. */
function found(scanner: Scanner, { content, end, final, before }: Cut) {
  const { bytes, rows, windows } = scanner.memory;
  const start = windows[0].at;
  bytes[start - 1] = before;
  bytes.set(content, start);
  const result = { rowCount: 0, consumed: 0, line: 0 };
  const base = 7_000_000_000 - start;
  scanner.scan({ start, end: start + end, final, line: 5_000_000_000, base }, result);
  const { rowCount } = result;
  const fields = rows.fieldFirst[rowCount] ?? 0;
  return {
    ...result,
    fieldFirst: [...rows.fieldFirst.subarray(0, rowCount + 1)],
    fieldStart: [...rows.fieldStart.subarray(0, fields)],
    fieldEnd: [...rows.fieldEnd.subarray(0, fields)],
    fieldFlags: [...rows.fieldFlags.subarray(0, fields)],
    rowStart: [...rows.rowStart.subarray(0, rowCount)],
    rowLength: [...rows.rowLength.subarray(0, rowCount)],
    rowLine: [...rows.rowLine.subarray(0, rowCount)],
    rowOffset: [...rows.rowOffset.subarray(0, rowCount)],
    rowFault: [...rows.rowFault.subarray(0, rowCount)],
  };
}

test("the kernel runs here", () => expect(kernel.kind).toBe("kernel"));

const piece = fc.constantFrom(
  ...['"', '"', ",", ",", "\n", "\r", "\r\n", "a", "é", "🙂", ";", "#", "#!", '""', 'x"y', "\0"],
  ...[
    "plain text that is long enough to fill lanes",
    '"quoted, with\nnewline"',
    ",,,,,,,,",
    "\n\n\n",
    ',"',
    '"a\nb",',
  ],
);
const cut = fc
  .record({
    text: fc.array(piece, { maxLength: 80 }).map((parts) => parts.join("")),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    final: fc.boolean(),
    before: fc.constantFrom(10, 13),
  })
  .map(({ text, at, final, before }) => {
    const content = new TextEncoder().encode(text);
    return { content, end: Math.round(content.length * at), final, before };
  });
const dialect = fc.record({
  delimiter: fc.constantFrom(44, 59),
  quote: fc.constantFrom(34, 34, 39, NO_QUOTE),
  comment: fc.constantFrom(null, "#", "#!", "a"),
  columns: fc.constantFrom(ANY_WIDTH, 1, 2, 3),
});

/** Rare among random texts. */
const OPEN_ON_A_LATER_LINE = [
  { content: new TextEncoder().encode('1,2\n"a\nb","'), end: 11, final: true, before: 10 },
  { delimiter: 44, quote: 34, comment: null, columns: 2 },
] as const;

test("the kernel finds what its twin finds, whatever the bytes and wherever they are cut", () => {
  fc.assert(
    fc.property(cut, dialect, (bytes, options) => {
      kernel.setDialect(makeDialect(options));
      twin.setDialect(makeDialect(options));
      expect(found(kernel, bytes)).toEqual(found(twin, bytes));
    }),
    { numRuns: 20_000, examples: [[...OPEN_ON_A_LATER_LINE]] },
  );
});

test("the kernel and its twin stop at the same row when the arrays are full", () => {
  for (const [line, columns] of [
    ["\n,", 2],
    [",,,,,,,,,,,\n", 12],
    [",,,,,,,,,,,\n", 3],
    ["x\n", ANY_WIDTH],
  ] as const) {
    const content = Buffer.from(line.repeat(Math.floor(WINDOW_BYTES / line.length)));
    kernel.setDialect(makeDialect({ delimiter: 44, columns }));
    twin.setDialect(makeDialect({ delimiter: 44, columns }));
    const bytes = { content, end: content.length, final: true, before: 10 };
    const wanted = found(twin, bytes);
    expect(wanted.consumed).toBeLessThan(twin.memory.windows[0].at + content.length);
    // As text: comparing a million numbers one by one takes seconds.
    expect(JSON.stringify(found(kernel, bytes)) === JSON.stringify(wanted)).toBe(true);
  }
});

test("both digest alike, at every length", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), (content, from) => {
      const start = kernel.memory.windows[0].at;
      kernel.memory.bytes.set(content, start);
      twin.memory.bytes.set(content, start);
      const first = start + Math.min(from, content.length);
      const end = start + content.length;
      expect(kernel.digest(first, end)).toBe(twin.digest(first, end));
    }),
    { numRuns: 2_000 },
  );
});

test("the compiled kernel is that of its source", async () => {
  const path = new URL("../../engine/source/kernel/kernel-wasm.generated.ts", import.meta.url);
  expect(await kernelModule()).toBe(readFileSync(path, "utf8"));
});
