import { describe, expect, test } from "vitest";
import { checkSync } from "../../engine/check/check-sync.ts";
import type { SyncSpec } from "../../engine/config/sync-spec.ts";
import { BASE, type Mapping, short, UPSERT } from "./check-table.ts";
import { CONTACT, PARENTS, spec } from "./hand-made.ts";

describe("source columns", () => {
  const files = (...headers: string[]) =>
    headers.map((header, index) => ({ shown: `f${index + 1}.csv`, header: header.split(",") }));
  const found = (mapping: Mapping, headers: string[], more: Partial<SyncSpec> = {}) =>
    checkSync({
      spec: spec(UPSERT, { ...BASE, ...mapping }, more),
      shape: CONTACT,
      parents: PARENTS,
      files: files(...headers),
      expressionColumns: new Map(
        more.where == null
          ? []
          : [
              ["where", ["country", "no"]],
              ["Phone", ["fax"]],
            ],
      ),
    }).map(short);

  test.each([
    ["in all files", "phone", ["no,last,phone"], null],
    ["in no file", "fax", ["no,last,phone"], 'No source file has a column "fax".'],
    ["nothing near", "telephone", ["no,last,phone"], "f1.csv has these columns: no, last, phone."],
    ["mistyped", "phnoe", ["no,last,phone"], 'Did you mean "phone"?'],
    [
      "letter case",
      "Phone",
      ["no,last,phone"],
      'f1.csv has "phone", which differs in letter case.',
    ],
    ["spaces", "phone no", ["no,last,phone_no"], "differs in spaces, hyphens or underscores"],
    ["a no-break space", "phone no", ["no,last,phone\u00a0no"], "a character that does not show"],
    [
      "in some files",
      "phone",
      ["no,last,phone", "no,last", "no,last,phone"],
      "missing in f2.csv, while 2 of 3 files have it",
    ],
  ] as const)("%s", (_, from, headers, want) => {
    const problems = found({ Phone: from }, [...headers]);
    if (want === null) return expect(problems).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("error CHECK_COLUMN_MISSING /mapping/Phone/from");
    expect(problems[0]).toContain(want);
  });

  test("columns of expressions count too", () => {
    const problems = found({ Phone: { expr: "row.fax" } }, ["no,last"], {
      where: "row.country != row.no",
    });
    expect(problems).toEqual([
      'error CHECK_COLUMN_MISSING /where: No source file has a column "country". | f1.csv has these columns: no, last.',
      'error CHECK_COLUMN_MISSING /mapping/Phone/expr: No source file has a column "fax". | f1.csv has these columns: no, last.',
    ]);
  });

  test("without headers nothing is said", () => {
    expect(found({ Phone: "fax" }, [])).toEqual([]);
  });
});
