import { writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { API, type Client, localOrg, temporaryDir } from "./local-org.ts";

/*
 * A random CSV, and a few lines that say what an upsert does, must leave the same records and the
 * same outcome for every row.
 */

const YAML = `objects: { Contact: { fields: {
  Key__c: { type: string, length: 20, externalId: true, unique: true },
  Note__c: { type: string, length: 30 }, Score__c: { type: double, precision: 10, scale: 2 } } } }`;
const FIELDS = ["Key__c", "LastName", "Note__c", "Score__c"] as const;
const GROUP = 200;

type Row = readonly string[];
type Values = Record<(typeof FIELDS)[number], string | number | null>;

const note = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "",
      "#N/A",
      "a",
      'quo"te',
      "com,ma",
      "new\nline",
      " pad ",
      "ü😀",
      "   ",
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 35 }).filter((text) => !/[\r\n]/.test(text)) },
);
const row: fc.Arbitrary<Row> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.nat(400).map((n) => `K${n}`) },
        { weight: 1, arbitrary: fc.constantFrom("", "k1", " K2 ", "#N/A") },
      ),
      fc.constantFrom("A", "B", ""),
      note,
      fc.constantFrom("", "1", "2.50", "-3e2", "x", "#N/A"),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<Row>(["K9"], ["K9", "A", "b", "1", "extra"]) },
);

function quote(text: string, always: boolean): string {
  return always || /[",\n]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What an upsert by Key__c does, one row after the other. Gives the outcome of each. */
function model(rows: readonly Row[], records: Map<string, Values>): string[] {
  const outcomes: string[] = [];
  for (let start = 0; start < rows.length; start += GROUP) {
    const group = rows.slice(start, start + GROUP);
    const fold = (cells: Row) => (cells[0] ?? "").trim().toLowerCase();
    const counted = group.filter((cells) => cells.length === FIELDS.length && cells[3] !== "x");
    for (const cells of group) outcomes.push(one(cells, fold(cells), counted.map(fold), records));
  }
  return outcomes;
}

function one(cells: Row, key: string, keys: string[], records: Map<string, Values>): string {
  const [, lastName = "", text = "", score = ""] = cells;
  if (cells.length !== FIELDS.length) return "INVALID_FIELD";
  const hasKey = key !== "" && key !== "#n/a";
  if (!hasKey) return "MISSING_ARGUMENT";
  if (score === "x") return "INVALID_FIELD";
  if (keys.filter((other) => other === key).length > 1) return "DUPLICATE_VALUE";
  if (text.trim().length > 30) return "STRING_TOO_LONG";
  const known = records.get(key);
  if (!known && lastName === "") return "REQUIRED_FIELD_MISSING";
  const keep = (cell: string, old: string | number | null, value: string | number | null) =>
    cell === "" ? old : cell === "#N/A" ? null : value;
  records.set(key, {
    Key__c: known?.Key__c ?? (cells[0] ?? "").trim(),
    LastName: keep(lastName, known?.LastName ?? null, lastName),
    Note__c: keep(text, known?.Note__c ?? null, text.trim() || null),
    Score__c: keep(score, known?.Score__c ?? null, Number(score)),
  });
  return known ? "false" : "true";
}

test("a random CSV and a model of upsert agree", async () => {
  const file = path.join(temporaryDir(), "org.yaml");
  writeFileSync(file, YAML);
  const org = await localOrg({ orgShapeFiles: [file], batchDelayMs: 0 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(row, { minLength: 1, maxLength: 450, size: "max" }), {
        minLength: 1,
        maxLength: 2,
      }),
      fc.boolean(),
      async (loads, quoteAll) => {
        await clear(org);
        const records = new Map<string, Values>();
        for (const rows of loads) {
          const text = rows.map(
            (cells) => `${cells.map((cell) => quote(cell, quoteAll)).join(",")}\n`,
          );
          const upsert = { object: "Contact", operation: "upsert", externalIdFieldName: "Key__c" };
          const id = await org.load(upsert, `${FIELDS.join(",")}\n${text.join("")}`);
          const done = await org.finish(id);
          const expected = model(rows, records);
          const failures = expected.filter((outcome) => /[A-Z]/.test(outcome));
          expect(done.json).toMatchObject({
            state: "JobComplete",
            numberRecordsProcessed: rows.length,
            numberRecordsFailed: failures.length,
          });
          expect(await outcomes(org, id, "failedResults")).toEqual(failures);
          expect(await outcomes(org, id, "successfulResults")).toEqual(
            expected.filter((outcome) => !/[A-Z]/.test(outcome)),
          );
        }
        const stored = await org.query(`SELECT ${FIELDS.join(", ")} FROM Contact ORDER BY Key__c`);
        const found = stored.map(({ attributes: _, ...values }) => values);
        const byKey = (a: Values, b: Values) => (String(a.Key__c) < String(b.Key__c) ? -1 : 1);
        expect(found.sort(byKey)).toEqual([...records.values()].sort(byKey));
      },
    ),
    { numRuns: 15 },
  );
});

async function outcomes(org: Client, id: string, kind: string): Promise<string[]> {
  const text = await org.result(id, kind);
  return [...text.matchAll(/^"(?:003\w{15})?","([A-Z_]+:|true|false)/gm)].map((match) =>
    (match[1] ?? "").replace(":", ""),
  );
}

async function clear(org: Client): Promise<void> {
  const ids = (await org.query("SELECT Id FROM Contact")).map((record) => `${record.Id}\n`);
  if (ids.length === 0) return;
  await org.finish(
    await org.load({ object: "Contact", operation: "delete" }, `Id\n${ids.join("")}`),
  );
  const left = await org.call("GET", `${API}/query?q=SELECT+COUNT()+FROM+Contact`);
  expect(left.json.totalSize).toBe(0);
}
