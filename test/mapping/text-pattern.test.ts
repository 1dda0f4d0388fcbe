import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "../../engine/mapping/text-pattern.ts";

describe("patterns", () => {
  const table: readonly (readonly [
    pattern: string,
    yes: readonly string[],
    no: readonly string[],
  ])[] = [
    ["abc", ["abc", "xabcx"], ["ab", ""]],
    ["^a.c$", ["abc", "a😀c"], ["abcd", "a\nc"]],
    ["(?s)^a.c$", ["a\nc"], []],
    ["(?i)köln", ["KÖLN", "in Köln"], ["Koln"]],
    ["^[A-Z]{2}[0-9]{4,6}(-[A-Z])?$", ["AB1234", "AB123456-C"], ["AB123", "AB1234567", "AB1234-"]],
    ["^(DE|AT|CH)-", ["DE-1", "CH-"], ["FR-1", "D-1"]],
    ["a*", ["", "b"], []],
    ["^(a|b)+$", ["abba"], ["", "abc"]],
    ["^\\d{5}$", ["12345"], ["1234", "１２３４５"]],
    ["\\Boo\\b", ["foo"], ["oo", "food"]],
    ["\\bfoo\\b", ["a foo b"], ["food"]],
    ["^\\p{Lu}\\p{L}*$", ["Ärger"], ["ärger"]],
    ["^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$", ["a@b.de"], ["a@b", "a b@c.de"]],
    ["^[\\]a]+$", ["]a"], ["b"]],
    ["a{2}", ["aa"], ["a"]],
    ["^(?:ab){2,}?$", ["abab", "ababab"], ["ab"]],
    ["", ["", "x"], []],
    ["\\.", ["a.b"], ["ab"]],
    ["^(a*)*$", ["aaa", ""], ["b"]],
    ["^(|a)(|b)$", ["", "a", "b", "ab"], ["ba"]],
  ];
  for (const [pattern, yes, no] of table) {
    test(pattern, () => {
      const matches = compilePattern(pattern);
      for (const text of yes) expect(matches(text), text).toBe(true);
      for (const text of no) expect(matches(text), text).toBe(false);
    });
  }
});

describe("what is no pattern", () => {
  const table: readonly (readonly [pattern: string, message: string])[] = [
    ["(a", "A ( opens a group that is not closed."],
    ["a)", "A ) closes a group that was not opened."],
    ["[a", "A [ or a \\ at the end is not completed."],
    ["a\\", "A [ or a \\ at the end is not completed."],
    ["*a", "There is nothing before * to repeat."],
    ["^*", "There is nothing before * to repeat."],
    ["a**", "* cannot follow another repetition."],
    ["a{5,2}", "{5,2} repeats too often, or its numbers are in the wrong order."],
    ["a{201}", "{201} repeats too often, or its numbers are in the wrong order."],
    ["(a{100}){100}", "The pattern repeats too much."],
    ["(a)\\1", "\\1 refers back to what was matched, which takes time without bound."],
    [
      "(?=a)",
      "Of the groups that start with (?, only (?: can be used, and (?i) at the very start.",
    ],
    ["[b-a]", "[b-a] is no character or class of characters."],
    ["\\z", "\\z is no character or class of characters."],
    ["(".repeat(30), "The groups are nested too deeply."],
    ["a".repeat(501), "The pattern is longer than 500 characters."],
  ];
  for (const [pattern, message] of table) {
    test(`${pattern.slice(0, 40)}: ${message}`, () =>
      expect(() => compilePattern(pattern)).toThrow(message));
  }
});

test("agrees with JavaScript's own", () => {
  // Without \B, which JavaScript also finds inside a character of two units.
  const atom = fc.constantFrom(
    "a",
    "b",
    ".",
    "[ab]",
    "[^a]",
    "\\d",
    "\\w",
    "ä",
    "😀",
    "^",
    "$",
    "\\b",
  );
  const times = fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,2}", "{2,}", "*?");
  const part = fc
    .tuple(atom, times)
    .map(([one, count]) => (/^(?:\^|\$|\\[bB])$/.test(one) ? one : one + count));
  const choice = (of: fc.Arbitrary<string>) =>
    fc
      .array(fc.array(of, { maxLength: 3 }), { minLength: 1, maxLength: 2 })
      .map((all) => all.map((parts) => parts.join("")).join("|"));
  const group = (of: fc.Arbitrary<string>) =>
    fc.tuple(choice(of), times).map(([inner, count]) => `(${inner})${count}`);
  const pattern = choice(fc.oneof(part, group(part), group(fc.oneof(part, group(part)))));
  const letters = fc.constantFrom("a", "b", "c", "ä", "1", ".", "\n", "😀", " ");
  const text = fc.string({ unit: letters, maxLength: 8 });
  fc.assert(
    fc.property(pattern, fc.array(text, { maxLength: 5 }), (one, texts) => {
      const matches = compilePattern(one);
      const expression = new RegExp(one, "u");
      for (const each of texts) {
        expect(matches(each), `${one} on ${each}`).toBe(expression.test(each));
      }
    }),
    { numRuns: 2000 },
  );
});

test("takes no more time for a pattern that is hostile to others", () => {
  for (const pattern of [
    "^(a+)+$",
    "^(a|a)*$",
    `^${"a?".repeat(100)}${"a".repeat(100)}$`,
    "^(.*)*(.*)*b$",
  ]) {
    expect(compilePattern(pattern)(`${"a".repeat(5000)}!`)).toBe(false);
  }
}, 20_000);
