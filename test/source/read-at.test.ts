import { rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DigestRecorder } from "../../engine/source/block-digests.ts";
import { readAt } from "../../engine/source/read-at.ts";
import { splitRow } from "../../engine/source/split-row.ts";
import { openText, rowsOf } from "./temp-source.ts";

const TEXT = `id,name\n${Array.from({ length: 300 }, (_, i) => `${i},"né ""${i}"""\n`).join("")}`;
const STORED: readonly [name: string, content: Uint8Array][] = [
  ["plain", Buffer.from(TEXT)],
  ["with a mark", Buffer.from(`\ufeff${TEXT}`)],
  ["compressed", gzipSync(TEXT)],
  ["utf-16", Buffer.from(`\ufeff${TEXT}`, "utf16le")],
];

async function textsAt(...args: Parameters<typeof readAt>): Promise<(string | null)[]> {
  const all: (string | null)[] = [];
  for await (const bytes of readAt(...args)) all.push(bytes && Buffer.from(bytes).toString());
  return all;
}

for (const [name, content] of STORED) {
  test(`rows are read again where they stand: ${name}`, async () => {
    const { file } = await openText(content);
    const record = new DigestRecorder();
    const rows = await rowsOf(file, { record, windowBytes: 100 });
    const digests = record.digests();
    const some = rows.filter((_, i) => i % 7 === 3);
    const wanted = some.map((_, i) => `${i * 7 + 3},"né ""${i * 7 + 3}"""`);
    expect(await textsAt(file, some, { digests })).toEqual(wanted);
    expect(await textsAt(file, some)).toEqual(wanted);
    expect(splitRow(file, Buffer.from(wanted[0] ?? ""))).toEqual(["3", 'né "3"']);
    rmSync(file.path);
    expect(await textsAt(file, some.slice(0, 2), { digests })).toEqual([null, null]);
  });
}

test("only rows of blocks that changed are missing", async () => {
  const { file } = await openText(TEXT);
  const record = new DigestRecorder();
  const rows = await rowsOf(file, { record, windowBytes: 100 });
  const changed = Buffer.from(TEXT);
  changed[1_050] = 0x58;
  writeFileSync(file.path, changed.subarray(0, 2_000));
  const found = await textsAt(file, rows, { digests: record.digests() });
  for (const [i, { offset, length }] of rows.entries()) {
    const touches = (from: number, to: number) => offset < to && offset + length > from;
    const gone = touches(1_000, 1_100) || offset + length > 2_000;
    expect(found[i] === null).toBe(gone);
  }
});

test("without digests, what the file no longer holds is missing", async () => {
  const { file } = await openText("id\n1\n2\n");
  const rows = await rowsOf(file);
  writeFileSync(file.path, "id\n1\n");
  expect(await textsAt(file, rows)).toEqual(["1", null]);
});
