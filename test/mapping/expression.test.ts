import { describe, expect, test } from "vitest";
import { checkExpression } from "../../engine/mapping/check-expression.ts";
import { expressionColumns } from "../../engine/mapping/expression-columns.ts";
import { mapRow } from "./map-text.ts";

const ROW = { Key: "k", city: "Köln", segment: "A", n: "12", "any name": "x", tags: "b;a" };

function compute(expr: string, row: Readonly<Record<string, string>> = ROW): string {
  return mapRow({ Notes__c: { expr } }, row, { key: null, repeat: true });
}

describe("expr", () => {
  const table: readonly (readonly [expr: string, expected: string])[] = [
    ['row.city + " / " + row.segment', "Köln / A"],
    ['row["any name"]', "x"],
    ["int(row.n) * 2", "24"],
    ["double(row.n) / 8.0", "1.5"],
    ['row.city == "Köln"', "true"],
    ['row.segment == "A" ? "eins" : "zwei"', "eins"],
    ["null", '""'],
    ["size(row.city)", "4"],
    ["row.city.upperAscii()", "KÖLN"],
    ['row.city.replace("ö", "oe")', "Koeln"],
    ['row.n.padStart(5, "0")', "00012"],
    ['row.tags.split(";").map(t, t.upperAscii()).join(",")', '"B,A"'],
    ['row.tags.split(";").exists(t, t == row.segment.lowerAscii())', "true"],
    ['has(row.nope) ? row.city : "none"', "none"],
    ['row.n.matches("^[0-9]{2}$") && !row.city.matches("\\\\d")', "true"],
    ['row.n.matches("matches") || "x.matches(" == row.city', "false"],
    ['row.city in ["Köln", "Bonn"]', "true"],
    [
      "int(row.city)",
      "EXPRESSION_FAILED Notes__c: The expression could not be computed: int() type error: cannot convert to int.",
    ],
    [
      "1 / (size(row.segment) - 1)",
      "EXPRESSION_FAILED Notes__c: The expression could not be computed: division by zero.",
    ],
    [
      "row.nope",
      "EXPRESSION_FAILED Notes__c: The expression could not be computed: No such key: nope.",
    ],
    [
      "1.0 / 0.0",
      "EXPRESSION_FAILED Notes__c: The expression could not be computed: it gives no finite number.",
    ],
  ];
  for (const [expr, expected] of table) {
    test(`${expr} -> ${expected}`, () => expect(compute(expr)).toBe(expected));
    test(`${expr} passes the check`, () =>
      expect(checkExpression(expr, { kind: "expr" })).toBeNull());
  }
  test("a column named like a property of every object is a column like any other", () => {
    expect(
      compute('row["constructor"] + row["__proto__"]', { constructor: "a", ["__proto__"]: "b" }),
    ).toBe("ab");
  });
});

describe("where", () => {
  const filter = (where: string, row = ROW) => mapRow({ Key__c: "Key" }, row, { where });
  test("false filters", () => expect(filter('row.segment == "B"')).toBe("filtered"));
  test("true keeps", () => expect(filter('row.segment == "A"')).toBe("k"));
  test("an error makes the row invalid", () => {
    expect(filter("int(row.city) > 1")).toBe(
      "EXPRESSION_FAILED : The expression could not be computed: int() type error: cannot convert to int.",
    );
  });
  test("it sees the raw text", () =>
    expect(filter('row.n == "12 "', { ...ROW, n: "12 " })).toBe("k"));
});

describe("what the check refuses", () => {
  const table: readonly (readonly [expr: string, message: string, column: number | null])[] = [
    ["row.a +", "Unexpected token: EOF.", 8],
    ["row.a + 1", "no such overload: string + int.", 1],
    ["nope.a", "Unknown variable: nope.", 1],
    [
      "[row.a]",
      "The expression must give a text, a number, true or false, or null, and gives a list<string>.",
      null,
    ],
    [
      'row.a == "" || row.a.matches("(a")',
      "The pattern can't be used. A ( opens a group that is not closed.",
      30,
    ],
    ["row.a.matches(row.b)", "The pattern of matches() must be a text in quotes.", 7],
    ['row.a.split(",").exists(t, t.matches("a"))', "matches() cannot stand inside exists().", 30],
    ['row.a.matchesInLinearTime("a")', "There is no function matchesInLinearTime().", 7],
    [
      "now()",
      "now() is not available: an expression gives the same value whenever it is computed.",
      1,
    ],
    [
      'timestamp("2024-01-01T00:00:00Z")',
      "timestamp() is not available in expressions. Map the column with date: or dateTime:.",
      1,
    ],
    ["row.a.foo()", "There is no function foo().", 7],
    [
      "cel.bind(x, row.a + row.a, x + x)",
      "bind() is not available: it can multiply a text without bound.",
      5,
    ],
    [
      "size(row)",
      'row cannot be used as a whole. Read a column with row.name or row["any name"]: the name must stand there.',
      6,
    ],
    [
      "row[row.a]",
      'row cannot be used as a whole. Read a column with row.name or row["any name"]: the name must stand there.',
      1,
    ],
    [
      "[1,2].all(x, [1,2].all(y, x == y))",
      "all() inside all() is a loop in a loop, whose cost is not bounded.",
      20,
    ],
    [
      'row.a.split("").map(x, row.a).join("")',
      "Inside map(), only the element can be used, not row.",
      24,
    ],
    [
      'row.a.split("").join("-").split("").join("-")',
      "join() can be used once in an expression, so that its cost stays bounded.",
      17,
    ],
    ["row.a.split(row.b).join()", "The separator of split() must be a text in quotes.", 7],
    ['"x".padStart(10, "y"', "Expected RPAREN, got EOF.", 21],
  ];
  for (const [expr, message, column] of table) {
    test(`${expr}: ${message}`, () => {
      expect(checkExpression(expr, { kind: "expr" })).toEqual({ message, column });
    });
  }
  test("where must be true or false", () => {
    expect(checkExpression("row.a", { kind: "where" })?.message).toBe(
      "The expression must give true or false, and gives a string.",
    );
  });
  test("a deep expression", () => {
    expect(checkExpression(`${"(".repeat(60)}1${")".repeat(60)}`, { kind: "expr" })).not.toBeNull();
  });
  test("a huge expression", () => {
    expect(checkExpression(`${"1+".repeat(2000)}1`, { kind: "expr" })).not.toBeNull();
    expect(checkExpression(`"${"x".repeat(10_001)}"`, { kind: "expr" })).not.toBeNull();
  });
});

describe("hostile expressions", () => {
  const text = (length: number) => "ab".repeat(length / 2);
  const many = (count: number, part: string, glue: string) =>
    new Array(count).fill(part).join(glue);

  test("are refused where their cost would multiply", () => {
    const refused = [
      `row.a.split("").exists(t, ${many(9, 'row.a.contains(t + "z")', " || ")})`,
      `row.a.split("").exists(t, row.a.replace("a", "bbbbbbbb").contains("x"))`,
      `row.a.split("").map(t, t.replace("a", "bbbbbbbb"))[0]`,
      `size(${many(60, 'row.a.split("")', " + ")})`,
      `row.a.split("").exists(t, t in row.a.split(","))`,
      `row.a.split("").map(t, t + t).map(t, t + t).join("")`,
    ];
    for (const expr of refused)
      expect(checkExpression(expr, { kind: "expr" }), expr).not.toBeNull();
  });

  const allowed: readonly (readonly [
    expr: string,
    row: Readonly<Record<string, string>>,
    outcome: string,
  ])[] = [
    [many(240, "row.a", " + "), { a: text(400_000) }, "it gives more than 131072 characters"],
    [
      `row.a.split("").map(t, ${many(25, "t", " + ")}).join("xxxxxxxx")`,
      { a: text(4096) },
      "it gives more than 131072 characters",
    ],
    [
      `row.a.split("").join("${"x".repeat(5000)}")`,
      { a: text(4096) },
      "it gives more than 131072 characters",
    ],
    [`row.a.replace("", row.a)`, { a: text(100_000) }, "the text became too long"],
    [
      `row.a.split(",").exists(t, t == "x")`,
      { a: text(4098) },
      "it uses split() and the row has more than 4096 characters for it",
    ],
    ['row.a.matches("^(a|b|ab)+$") || row.a.matches("(a*)*c")', { a: text(10_000) }, "true"],
    [
      'row.a.matches("a")',
      { a: text(10_002) },
      "matches() reads texts of at most 10000 characters",
    ],
    [
      many(100, "row.a.contains(row.b)", " || "),
      { a: "a".repeat(200_000), b: `${"a".repeat(100_000)}b` },
      "false",
    ],
    [
      `row.a.split("").exists(t, row.a.contains(t + "z") || row.a.indexOf("z" + t) > 0)`,
      { a: text(4096) },
      "false",
    ],
  ];
  for (const [expr, row, expected] of allowed) {
    test(`are done soon where they are allowed: ${expr.slice(0, 60)}`, () => {
      expect(checkExpression(expr, { kind: "expr" })).toBeNull();
      expect(compute(expr, row)).toContain(expected);
    }, 10_000);
  }
});

test("the columns an expression reads", () => {
  expect(
    expressionColumns('row.a + row["b c"] + string(size(row.a)) + (has(row.d) ? "" : "")'),
  ).toEqual(["a", "b c"]);
  expect(expressionColumns('row.tags.split(";").exists(t, t == row.x)')).toEqual(["tags", "x"]);
  expect(expressionColumns("row.")).toEqual([]);
});
