import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import type { FieldMapping } from "../../engine/config/sync-spec.ts";
import { compileProgram } from "../../engine/mapping/compile-program.ts";
import { datePattern } from "../../engine/mapping/date-pattern.ts";
import { hasThreesInAscii } from "../../engine/mapping/number-locale.ts";
import { blockOf } from "./block-of.ts";
import { outcome } from "./map-text.ts";
import { PARENTS, specOf, THING } from "./spec-of.ts";

/** Maps texts by the bytes and by the string, and checks that it comes to the same. */
function mapBoth(
  name: string,
  settings: Partial<FieldMapping>,
  texts: readonly string[],
): string[] {
  const spec = specOf(
    { [name]: { from: "v", ...settings } },
    { key: null, repeat: true, operation: "insert" },
  );
  const input = { spec, shape: THING, parents: PARENTS };
  const block = blockOf(
    ["v"],
    texts.map((text) => [text]),
  );
  const [bytes, strings] = [{}, { stringsOnly: true }].map((options) => {
    const mapped = compileProgram(input, options).mapBlock(block);
    return texts.map((_, row) => outcome(mapped, row));
  });
  expect(bytes).toEqual(strings);
  return strings ?? [];
}

const FORMATS = [
  "dd.MM.yyyy",
  "d.M.yyyy",
  "yyyy-MM-dd",
  "yyyyMMdd",
  "MM/dd/yyyy",
  "d MMM yyyy",
  "dd'd'MM'm'yyyy",
  "yyyy.d.M",
];
const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Pacific/Apia",
  "Africa/Monrovia",
  "UTC",
];

describe("dates", () => {
  test("a day written in any format is read back", () => {
    const day = fc.record({
      year: fc.integer({ min: 1, max: 9999 }),
      ordinal: fc.integer({ min: 1, max: 365 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...FORMATS), fc.array(day, { maxLength: 20 }), (format, days) => {
        const dates = days.map((one) => DateTime.fromObject(one, { zone: "utc", locale: "en-US" }));
        const texts = dates.map((date) => date.toFormat(format));
        expect(mapBoth("Born__c", { date: format }, texts)).toEqual(
          dates.map((date) => date.toISODate()),
        );
      }),
      { numRuns: 100 },
    );
  });

  test("bytes and strings agree about texts that are nearly dates", () => {
    const piece = fc.constantFrom(
      "0",
      "1",
      "2",
      "9",
      "29",
      "02",
      "31",
      "2024",
      "2023",
      ".",
      "-",
      "/",
      " ",
      "T",
      ":",
      "Feb",
      "d",
      "m",
      "ä",
      "\u00a0",
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...FORMATS, "iso"),
        fc.array(fc.array(piece, { maxLength: 8 }), { maxLength: 30 }),
        (date, pieces) => {
          mapBoth(
            "Born__c",
            { date },
            pieces.map((parts) => parts.join("")),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test("formats that bytes can't do", () => {
    const formats = [
      "d MMM yyyy",
      "dMyyyy",
      "dM.yyyy",
      "yyyy-ooo",
      "EEE dd.MM.yyyy",
      "dd.MM.yyyy ZZ",
      "dd.dd.MM.yyyy",
      "dd.MM.",
      "dd.MM.yyyy'",
    ];
    for (const format of formats) expect(datePattern(format), format).toBeNull();
  });
});

describe("times in a zone", () => {
  test("a moment written as its zone's clocks show it is read back, or is the earlier of two", () => {
    const moment = fc.integer({ min: Date.UTC(1965, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.array(moment, { maxLength: 10 }),
        (zone, moments) => {
          const dates = moments.map((ms) => DateTime.fromMillis(ms, { zone }));
          const format = "dd.MM.yyyy HH:mm:ss.SSS";
          const read = mapBoth(
            "Seen__c",
            { dateTime: format, zone },
            dates.map((date) => date.toFormat(format)),
          );
          const earliest = dates.map((date) => date.getPossibleOffsets()[0] ?? date);
          expect(read).toEqual(earliest.map((date) => date.toUTC().toISO()));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("every minute around a change of clocks", () => {
    for (const [zone, day] of [
      ["Europe/Berlin", "31.03.2024"],
      ["Europe/Berlin", "27.10.2024"],
      ["Australia/Lord_Howe", "06.10.2024"],
      ["Africa/Monrovia", "07.01.1972"],
    ] as const) {
      const texts = Array.from({ length: 1440 }, (_, minute) => {
        const [hour, rest] = [Math.floor(minute / 60), minute % 60];
        return `${day} ${String(hour).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
      });
      const read = mapBoth("Seen__c", { dateTime: "dd.MM.yyyy HH:mm", zone }, texts);
      read.forEach((moment, row) => {
        if (moment.startsWith("VALUE_TIME_SKIPPED")) return;
        // What was read, shown by the zone's clocks, is what was written.
        expect(DateTime.fromISO(moment, { zone }).toFormat("dd.MM.yyyy HH:mm")).toBe(texts[row]);
      });
      const skipped = read.filter((moment) => moment.startsWith("VALUE_TIME_SKIPPED")).length;
      expect(skipped, `${zone} ${day}`).toBe(
        { "31.03.2024": 60, "27.10.2024": 0, "06.10.2024": 30, "07.01.1972": 45 }[day],
      );
    }
  });
});

describe("numbers", () => {
  test("a number written by Intl in any locale is read back", () => {
    const locales = [
      "de",
      "en",
      "fr",
      "de-CH",
      "es",
      "pl",
      "pt-BR",
      "en-IN",
      "hi",
      "ar-EG",
      "fa",
      "sv",
      "ja",
      "it-CH",
      "he",
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...locales),
        fc.array(fc.integer({ min: -99_999_999, max: 99_999_999 }), { maxLength: 10 }),
        (locale, cents) => {
          const format = new Intl.NumberFormat(locale, {
            minimumFractionDigits: 2,
            useGrouping: true,
          });
          const texts = cents.map((value) => format.format(value / 100));
          expect(mapBoth("Amount__c", { number: locale }, texts)).toEqual(
            cents.map((value) => (value / 100).toFixed(2)),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test("bytes and strings agree about texts that are nearly numbers", () => {
    const piece = fc.constantFrom(
      "0",
      "1",
      "12",
      "123",
      "1234",
      ",",
      ".",
      "'",
      "’",
      " ",
      "\u00a0",
      "+",
      "-",
      "e",
      "−",
    );
    fc.assert(
      fc.property(
        fc.constantFrom("de", "en", "fr", "de-CH", "es"),
        fc.array(fc.array(piece, { maxLength: 7 }), { maxLength: 40 }),
        (number, pieces) => {
          mapBoth(
            "Amount__c",
            { number },
            pieces.map((parts) => parts.join("")),
          );
          mapBoth(
            "Text__c",
            { number },
            pieces.map((parts) => parts.join("")),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test("locales that bytes can't do", () => {
    for (const locale of ["ar-EG", "fa", "en-IN", "hi"])
      expect(hasThreesInAscii(locale), locale).toBe(false);
  });
});
