import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ROW_FAULT_ENCODING } from "../../engine/source/row-block.ts";
import { transcoderOf } from "../../engine/source/transcode.ts";
import { openText, rowsOf } from "./temp-source.ts";

const TEXT = "id,name\n1,Zoë 🙂\n2,名前\n";
const le = (text: string) => Buffer.from(text, "utf16le");
const be = (text: string) => le(text).swap16();

const STORED: readonly [name: string, content: Uint8Array, encoding: string][] = [
  ["utf-8", Buffer.from(TEXT), "utf-8"],
  ["utf-8 with mark", Buffer.from(`\ufeff${TEXT}`), "utf-8"],
  ["utf-16le declared", le(TEXT), "utf-16le"],
  ["utf-16be declared", be(TEXT), "UTF-16BE"],
  ["utf-16le by its mark", le(`\ufeff${TEXT}`), "utf-8"],
  ["utf-16be by its mark", be(`\ufeff${TEXT}`), "windows-1252"],
  ["utf-16le by its mark, compressed", gzipSync(le(`\ufeff${TEXT}`)), "utf-8"],
];
for (const [name, content, encoding] of STORED) {
  test(`read as text: ${name}`, async () => {
    const { file, diagnostics } = await openText(content, { encoding });
    expect(diagnostics).toEqual([]);
    const rows = await rowsOf(file, { windowBytes: 7 });
    expect(rows.map((row) => row.fields)).toEqual([
      ["1", "Zoë 🙂"],
      ["2", "名前"],
    ]);
    expect(rows.map((row) => row.offset)).toEqual([8, 20]);
  });
}

test("single bytes: Latin-1 and Windows-1252 differ from 0x80 to 0x9F", async () => {
  const content = Buffer.from("id,name\n1,\xfcber 5\x80\n2,\x93x\x94\n", "latin1");
  const windows = await openText(content, { encoding: "windows-1252" });
  expect((await rowsOf(windows.file)).map((row) => row.fields[1])).toEqual(["über 5€", "“x”"]);
  const latin = await openText(content, { encoding: "iso-8859-1" });
  expect((await rowsOf(latin.file)).map((row) => row.fields[1])).toEqual([
    "über 5\u0080",
    "\u0093x\u0094",
  ]);
});

/** The published mapping of 0x80 to 0x9F (unicode.org, CP1252.TXT); 0: undefined. */
const CP1252 = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152,
  0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161,
  0x203a, 0x0153, 0, 0x017e, 0x0178,
];

// Not compared with TextDecoder: that of Node 20 reads windows-1252 as Latin-1.
test("every byte of Windows-1252 is what is published, or no text", () => {
  const transcoder = transcoderOf("windows-1252");
  for (let byte = 0; byte < 256; byte++) {
    const out = new Uint8Array(3);
    const length = transcoder?.write(Uint8Array.of(byte), true, out) ?? 0;
    const code = byte < 0x80 || byte > 0x9f ? byte : CP1252[byte - 0x80];
    const wanted =
      code === 0 && byte !== 0 ? Buffer.of(0xff) : Buffer.from(String.fromCharCode(code ?? 0));
    expect(Buffer.from(out.subarray(0, length))).toEqual(wanted);
  }
});

test("what is no text in its encoding is a fault of its row", async () => {
  const half = Buffer.concat([le("id\na\n"), Buffer.from([0x00, 0xd8]), le("b\nc\n")]);
  const utf16 = await openText(half, { encoding: "utf-16le" });
  expect((await rowsOf(utf16.file)).map(({ line, fault }) => [line, fault])).toEqual([
    [2, 0],
    [3, ROW_FAULT_ENCODING],
    [4, 0],
  ]);
  const odd = await openText(Buffer.concat([le("id\na\nb"), Buffer.of(0x63)]), {
    encoding: "utf-16le",
  });
  expect((await rowsOf(odd.file)).map(({ fault }) => fault)).toEqual([0, ROW_FAULT_ENCODING]);
  const hole = await openText(Buffer.from("id\na\n\x81\n", "latin1"), { encoding: "cp1252" });
  expect((await rowsOf(hole.file)).map(({ fault }) => fault)).toEqual([0, ROW_FAULT_ENCODING]);
});

test("UTF-16 cut anywhere becomes the UTF-8 of the platform", () => {
  const text = fc.string({ unit: "grapheme-composite" }).map((s) => le(s));
  fc.assert(
    fc.property(
      fc.oneof(text, fc.uint8Array()),
      fc.array(fc.nat(40)),
      fc.boolean(),
      (bytes, cuts, big) => {
        const transcoder = transcoderOf(big ? "utf-16be" : "utf-16le");
        const even = Buffer.from(bytes.subarray(0, bytes.length & ~1));
        const content = big ? Buffer.from(even).swap16() : even;
        const places = [...cuts.map((cut) => Math.min(cut, content.length)), content.length].sort(
          (a, b) => a - b,
        );
        const parts: Buffer[] = [];
        let from = 0;
        for (const [i, to] of places.entries()) {
          const out = Buffer.alloc(200);
          const last = i === places.length - 1;
          const length = transcoder?.write(content.subarray(from, to), last, out) ?? 0;
          parts.push(out.subarray(0, length));
          from = to;
        }
        const wanted: Buffer[] = [];
        for (const character of even.toString("utf16le")) {
          const lone = /\p{Surrogate}/u.test(character);
          wanted.push(lone ? Buffer.of(0xff) : Buffer.from(character));
        }
        expect(Buffer.concat(parts)).toEqual(Buffer.concat(wanted));
      },
    ),
  );
});
