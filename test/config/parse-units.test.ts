import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDuration } from "../../engine/config/parse-duration.ts";
import { parseRatio } from "../../engine/config/parse-ratio.ts";
import { parseSize } from "../../engine/config/parse-size.ts";

describe("sizes", () => {
  const sizes: readonly (readonly [string | number, number | null])[] = [
    ["100MB", 100_000_000],
    ["100 mb", 100_000_000],
    ["1.5GB", 1_500_000_000],
    ["64KiB", 65_536],
    ["1MiB", 1_048_576],
    ["2GiB", 2_147_483_648],
    ["512", 512],
    ["512B", 512],
    [1000, 1000],
    ["0", 0],
    ["100M", null],
    ["1TB", null],
    ["-1MB", null],
    ["1e3KB", null],
    ["1,5MB", null],
    ["MB", null],
    ["", null],
    ["9007199254740993B", null],
    [1.5, null],
    [-1, null],
  ];
  for (const [written, bytes] of sizes) {
    test(`${written} -> ${bytes}`, () => expect(parseSize(written).value).toBe(bytes));
  }

  test("every whole number of every unit is read exactly", () => {
    const factors = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.constantFrom(...Object.entries(factors)),
        (count, [unit, factor]) => {
          expect(parseSize(`${count}${unit}`).value).toBe(count * factor);
        },
      ),
    );
  });
});

describe("durations", () => {
  const durations: readonly (readonly [string | number, number | null])[] = [
    ["30s", 30_000],
    ["500ms", 500],
    ["15m", 900_000],
    ["15 min", 900_000],
    ["1h", 3_600_000],
    ["1h30m", 5_400_000],
    ["1h 30m 5s", 5_405_000],
    ["1.5h", 5_400_000],
    ["7d", 604_800_000],
    ["0", 0],
    [0, 0],
    ["0s", 0],
    ["30", null],
    [30, null],
    ["30m1h", null],
    ["1h1h", null],
    ["1y", null],
    ["-5s", null],
    ["an hour", null],
    ["PT1H", null],
    ["", null],
    ["99999999999999d", null],
  ];
  for (const [written, ms] of durations) {
    test(`${written} -> ${ms}`, () => expect(parseDuration(written).value).toBe(ms));
  }

  test("parts from large to small add up", () => {
    const part = (max: number) => fc.nat(max);
    fc.assert(
      fc.property(part(30), part(23), part(59), part(59), (d, h, m, s) => {
        const expected = ((d * 24 + h) * 60 + m) * 60_000 + s * 1000;
        expect(parseDuration(`${d}d${h}h${m}m${s}s`).value).toBe(expected);
      }),
    );
  });
});

describe("percentages", () => {
  const ratios: readonly (readonly [string | number, number | null])[] = [
    ["50%", 0.5],
    ["0%", 0],
    ["100%", 1],
    ["0.5%", 0.005],
    ["12 %", 0.12],
    ["101%", null],
    ["-1%", null],
    ["50", null],
    [0.5, null],
    ["1e1%", null],
    ["%", null],
    ["", null],
  ];
  for (const [written, ratio] of ratios) {
    test(`${written} -> ${ratio}`, () => expect(parseRatio(written).value).toBe(ratio));
  }

  test("a number is never taken for a percentage, and the hint names the likely one", () => {
    expect(parseRatio(0.3)).toMatchObject({ hint: "Did you mean 30%?" });
    expect(parseRatio("30")).toMatchObject({ hint: "Did you mean 30%?" });
    expect(parseRatio("many")).toMatchObject({ hint: "Write it such as 50% or 0.5%." });
  });
});

test("no text makes a parser throw, and what is read is finite and not negative", () => {
  const text = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.stringMatching(/^[0-9.]{0,6} ?[a-zA-Z%]{0,4}$/),
    fc.double(),
  );
  fc.assert(
    fc.property(text, (written) => {
      for (const parse of [parseSize, parseDuration, parseRatio]) {
        const { value } = parse(written);
        expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true);
      }
    }),
  );
});
