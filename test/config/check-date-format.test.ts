import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { checkDateFormat, holdsOffset } from "../../engine/config/check-date-format.ts";
import type { Findings } from "../../engine/config/findings.ts";

/** The detail of the complaint, or null for an accepted format. */
function complaintAbout(format: string): string | null {
  const findings: Findings = {
    document: {
      file: "/a.yaml",
      fileShown: "a.yaml",
      data: {},
      places: new Map(),
      refused: new Set(),
      meant: new Set(),
    },
    diagnostics: [],
  };
  checkDateFormat(findings, "/date", format);
  return findings.diagnostics[0]?.detail ?? null;
}

const accepted = [
  "iso",
  "dd.MM.yyyy",
  "d.M.yyyy",
  "yyyyMMdd",
  "MMMM d, yyyy",
  "EEE, d MMM yyyy HH:mm:ss ZZZ",
  "yyyy-MM-dd'T'HH:mm:ss.SSSZZ",
  "yyyy-ooo",
  "dd/MM/yyyy hh:mm a",
  "dd.MM.yyyy 'um' HH:mm 'Uhr'",
];
for (const format of accepted) {
  test(`accepted: ${format}`, () => expect(complaintAbout(format)).toBe(null));
}

const refused = [
  "",
  "dd.MM.yy",
  "dd.MM.y",
  "D",
  "ff",
  "yyyy",
  "MM.yyyy",
  "kkkk-'W'WW",
  "yyyy-ooo-dd",
  "X",
  "dd.MM.yyyy Uhr",
];
for (const format of refused) {
  test(`refused: ${format}`, () => expect(complaintAbout(format)).not.toBe(null));
}

describe("a format holds an offset", () => {
  const rows = [
    ["yyyy-MM-dd HH:mm ZZ", true],
    ["yyyy-MM-dd HH:mmZ", true],
    ["yyyy-MM-dd HH:mm z", true],
    ["yyyy-MM-dd'T'HH:mm'Z'", false],
    ["dd.MM.yyyy HH:mm", false],
  ] as const;
  for (const [format, holds] of rows) {
    test(`${format}: ${holds}`, () => expect(holdsOffset(format)).toBe(holds));
  }
});

test("every accepted format reads back a moment that it wrote", () => {
  const parts =
    "d dd M MM MMM MMMM L LL LLL LLLL yyyy o ooo E EEE EEEE c ccc cccc H HH h hh a m mm s ss S SSS u uu uuu Z ZZ ZZZ z 'T'";
  const format = fc
    .array(
      fc.tuple(fc.constantFrom(...parts.split(" ")), fc.constantFrom(" ", "-", "/", ".", ", ")),
      {
        minLength: 3,
        maxLength: 8,
      },
    )
    .map((chosen) => `${chosen.flat().join("")}yyyy-MM-dd`);
  const moment = DateTime.fromISO("2024-03-09T15:07:08.120Z", { zone: "utc", locale: "en-US" });
  fc.assert(
    fc.property(format, (written) => {
      if (complaintAbout(written) !== null) return;
      const read = DateTime.fromFormat(moment.toFormat(written), written, {
        zone: "utc",
        locale: "en-US",
      });
      expect(read.toISODate(), written).toBe("2024-03-09");
    }),
    { numRuns: 500, seed: 1 },
  );
});
