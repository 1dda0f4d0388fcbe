import { describe, expect, test } from "vitest";
import type { FieldMapping } from "../../engine/config/sync-spec.ts";
import { mapValue } from "./map-text.ts";

type Row = readonly [settings: Partial<FieldMapping>, source: string, expected: string];

function rows(name: string, table: readonly Row[]): void {
  for (const [settings, source, expected] of table) {
    const shown = JSON.stringify(settings);
    test(`${name} ${shown}: ${JSON.stringify(source)} -> ${expected}`, () => {
      expect(mapValue(name, settings, source)).toBe(expected);
    });
  }
}

describe("transforms", () => {
  rows("Text__c", [
    [{}, " as it is ", " as it is "],
    [{ transform: ["trim"] }, " \t x \n", "x"],
    [{ transform: ["trim"] }, "\u00a0\u3000x\u202f", "x"],
    [{ transform: ["lower"] }, "GRÖSSE ΟΔΟΣ", "grösse οδος"],
    [{ transform: ["upper"] }, "straße", "STRASSE"],
    [{ transform: ["title"] }, "JEAN-LUC o'neill mCdonald", "Jean-Luc O'Neill Mcdonald"],
    [{ transform: ["title"] }, "don't élan ßa", "Don't Élan Ssa"],
    [{ transform: ["title"] }, "DE L’ARC", "De L’Arc"],
    [{ transform: ["collapseSpaces"] }, "a  b\u00a0\u00a0c", "a b c"],
    [{ transform: ["digits"] }, "+49 (0)30-12 34", "490301234"],
    [{ transform: ["digits"] }, "٠١٢ ９", "0129"],
    [{ transform: ["trim", "lower"] }, "  ABC ", "abc"],
  ]);
});

describe("blanks", () => {
  rows("Text__c", [
    [{}, "", '""'],
    [{}, "#N/A", '""'],
    [{ transform: ["trim"] }, "  #N/A ", '""'],
    [{ transform: ["upper"] }, "#n/a", '""'],
    [{ transform: ["trim"], default: "d" }, "   ", "d"],
    [{ nulls: "clear" }, "", "#N/A"],
    [{ nulls: "clear" }, "#N/A", "#N/A"],
    [
      { nulls: "error" },
      "",
      'VALUE_NULL Text__c: Text__c is blank, and the spec says "nulls: error" for it.',
    ],
    [{ nulls: "clear", default: "d" }, "", "d"],
    [{ value: "#N/A" }, "", '""'],
  ]);
  rows("Active__c", [[{ nulls: "clear" }, "", '""']]);
  test("an insert never clears", () => {
    expect(mapValue("Text__c", { nulls: "clear" }, "", { operation: "insert" })).toBe('""');
  });
  test("a required field is blank on insert", () => {
    expect(mapValue("Name", {}, "", { operation: "insert" })).toBe(
      "VALUE_REQUIRED Name: Name must have a value, and it is blank in this row.",
    );
  });
  test("on upsert the org decides about a required field", () => {
    expect(mapValue("Name", {}, "")).toBe('""');
  });
});

describe("values and default", () => {
  const values = { G: "Gold", S: "Silver", "": "none", "-": "" };
  rows("Text__c", [
    [{ values }, "G", "Gold"],
    [{ values }, "", "none"],
    [{ values, default: "d" }, "X", "d"],
    [{ values, default: "d" }, "-", '""'],
    [{ values: { G: "Gold" }, default: "d" }, "", "d"],
    [{ values: { G: "Gold" } }, "", '""'],
    [{ values, transform: ["trim", "upper"] }, " g", "Gold"],
    [
      { values },
      "X",
      'VALUE_UNMATCHED Text__c: The values table has no entry for "X", and the mapping has no default.',
    ],
  ]);
});

describe("numbers by locale", () => {
  const bad = (text: string, locale: string, sample: string) =>
    `VALUE_NOT_NUMBER Amount__c: "${text}" is not a number as written in the locale ${locale}, such as ${sample}.`;
  rows("Amount__c", [
    [{ number: "de" }, "1.234,5", "1234.5"],
    [{ number: "de" }, " -1.234.567,50 ", "-1234567.50"],
    [{ number: "de" }, "+7", "7"],
    [{ number: "de" }, "007,10", "7.10"],
    [{ number: "de" }, ",5", "0.5"],
    [{ number: "de" }, "", '""'],
    [{ number: "de" }, "1.23,5", bad("1.23,5", "de", "1.234,5")],
    [{ number: "de" }, "1234.567,5", bad("1234.567,5", "de", "1.234,5")],
    [{ number: "de" }, "1e5", bad("1e5", "de", "1.234,5")],
    [{ number: "de" }, "12.5", bad("12.5", "de", "1.234,5")],
    [{ number: "en" }, "1,234.5", "1234.5"],
    [{ number: "de-CH" }, "1’234.50", "1234.50"],
    [{ number: "de-CH" }, "1'234.50", "1234.50"],
    [{ number: "fr" }, "1\u202f234,5", "1234.5"],
    [{ number: "fr" }, "1\u00a0234,5", "1234.5"],
    [{ number: "fr" }, "1 234,5", "1234.5"],
    [{ number: "es" }, "1.234,5", "1234.5"],
    [{ number: "en-IN" }, "12,34,567.5", "1234567.5"],
    [{ number: "ar-EG" }, "١٬٢٣٤٫٥", "1234.5"],
    [{ number: "sv" }, "\u22121 234", "-1234"],
    [
      { number: "de" },
      "123.456.789,5",
      'VALUE_NUMBER_RANGE Amount__c: "123456789.5" has 9 digits before the point; the field holds 8.',
    ],
  ]);
});

describe("booleans", () => {
  const boolean = { true: ["yes", "Ja", "1"], false: ["no", "nein", "0"] };
  rows("Active__c", [
    [{ boolean }, "JA ", "true"],
    [{ boolean }, "nein", "false"],
    [{ boolean }, "", '""'],
    [{ boolean, default: "false" }, "", "false"],
    [
      { boolean },
      "vielleicht",
      'VALUE_NOT_BOOLEAN Active__c: "vielleicht" is neither true nor false. Accepted are: yes, Ja, 1, no, nein, 0.',
    ],
    [{}, "TRUE", "true"],
    [{}, "0", "false"],
    [
      {},
      "yes",
      'VALUE_NOT_BOOLEAN Active__c: "yes" is neither true nor false. Accepted are: true, 1, false, 0.',
    ],
    [{ value: "1" }, "", "true"],
  ]);
});

describe("dates", () => {
  const bad = (text: string, form: string) =>
    `VALUE_NOT_DATE Born__c: "${text}" is no date in the form ${form}.`;
  rows("Born__c", [
    [{ date: "dd.MM.yyyy" }, "29.02.2024", "2024-02-29"],
    [{ date: "dd.MM.yyyy" }, " 01.02.1890 ", "1890-02-01"],
    [{ date: "dd.MM.yyyy" }, "", '""'],
    [{ date: "dd.MM.yyyy" }, "31.02.2024", bad("31.02.2024", "dd.MM.yyyy")],
    [{ date: "dd.MM.yyyy" }, "1.2.2024", bad("1.2.2024", "dd.MM.yyyy")],
    [{ date: "dd.MM.yyyy" }, "01.02.24", bad("01.02.24", "dd.MM.yyyy")],
    [{ date: "d.M.yyyy" }, "1.2.2024", "2024-02-01"],
    [{ date: "yyyyMMdd" }, "20240201", "2024-02-01"],
    [{ date: "d MMM yyyy" }, "1 Feb 2024", "2024-02-01"],
    [{ date: "yyyy-ooo" }, "2024-060", "2024-02-29"],
    [{ date: "iso" }, "2024-02-29", "2024-02-29"],
    [{ date: "iso" }, "2024-02-29T00:00:00Z", bad("2024-02-29T00:00:00Z", "yyyy-MM-dd")],
    [{}, "2024-02-29", "2024-02-29"],
    [{}, "1940-06-07Z", "1940-06-07Z"],
    [{}, "2023-02-29", `${bad("2023-02-29", "yyyy-MM-dd")} The mapping's date: reads other forms.`],
  ]);
});

describe("dates with times", () => {
  const form = "dd.MM.yyyy HH:mm";
  const berlin = { dateTime: form, zone: "Europe/Berlin" };
  rows("Seen__c", [
    [berlin, "01.07.2024 14:30", "2024-07-01T12:30:00.000Z"],
    [berlin, "01.01.2024 00:30", "2023-12-31T23:30:00.000Z"],
    [berlin, "27.10.2024 02:30", "2024-10-27T00:30:00.000Z"],
    [
      berlin,
      "31.03.2024 02:30",
      'VALUE_TIME_SKIPPED Seen__c: "31.03.2024 02:30" does not exist in Europe/Berlin: clocks are put forward over it that day.',
    ],
    [berlin, "31.03.2024 03:00", "2024-03-31T01:00:00.000Z"],
    [berlin, "31.03.2024 01:59", "2024-03-31T00:59:00.000Z"],
    [
      berlin,
      "31.03.2024",
      `VALUE_NOT_DATETIME Seen__c: "31.03.2024" is no date and time in the form ${form}.`,
    ],
    [
      { dateTime: form, zone: "Pacific/Apia" },
      "30.12.2011 12:00",
      'VALUE_TIME_SKIPPED Seen__c: "30.12.2011 12:00" does not exist in Pacific/Apia: clocks are put forward over it that day.',
    ],
    [
      { dateTime: form, zone: "Australia/Lord_Howe" },
      "07.04.2024 01:45",
      "2024-04-06T14:45:00.000Z",
    ],
    [
      { dateTime: "yyyy-MM-dd HH:mm:ssZZ" },
      "2024-07-01 14:30:00+02:00",
      "2024-07-01T12:30:00.000Z",
    ],
    [{ dateTime: "iso" }, "2024-07-01T14:30:00.5+02:00", "2024-07-01T12:30:00.500Z"],
    [{ dateTime: "iso" }, "2024-07-01T14:30Z", "2024-07-01T14:30:00.000Z"],
    [{ dateTime: "iso", zone: "Europe/Berlin" }, "2024-07-01 14:30:00", "2024-07-01T12:30:00.000Z"],
    [
      { dateTime: "iso" },
      "2024-07-01T14:30",
      'VALUE_NOT_DATETIME Seen__c: "2024-07-01T14:30" does not say its offset from UTC, and the mapping names no zone for it.',
    ],
    [
      { dateTime: "dd.MM.yyyy HH:mm z" },
      "01.07.2024 14:30 Europe/Berlin",
      "2024-07-01T12:30:00.000Z",
    ],
    [
      { dateTime: "dd.MM.yyyy HH:mm z" },
      "31.03.2024 02:30 Europe/Berlin",
      'VALUE_NOT_DATETIME Seen__c: "31.03.2024 02:30 Europe/Berlin" is no date and time in the form dd.MM.yyyy HH:mm z.',
    ],
    [{}, "2024-07-01T12:30:00.000Z", "2024-07-01T12:30:00.000Z"],
    [{}, "2024-07-01T12:30:00+0200", "2024-07-01T12:30:00+0200"],
    [
      {},
      "01.07.2024 12:30",
      'VALUE_NOT_DATETIME Seen__c: "01.07.2024 12:30" is no date and time in the form yyyy-MM-ddTHH:mm:ssZ. The mapping\'s dateTime: reads other forms.',
    ],
  ]);
});
