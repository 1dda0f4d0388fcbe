import fc from "fast-check";
import { expect, test } from "vitest";
import { newKeyList } from "../../engine/delta/key-list.ts";
import { packId, unpackId } from "../../engine/delta/packed-id.ts";
import { idTableOf, newIdTable } from "../../engine/delta/resolved-ids.ts";

/** Few different words, so that keys collide in the index and differ in one word only. */
const WORD = fc.constantFrom(0, 1, 2, 0xffffffff);
const KEYS = fc.array(fc.tuple(WORD, WORD, WORD, WORD), { maxLength: 300 });

test("a list of keys behaves like a map", () => {
  fc.assert(
    fc.property(KEYS, (keys) => {
      const list = newKeyList(1);
      const model = new Map<string, number>();
      keys.forEach((key, i) => {
        const place = list.add(Uint32Array.from(key), 0);
        list.setWord(place, 4, i);
        model.set(key.join(), i);
      });
      expect(list.count).toBe(model.size);
      for (const [key, value] of model) {
        const words = Uint32Array.from(key.split(","), Number);
        const place = list.find(words, 0);
        expect([...[0, 1, 2, 3, 4].map((word) => list.word(place, word))]).toEqual([
          ...words,
          value,
        ]);
      }
      expect(list.find(Uint32Array.from([9, 9, 9, 9]), 0)).toBe(-1);
    }),
  );
});

test("a list grows past its first index and block", () => {
  const list = newKeyList(0);
  const key = (i: number) => Uint32Array.from([i, i ^ 5, 7, Math.imul(i, 0x9e3779b1) >>> 0]);
  for (let i = 0; i < 40_000; i++) expect(list.add(key(i), 0)).toBe(i);
  for (let i = 0; i < 40_000; i += 97) expect(list.find(key(i), 0)).toBe(i);
  expect(list.find(key(40_000), 0)).toBe(-1);
});

const ALPHABET = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
const ID = fc
  .array(fc.constantFrom(...ALPHABET), { minLength: 15, maxLength: 15 })
  .map((characters) => characters.join(""));

test("an Id comes back as it was, with its checksum, and sorts as its text", () => {
  expect(roundTrip("0015e00000abcdE")).toBe("0015e00000abcdEAAQ");
  // The example of Salesforce's documentation of the two forms.
  expect(roundTrip("003D000000QV9n2")).toBe("003D000000QV9n2IAD");
  fc.assert(
    fc.property(ID, ID, (one, other) => {
      expect(roundTrip(one).slice(0, 15)).toBe(one);
      expect(roundTrip(roundTrip(one))).toBe(roundTrip(one));
      const [a, b] = [packed(one), packed(other)];
      const at = a.findIndex((word, i) => word !== b[i]);
      expect(at < 0 ? false : (a[at] ?? 0) < (b[at] ?? 0)).toBe(one < other);
    }),
  );
});

test("what is no Id is not packed", () => {
  for (const text of ["", "003", "003D000000QV9n", "003D000000QV9-2", "003D000000QV9é2"]) {
    expect(packId(text, new Uint32Array(3), 0)).toBe(false);
  }
});

test("a table of Ids tells none, one and several, and keeps what was asked", () => {
  const table = newIdTable();
  const [one, two, three] = [1, 2, 3].map((i) => Uint32Array.from([i, i, i, i]));
  if (one === undefined || two === undefined || three === undefined) throw new Error("no keys");
  table.add(one, "003D000000QV9n2IAD");
  // The same record in its short form is no second one.
  table.add(one, "003D000000QV9n2");
  table.add(two, "003D000000QV9n2IAD");
  table.add(two, "003D000000QV9n3IAD");
  expect(table.find(one, 0)).toBe("003D000000QV9n2IAD");
  expect(table.find(two, 0)).toBe("several");
  expect(table.find(three, 0)).toBe("none");
  const answers = [...table.answers()];
  expect(answers).toEqual([["1.1.1.1", "003D000000QV9n2IAD"]]);
  expect(idTableOf(answers).find(one, 0)).toBe("003D000000QV9n2IAD");
  expect(idTableOf(answers).find(two, 0)).toBe("none");
  expect(() => table.add(three, "no id")).toThrow(/no Id/);
});

function packed(id: string): Uint32Array {
  const words = new Uint32Array(3);
  expect(packId(id, words, 0)).toBe(true);
  return words;
}

function roundTrip(id: string): string {
  const [first = 0, second = 0, third = 0] = packed(id);
  return unpackId(first, second, third);
}
