import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { murmurHex } from "../../engine/base/murmur.ts";
import { foldKey } from "../../engine/mapping/fold-key.ts";
import { createKeyFolder, digestKey, keyDigestOf } from "../../engine/mapping/key-digest.ts";
import type { KeyKind } from "../../engine/mapping/row-program.ts";

const rows: readonly (readonly [kind: KeyKind, text: string, folded: string])[] = [
  ["text", " AbC\t", "abc"],
  ["text", "ÄÖÜ", "äöü"],
  ["text", "İ", "i"],
  ["text", "ΟΔΟΣ", "οδοσ"],
  ["text", "οδος", "οδος"],
  ["text", "STRASSE", "strasse"],
  ["text", "straße", "straße"],
  ["text", "\u00a0x", "\u00a0x"],
  ["text", "  ", ""],
  ["textCaseSensitive", " AbC ", "AbC"],
  ["number", "910000000", "910000000"],
  ["number", "9.1E8", "910000000"],
  ["number", "0910000000.00", "910000000"],
  ["number", "+7", "7"],
  ["number", "-0", "0"],
  ["number", "0.50", "5e-1"],
  ["number", ".5", "5e-1"],
  ["number", "-12.5", "-125e-1"],
  ["number", "1e60", "1e60"],
  ["number", "abc", "abc"],
  ["number", ".", "."],
  ["id", "0035e00000ABCDEAA1", "0035e00000ABCDE"],
  ["id", " 0035e00000ABCDE", "0035e00000ABCDE"],
];

describe("folded keys", () => {
  for (const [kind, text, folded] of rows) {
    test(`${kind} ${JSON.stringify(text)} -> ${folded}`, () =>
      expect(foldKey(text, kind)).toBe(folded));
  }

  test("every letter folds as one character", () => {
    for (let code = 0; code < 0x3000; code++) {
      const letter = String.fromCodePoint(code);
      if (letter.trim() === "" || code <= 0x20) continue;
      expect(foldKey(letter, "text").length, letter).toBe(1);
    }
  });

  test("folding twice is folding once", () => {
    const kind = fc.constantFrom<KeyKind>("text", "textCaseSensitive", "number", "id");
    fc.assert(
      fc.property(kind, fc.string({ unit: "grapheme" }), (of, text) => {
        expect(foldKey(foldKey(text, of), of)).toBe(foldKey(text, of));
      }),
    );
  });

  test("numbers of equal value have equal keys", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e15 + 1, max: 1e15 - 1 }), fc.nat(5), (value, zeros) => {
        const key = foldKey(String(value), "number");
        expect(foldKey(`${value}.${"0".repeat(zeros)}`, "number")).toBe(key);
        expect(foldKey(value.toExponential(), "number")).toBe(key);
      }),
    );
  });
});

describe("key digests", () => {
  test("are the murmur of the folded key, seed 0", () => {
    const words = Array.from(keyDigestOf(" ABC ", "text"), (word) =>
      word.toString(16).padStart(8, "0"),
    );
    expect(words.join("")).toBe(murmurHex("abc"));
  });

  test("are the same from bytes and from text", () => {
    const part = fc.constantFrom(
      "A",
      "b",
      "Ä",
      "İ",
      "Σ",
      " ",
      "\u00a0",
      "\t",
      "0",
      "1",
      ".",
      "-",
      "e",
      "9",
      "語",
    );
    const kind = fc.constantFrom<KeyKind>("text", "textCaseSensitive", "number", "id");
    fc.assert(
      fc.property(kind, fc.array(part, { maxLength: 24 }), (of, parts) => {
        const text = parts.join("");
        const bytes = Buffer.from(`xx${text}yy`);
        const out = new Uint32Array(4);
        digestKey(bytes, 2, bytes.length - 2, createKeyFolder(of), out);
        expect(out).toEqual(keyDigestOf(text, of));
      }),
      { numRuns: 1000 },
    );
  });
});
