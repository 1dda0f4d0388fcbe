import { beforeAll, expect, test } from "vitest";
import { newProject, type TestProject } from "../cli/test-project.ts";

/** Each way to map a field, by the record that arrived: one field, one column and one cell a feature. */
const MAPPED: readonly (readonly [
  feature: string,
  mapping: string,
  cell: string,
  type: string,
  arrived: unknown,
])[] = [
  ["short form", "COLUMN", " as it is ", "string", "as it is"],
  ["from", "{ from: COLUMN }", 'a "b", c', "string", 'a "b", c'],
  ["from: a line end inside", "{ from: COLUMN }", "one\r\ntwo", "textarea", "one\ntwo"],
  ["from: six scripts", "{ from: COLUMN }", "Łódź 東京 서울 Ærø", "string", "Łódź 東京 서울 Ærø"],
  ["value: text", "{ value: Web }", "-", "string", "Web"],
  ["value: number", "{ value: 12.5 }", "-", "double", 12.5],
  ["value: boolean", "{ value: true }", "-", "boolean", true],
  ["trim", "{ from: COLUMN, transform: [trim] }", "\u00a0 a b \t", "string", "a b"],
  ["lower", "{ from: COLUMN, transform: [lower] }", "ÄRGER", "string", "ärger"],
  ["upper", "{ from: COLUMN, transform: [upper] }", "straße", "string", "STRASSE"],
  [
    "title",
    "{ from: COLUMN, transform: [title] }",
    "o'NEILL van dyke",
    "string",
    "O'Neill Van Dyke",
  ],
  [
    "collapseSpaces",
    "{ from: COLUMN, transform: [collapseSpaces] }",
    "a  b\t c",
    "string",
    "a b c",
  ],
  ["digits", "{ from: COLUMN, transform: [digits] }", "DE 123/45-6", "string", "123456"],
  ["several transforms", "{ from: COLUMN, transform: [trim, upper] }", " x ", "string", "X"],
  ["date", "{ from: COLUMN, date: dd.MM.yyyy }", "29.02.2024", "date", "2024-02-29"],
  ["date: iso", "{ from: COLUMN, date: iso }", "2024-02-29", "date", "2024-02-29"],
  [
    "date: month in words",
    "{ from: COLUMN, date: d MMM yyyy }",
    "3 Mar 2025",
    "date",
    "2025-03-03",
  ],
  [
    "dateTime: summer in Berlin",
    '{ from: COLUMN, dateTime: "dd.MM.yyyy HH:mm", zone: Europe/Berlin }',
    "01.07.2025 12:00",
    "datetime",
    "2025-07-01T10:00:00.000+0000",
  ],
  [
    "dateTime: winter in Berlin",
    '{ from: COLUMN, dateTime: "dd.MM.yyyy HH:mm", zone: Europe/Berlin }',
    "01.12.2025 12:00",
    "datetime",
    "2025-12-01T11:00:00.000+0000",
  ],
  [
    "dateTime: the hour that comes twice is the first",
    '{ from: COLUMN, dateTime: "yyyy-MM-dd HH:mm", zone: Europe/Berlin }',
    "2025-10-26 02:30",
    "datetime",
    "2025-10-26T00:30:00.000+0000",
  ],
  [
    "dateTime: iso with an offset",
    "{ from: COLUMN, dateTime: iso }",
    "2025-03-01T00:30:00+01:00",
    "datetime",
    "2025-02-28T23:30:00.000+0000",
  ],
  [
    "dateTime: twelve hours in New York",
    '{ from: COLUMN, dateTime: "M/d/yyyy h:mm a", zone: America/New_York }',
    "7/4/2025 9:05 PM",
    "datetime",
    "2025-07-05T01:05:00.000+0000",
  ],
  ["number: de", "{ from: COLUMN, number: de }", "-1.234,5", "double", -1234.5],
  ["number: en", "{ from: COLUMN, number: en }", "1,234.5", "double", 1234.5],
  ["number: fr", "{ from: COLUMN, number: fr }", "1\u202f234,5", "double", 1234.5],
  [
    "boolean: true",
    "{ from: COLUMN, boolean: { true: [ja, 1], false: [nein] } }",
    "1",
    "boolean",
    true,
  ],
  [
    "boolean: false",
    "{ from: COLUMN, boolean: { true: [ja], false: [nein] } }",
    "NEIN",
    "boolean",
    false,
  ],
  ["values", "{ from: COLUMN, values: { G: Gold, S: Silver } }", "G", "picklist", "Gold"],
  [
    "values: default",
    "{ from: COLUMN, values: { G: Gold }, default: Bronze }",
    "?",
    "picklist",
    "Bronze",
  ],
  ["default", "{ from: COLUMN, default: Bronze }", "", "picklist", "Bronze"],
  [
    "default after trim",
    "{ from: COLUMN, transform: [trim], default: Bronze }",
    "  ",
    "picklist",
    "Bronze",
  ],
  ["expr", `{ expr: 'row.COLUMN + " / " + row["last name"]' }`, "Köln", "string", "Köln / Good"],
  ["expr: a condition", `{ expr: 'row.COLUMN == "x" ? "yes" : "no"' }`, "x", "string", "yes"],
  ["blank by default: the field stays", "{ from: COLUMN }", "", "string", "before"],
  ["nulls: ignore", "{ from: COLUMN, nulls: ignore }", "", "string", "before"],
  ["nulls: clear", "{ from: COLUMN, nulls: clear }", "", "string", null],
  ["#N/A is a blank, not an erasure", "{ from: COLUMN }", "#N/A", "string", "before"],
];

const INVALID: readonly (readonly [
  feature: string,
  mapping: string,
  cell: string,
  type: string,
  code: string,
])[] = [
  ["no such day", "{ from: COLUMN, date: dd.MM.yyyy }", "31.02.2024", "date", "VALUE_NOT_DATE"],
  [
    "a time that the clocks skip",
    '{ from: COLUMN, dateTime: "yyyy-MM-dd HH:mm", zone: Europe/Berlin }',
    "2025-03-30 02:30",
    "datetime",
    "VALUE_TIME_SKIPPED",
  ],
  [
    "digits grouped wrongly",
    "{ from: COLUMN, number: de }",
    "1.23,5",
    "double",
    "VALUE_NOT_NUMBER",
  ],
  [
    "no word for a boolean",
    "{ from: COLUMN, boolean: { true: [y], false: [n] } }",
    "?",
    "boolean",
    "VALUE_NOT_BOOLEAN",
  ],
  ["not in the table", "{ from: COLUMN, values: { G: Gold } }", "X", "picklist", "VALUE_UNMATCHED"],
  ["not in the picklist", "{ from: COLUMN }", "Platin", "picklist", "VALUE_NOT_PICKLIST"],
  ["nulls: error", "{ from: COLUMN, nulls: error }", "", "string", "VALUE_NULL"],
  ["too long", "{ from: COLUMN }", "x".repeat(256), "string", "VALUE_TOO_LONG"],
  [
    "an expression that fails",
    "{ expr: 'string(int(row.COLUMN))' }",
    "many",
    "string",
    "EXPRESSION_FAILED",
  ],
  ["no email", "{ from: COLUMN }", "nobody.example.com", "email", "VALUE_NOT_EMAIL"],
];

let project: TestProject;
let record: Record<string, unknown>;
let invalid: Record<string, string>[];

beforeAll(async () => {
  const typed = [...MAPPED, ...INVALID].map(([, , , type], i) => `      F${i}__c: ${TYPES[type]}`);
  const before = MAPPED.map(([, , , type]) => (type === "string" ? "before" : ""));
  project = await newProject({
    shape: `objects:\n  Contact:\n    fields:\n      Key__c: { type: string, externalId: true, unique: true }\n${typed.join("\n")}\n`,
    seeds: {
      Contact: `Key__c,LastName,${MAPPED.map((_, i) => `F${i}__c`).join()}\ngood,Old,${before.join()}\n`,
    },
    files: {
      "mapped.sync.yaml": specOf("mapped", MAPPED, 0),
      "mapped.csv": csvOf(MAPPED.length, [MAPPED.map(([, , cell]) => cell)], ["good"]),
      "invalid.sync.yaml": specOf("invalid", INVALID, MAPPED.length),
      "invalid.csv": csvOf(
        INVALID.length,
        INVALID.map((_, row) =>
          INVALID.map(([, , cell], i) => (i === row ? cell : (SOUND[i] ?? ""))),
        ),
        INVALID.map((_, row) => `bad-${row}`),
      ),
    },
  });
  const run = (await project.sluice("run", "--json")).document();
  const byName = new Map(run.data.runs.map((one: { sync: string }) => [one.sync, one]));
  invalid = project.readCsv(
    (byName.get("invalid") as { files: { invalid: string } }).files.invalid,
  );
  const fields = MAPPED.map((_, i) => `F${i}__c`).join();
  record = (
    await project.org.query(`SELECT LastName, ${fields} FROM Contact WHERE Key__c = 'good'`)
  )[0];
});

test.each(MAPPED.map((row, i) => [row[0], i] as const))("%s", (_, i) => {
  expect(record[`F${i}__c`]).toEqual(MAPPED[i]?.[4]);
});

test.each(INVALID.map((row, i) => [row[0], i] as const))("not sent: %s", async (_, i) => {
  const row = invalid.find((one) => one.key === `bad-${i}`);
  const [, mapping, cell, , code] = INVALID[i] ?? [];
  expect(row).toMatchObject({
    code,
    field: `F${MAPPED.length + i}__c`,
    file: "invalid.csv",
    line: String(i + 2),
  });
  expect(row?.reason).not.toBe("");
  if (mapping?.includes("COLUMN")) expect(row?.[`c${i}`]).toBe(cell);
  expect(await project.org.query(`SELECT Id FROM Contact WHERE Key__c = 'bad-${i}'`)).toEqual([]);
});

/** Cells that are sound for each of the fields of INVALID, so that a row has one mistake. */
const SOUND = [
  "01.02.2024",
  "2025-03-30 12:00",
  "1,5",
  "y",
  "G",
  "Gold",
  "x",
  "x",
  "1",
  "a@b.example",
];

const TYPES: Readonly<Record<string, string>> = {
  string: "{ type: string, length: 255 }",
  textarea: "{ type: textarea }",
  double: "{ type: double, precision: 10, scale: 2 }",
  boolean: "{ type: boolean }",
  date: "{ type: date }",
  datetime: "{ type: datetime }",
  picklist: "{ type: picklist, restricted: true, values: [Gold, Silver, Bronze] }",
  email: "{ type: email }",
};

function specOf(
  name: string,
  cases: readonly (readonly [string, string, ...unknown[]])[],
  first: number,
) {
  const fields = cases.map(
    ([, mapping], i) => `  F${first + i}__c: ${mapping.replaceAll("COLUMN", `c${i}`)}`,
  );
  return `sync: ${name}
source: { files: ${name}.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping:
  Key__c: key
  LastName: last name
${fields.join("\n")}
`;
}

function csvOf(
  columns: number,
  rows: readonly (readonly string[])[],
  keys: readonly string[],
): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const header = ["key", "last name", ...Array.from({ length: columns }, (_, i) => `c${i}`)];
  const lines = rows.map((cells, i) => [keys[i] ?? "", "Good", ...cells].map(cell).join());
  return `${[header.join(), ...lines].join("\n")}\n`;
}
