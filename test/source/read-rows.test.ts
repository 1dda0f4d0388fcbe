import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DigestRecorder } from "../../engine/source/block-digests.ts";
import { readRows } from "../../engine/source/read-rows.ts";
import {
  ROW_FAULT_ENCODING,
  ROW_FAULT_LONG,
  ROW_FAULT_NUL,
  ROW_FAULT_QUOTE_OPEN,
  ROW_FAULT_WIDTH,
} from "../../engine/source/row-block.ts";
import { openText, rowsOf } from "./temp-source.ts";

test("rows of a small file, with line, offset and length", async () => {
  const { file } = await openText('id,name\n1,"Ann"\n\n2,Bob\r\n3,Zoé');
  expect(file.header).toEqual(["id", "name"]);
  expect(await rowsOf(file)).toEqual([
    { line: 2, offset: 8, length: 7, fault: 0, fields: ["1", "Ann"] },
    { line: 4, offset: 17, length: 5, fault: 0, fields: ["2", "Bob"] },
    { line: 5, offset: 24, length: 6, fault: 0, fields: ["3", "Zoé"] },
  ]);
});

test("a file with only a header has no rows", async () => {
  for (const text of ["id,name", "id,name\n", "id,name\r\n\r\n"]) {
    const { file } = await openText(text);
    expect(await rowsOf(file)).toEqual([]);
  }
});

const nasty = fc
  .array(
    fc.constantFrom('"', '"', ",", ",", "\n", "\r", "\r\n", "a", "é", "🙂", '"a\nb"', "x,y\n"),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

test("every size of window and block gives the same rows, which are those of csv-parse", async () => {
  await fc.assert(
    fc.asyncProperty(nasty, fc.integer({ min: 1, max: 40 }), fc.nat(40), async (text, w, b) => {
      const { file } = await openText(`h1,h2\n${text}`, { delimiter: "," });
      const whole = await rowsOf(file);
      const pieces = { windowBytes: w, blockBytes: b + 1 };
      expect(await rowsOf(file, pieces)).toEqual(whole);
      expect(await rowsOf(file, { ...pieces, kernel: false })).toEqual(whole);
      if (whole.every((row) => row.fault === 0)) {
        const options = { record_delimiter: ["\r\n", "\n", "\r"], skip_empty_lines: true, from: 2 };
        const wanted = parse(`h1,h2\n${text}`, options);
        expect(whole.map((row) => row.fields)).toEqual(wanted);
      }
      const bytes = Buffer.from(`h1,h2\n${text}`);
      for (const row of whole.filter(({ fault }) => fault === 0)) {
        const source = bytes.toString("utf8", row.offset, row.offset + row.length);
        expect(parse(source, { record_delimiter: "\u0001" })).toEqual([row.fields]);
      }
    }),
    { numRuns: 200 },
  );
});

test("NUL, bad UTF-8 and wrong width are faults of their rows alone", async () => {
  const content = Buffer.concat([
    Buffer.from("a,b\n1,2\nx\0,2\n"),
    Buffer.from([0x66, 0xfc, 0x72, 0x2c, 0x31, 10]),
    Buffer.from("5\n6,ü\n"),
  ]);
  const { file } = await openText(content);
  const rows = await rowsOf(file);
  expect(rows.map(({ line, fault }) => [line, fault])).toEqual([
    [2, 0],
    [3, ROW_FAULT_NUL],
    [4, ROW_FAULT_ENCODING],
    [5, ROW_FAULT_WIDTH],
    [6, 0],
  ]);
});

test("a NUL in a comment or beside an open quote is no fault of its own", async () => {
  const text = 'a,b\n#\0\n1,2\n3,\0\n#\0\n4,"\0';
  const { file } = await openText(text, { comment: "#" });
  expect((await rowsOf(file)).map(({ line, fault }) => [line, fault])).toEqual([
    [3, 0],
    [4, ROW_FAULT_NUL],
    [6, ROW_FAULT_QUOTE_OPEN],
  ]);
});

test("a quote that is never closed swallows the rest, whatever its size", async () => {
  for (const rest of [10, 3_000_000, 9_000_000]) {
    const { file } = await openText(`a,b\n1,2\n3,"x\ny","open\n${"4,5\n".repeat(rest / 4)}`);
    const rows = await rowsOf(file);
    expect(rows.map(({ line, fault }) => [line, fault])).toEqual([
      [2, 0],
      [4, ROW_FAULT_QUOTE_OPEN],
    ]);
  }
});

test("a record at the limit is sound, one over it is a fault, and the next row is read", async () => {
  for (const [characters, fault] of [
    [400_000, 0],
    [400_001, ROW_FAULT_LONG],
    [2_000_000, ROW_FAULT_LONG],
    [9_000_000, ROW_FAULT_LONG],
  ] as const) {
    const long = `"${"ü\n".repeat((characters - 4) / 2)}${"x".repeat(characters % 2)}",2`;
    const { file } = await openText(`a,b\n0,0\n${long}\n1,2\n`);
    for (const blockBytes of [1_000, 1_048_576]) {
      const rows = await rowsOf(file, { blockBytes });
      const lines = Math.floor((characters - 4) / 2);
      expect(rows.map((row) => [row.line, row.fault, row.offset])).toEqual([
        [2, 0, 4],
        [3, fault, 8],
        [4 + lines, 0, 9 + Buffer.byteLength(long)],
      ]);
      expect(rows[1]?.length).toBe(Buffer.byteLength(long));
    }
  }
});

test("more rows and fields than the arrays hold come in several blocks", async () => {
  const { file } = await openText(`a,b,c,d\n${",,,\n".repeat(300_000)}`);
  let rows = 0;
  let blocks = 0;
  for await (const block of readRows(file)) {
    rows += block.rowCount;
    blocks++;
    expect(block.fieldFirst[block.rowCount]).toBe(block.rowCount * 4);
  }
  expect(rows).toBe(300_000);
  expect(blocks).toBeGreaterThan(4);
});

test("a second pass reads the same and refuses a file that moved", async () => {
  const text = `id,name\n${Array.from({ length: 500 }, (_, i) => `${i},name ${i}\n`).join("")}`;
  const { file } = await openText(text);
  const record = new DigestRecorder();
  const first = await rowsOf(file, { record, windowBytes: 256, blockBytes: 100 });
  const expect1 = record.digests();
  expect(expect1).toMatchObject({ rowCount: 500, decodedBytes: text.length, blockBytes: 256 });
  expect(expect1.blocks).toHaveLength(Math.ceil(text.length / 256));
  expect(await rowsOf(file, { expect: expect1 })).toEqual(first);

  const changed = Buffer.from(text);
  changed[3_000] = 0x39;
  writeFileSync(file.path, changed);
  const seen: number[] = [];
  const pass = async () => {
    for await (const block of readRows(file, { expect: expect1 })) {
      for (let row = 0; row < block.rowCount; row++) seen.push(block.rowOffset[row] ?? 0);
    }
  };
  await expect(pass()).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
  // Rows of earlier blocks were given, none that touches the changed one.
  const limit = Math.floor(3_000 / 256) * 256;
  expect(Math.max(...seen)).toBeLessThan(limit);

  writeFileSync(file.path, text);
  appendFileSync(file.path, "500,more\n");
  await expect(pass()).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
  writeFileSync(file.path, text.slice(0, -20));
  await expect(pass()).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
  writeFileSync(file.path, text.slice(0, 256 * 10));
  await expect(pass()).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
  rmSync(file.path);
  await expect(pass()).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
  await expect(rowsOf(file)).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
});

test("a header that changed after the file was opened is refused in the first pass", async () => {
  const { file } = await openText("id,name\n1,2\n");
  writeFileSync(file.path, "id,mane\n1,2\n");
  await expect(rowsOf(file)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
  writeFileSync(file.path, "id");
  await expect(rowsOf(file)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
});

test("digests are those of the decoded text, however it is stored", async () => {
  const text = `id,name\n${"1,Zoé\n".repeat(100)}`;
  const digests = [];
  const stored = [text, gzipSync(text), Buffer.from(`\ufeff${text}`, "utf16le"), `\ufeff${text}`];
  for (const content of stored) {
    const { file } = await openText(content);
    const record = new DigestRecorder();
    expect(await rowsOf(file, { record })).toHaveLength(100);
    digests.push(record.digests());
  }
  for (const digest of digests) expect(digest).toEqual(digests[0]);
});

test("a pass that is left early or aborted frees what it holds", async () => {
  const { file } = await openText(`a,b\n${"1,2\n".repeat(100_000)}`);
  for await (const block of readRows(file, { blockBytes: 100, windowBytes: 1_000 })) {
    expect(block.rowCount).toBeGreaterThan(0);
    break;
  }
  const controller = new AbortController();
  const pass = async () => {
    for await (const _ of readRows(file, { signal: controller.signal })) controller.abort();
  };
  await expect(pass()).rejects.toThrow("aborted");
  expect(readFileSync(file.path).length).toBe(400_004);
});
