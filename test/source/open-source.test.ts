import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { SourceSpec } from "../../engine/config/sync-spec.ts";
import { AT, open, openText, rowsOf, sourceSpec, tempFolder } from "./temp-source.ts";

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = tempFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

const CSV = "id,name\n1,Ann\n";

test("files come in the order of the patterns, then of their names, each once", async () => {
  const folder = folderWith({
    "b.csv": CSV,
    "a.csv": CSV,
    "a10.csv": CSV,
    "a2.csv": CSV,
    "B.csv": CSV,
    ".hidden.csv": CSV,
    "sub/z.csv": CSV,
    "sub/deep/y.csv.gz": gzipSync(CSV),
    "other.txt": CSV,
  });
  const files = ["sub/**/*.csv*", "a*.csv", "*.csv"];
  const opened = await open(sourceSpec(folder, { files }));
  expect(opened.diagnostics).toEqual([]);
  expect(opened.files.map((file) => file.shown)).toEqual([
    "sub/deep/y.csv.gz",
    "sub/z.csv",
    "a.csv",
    "a10.csv",
    "a2.csv",
    "B.csv",
    "b.csv",
  ]);
  expect(opened.files.map((file) => file.index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(opened.files[0]).toMatchObject({ gzip: true, header: ["id", "name"] });
});

test("a name with glob characters that exists is taken as it is", async () => {
  const folder = folderWith({ "contacts [1].csv": CSV, "contacts 1.csv": CSV });
  const opened = await open(sourceSpec(folder, { files: ["contacts [1].csv"] }));
  expect(opened.files.map((file) => file.shown)).toEqual(["contacts [1].csv"]);
});

test("files of one spec may order their columns differently", async () => {
  const folder = folderWith({ "a.csv": CSV, "b.csv": "name;id\nBob;2\n" });
  const { files } = await open(sourceSpec(folder));
  expect(files.map(({ header }) => header)).toEqual([
    ["id", "name"],
    ["name", "id"],
  ]);
  expect(files.map(({ delimiter }) => String.fromCharCode(delimiter))).toEqual([",", ";"]);
});

test("a pattern without a file is an error when there is none at all, else a warning", async () => {
  const folder = folderWith({ "a.csv": CSV });
  const none = await open(sourceSpec(folder, { files: ["x*.csv", "y.csv"] }));
  expect(none.files).toEqual([]);
  expect(none.diagnostics).toMatchObject([
    { code: "SOURCE_NO_FILES", severity: "error", ...AT, detail: 'No file matches "x*.csv" in ..' },
    { code: "SOURCE_NO_FILES", severity: "error" },
  ]);
  const some = await open(sourceSpec(folder, { files: ["x*.csv", "a.csv"] }));
  expect(some.files).toHaveLength(1);
  expect(some.diagnostics).toMatchObject([{ code: "SOURCE_NO_FILES", severity: "warning" }]);
});

test("a folder is refused with the way to name its files", async () => {
  const folder = folderWith({ "sub/a.csv": CSV });
  await expect(open(sourceSpec(folder, { files: ["sub"] }))).rejects.toMatchObject({
    code: "SOURCE_UNREADABLE",
    message: "The source file sub is a folder.",
    hint: "Name the files in it: sub/*.csv",
  });
});

test("a pipe or a device is refused", async () => {
  const special = open(sourceSpec(tempFolder(), { files: ["/dev/null"] }));
  await expect(special).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
});

test("a protected file is named", async () => {
  const folder = folderWith({ "a.csv": CSV });
  chmodSync(folder, 0o755);
  chmodSync(path.join(folder, "a.csv"), 0);
  // Nothing keeps the superuser from reading, so for this one look we are somebody else.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    await expect(open(sourceSpec(folder))).rejects.toMatchObject({
      code: "SOURCE_UNREADABLE",
      message: "The source file a.csv may not be read by this user.",
      hint: "Give the user that runs Sluice read permission.",
    });
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test("a damaged gzip file is named; several members are one file", async () => {
  const whole = gzipSync(`id\n${"x\n".repeat(1_000_000)}`);
  const { file } = await openText(whole);
  writeFileSync(file.path, whole.subarray(0, whole.length - 100));
  await expect(rowsOf(file)).rejects.toMatchObject({
    code: "SOURCE_GZIP",
    message: expect.stringContaining("a.csv ends in the middle of its compressed data"),
  });
  const bad = Buffer.from(whole);
  bad[bad.length - 6] = 1 ^ (bad[bad.length - 6] ?? 0);
  writeFileSync(file.path, bad);
  await expect(rowsOf(file)).rejects.toMatchObject({ code: "SOURCE_GZIP" });
  const members = await openText(Buffer.concat([gzipSync("id\n1\n"), gzipSync("2\n")]));
  expect((await rowsOf(members.file)).map((row) => row.fields)).toEqual([["1"], ["2"]]);
});

const DELIMITERS: readonly [name: string, text: string, delimiter: string][] = [
  ["comma", "a,b\n1,2\n", ","],
  ["semicolon with decimal commas", "name;amount\nA;1,5\nB;2,5\n", ";"],
  [
    "semicolon, a comma in every row",
    "Name, full;Amount;City\nA, B;1;X\nC, D;2;Y\nE, F;3;Z\nG, H;4\n",
    ";",
  ],
  ["tab with commas", "name\ttext\nA\tb, c\nB\td, e\n", "\t"],
  ["pipe", "a|b|c\n1|2|3\n", "|"],
  ["caret", "a^b\n1^2\n", "^"],
  ["backquote", "a`b\n1`2\n", "`"],
  ["quoted text full of others", 'a;b\n"1,2,3";2\n"1,2,3";"x\ty\tz"\n', ";"],
  ["newlines in quotes", 'a;b\n"1,\n,2\n,3";2\n', ";"],
  ["one column", "name\nAnn\nBob\n", ","],
  ["one column with text", "name\nAnn Lee; Bob\nBob\n", ","],
  ["only a header", "a;b;c", ";"],
  ["a ragged row", "a;b;c\n1;2\n1;2;3\n1;2;3\n", ";"],
];
for (const [name, text, delimiter] of DELIMITERS) {
  test(`delimiter is found: ${name}`, async () => {
    const { file } = await openText(text);
    expect(String.fromCharCode(file.delimiter)).toBe(delimiter);
  });
}

test("a declared delimiter is obeyed; tab has three spellings", async () => {
  for (const delimiter of ["\t", "\\t", "tab"]) {
    const { file } = await openText("a,b\tc\n", { delimiter });
    expect(file.header).toEqual(["a,b", "c"]);
  }
  const { file } = await openText("a~b\n", { delimiter: "~" });
  expect(file.header).toEqual(["a", "b"]);
});

const BAD_SETTINGS: readonly [more: Partial<SourceSpec>, code: string][] = [
  [{ delimiter: "§" }, "SOURCE_DELIMITER"],
  [{ delimiter: ",," }, "SOURCE_DELIMITER"],
  [{ delimiter: "\n" }, "SOURCE_DELIMITER"],
  [{ delimiter: "'", quote: "'" }, "SOURCE_DELIMITER"],
  [{ quote: "„" }, "SOURCE_DELIMITER"],
  [{ comment: "#".repeat(201) }, "SOURCE_DELIMITER"],
  [{ encoding: "ebcdic" }, "SOURCE_ENCODING"],
];
for (const [more, code] of BAD_SETTINGS) {
  test(`settings that can't work: ${JSON.stringify(more)}`, async () => {
    const opened = await open(sourceSpec(folderWith({ "a.csv": CSV }), more));
    expect(opened.files).toEqual([]);
    expect(opened.diagnostics).toMatchObject([{ code, severity: "error", ...AT }]);
  });
}

const BAD_FILES: readonly [
  name: string,
  content: string | Uint8Array,
  code: string,
  line: number | null,
][] = [
  ["no bytes", "", "SOURCE_EMPTY_FILE", null],
  ["only a byte order mark", "\ufeff", "SOURCE_EMPTY_FILE", null],
  ["only blank lines", "\n\n\r\n", "SOURCE_EMPTY_FILE", null],
  ["no bytes, compressed", gzipSync(""), "SOURCE_EMPTY_FILE", null],
  ["one name twice", "id,name,id\n", "SOURCE_HEADER_DUPLICATE", 1],
  ["one name twice but for spaces around", "id,name, id\n", "SOURCE_HEADER_DUPLICATE", 1],
  ["open quote", '\n"id,name\n1,2\n', "SOURCE_HEADER_BROKEN", 2],
  ["stray quote", 'id,na"me\n', "SOURCE_HEADER_BROKEN", 1],
  [
    "too many columns",
    `${Array.from({ length: 5_001 }, (_, i) => `c${i}`).join()}\n`,
    "SOURCE_HEADER_WIDE",
    1,
  ],
  ["a header without end", `${"x".repeat(5_000_000)}`, "SOURCE_HEADER_BROKEN", 1],
  ["Latin-1 in the header", Buffer.from("id,straße\n", "latin1"), "SOURCE_ENCODING", 1],
  ["UTF-16 without mark", Buffer.from("id,name\n1,2\n", "utf16le"), "SOURCE_ENCODING", 1],
  [
    "UTF-16BE without mark",
    Buffer.from("id,name\n1,2\n", "utf16le").swap16(),
    "SOURCE_ENCODING",
    1,
  ],
  ["a workbook", Buffer.from("PK\u0003\u0004\u0000\u0000"), "SOURCE_NOT_TEXT", null],
  ["a program", Buffer.from("7f454c4602010100b0ff0a00", "hex"), "SOURCE_NOT_TEXT", 1],
  ["NUL in the header", "id,n\u0000ame\n", "SOURCE_NOT_TEXT", 1],
];
for (const [name, content, code, line] of BAD_FILES) {
  test(`files that can't be used: ${name}`, async () => {
    const opened = await open(sourceSpec(folderWith({ "a.csv": content })));
    expect(opened.files).toEqual([]);
    expect(opened.diagnostics).toMatchObject([{ code, severity: "error", file: "a.csv", line }]);
  });
}

test("5,000 columns are read", async () => {
  const names = Array.from({ length: 5_000 }, (_, i) => `c${i}`);
  const { file } = await openText(`${names.join()}\n${names.join()}\n${names.join()},x\n`);
  const rows = await rowsOf(file);
  expect(rows.map((row) => row.fields.length)).toEqual([5_000, 0]);
});

test("names are trimmed and composed; what looks alike is told, with its column", async () => {
  const nfd = "Mu\u0308ller";
  const { file, diagnostics } = await openText(` id ,First Name,first_name,${nfd},a\u00a0b,,\n`);
  expect(file.header).toEqual([
    "id",
    "First Name",
    "first_name",
    "M\u00fcller",
    "a\u00a0b",
    "",
    "",
  ]);
  expect(
    diagnostics.map(({ code, severity, line, column }) => [code, severity, line, column]),
  ).toEqual([
    ["SOURCE_HEADER_EMPTY", "warning", 1, 40],
    ["SOURCE_HEADER_SIMILAR", "warning", 1, 36],
    ["SOURCE_HEADER_SIMILAR", "warning", 1, 17],
  ]);
  expect(diagnostics[0]?.detail).toBe(
    "Columns 6, 7 of 7 have no name in the header, and so can't be mapped.",
  );
  expect(diagnostics[1]?.detail).toContain("U+00A0");
});

test("two names that are equal are an error even where a third looks like them", async () => {
  const opened = await open(sourceSpec(folderWith({ "a.csv": "Name,name,name\n" })));
  expect(opened.diagnostics.map(({ severity, column }) => [severity, column])).toEqual([
    ["warning", 6],
    ["error", 11],
  ]);
});

test("skipped lines, comments and blank lines before the header", async () => {
  const text = '"Report\r\n\rof today\n# by me\n\nid,name\n#x\n1,Ann\n';
  const { file } = await openText(text, { skipLines: 3, comment: "#" });
  expect(file).toMatchObject({ header: ["id", "name"], rowsLine: 7 });
  expect(await rowsOf(file)).toMatchObject([{ line: 8, fields: ["1", "Ann"] }]);
});

test("more skipped lines than there are", async () => {
  const opened = await open(sourceSpec(folderWith({ "a.csv": CSV }), { skipLines: 7 }));
  expect(opened.diagnostics).toMatchObject([{ code: "SOURCE_EMPTY_FILE" }]);
});

test("given columns: the first line is a row; no bytes are no rows", async () => {
  const { file } = await openText("1;Ann\n2;Bob\n", { columns: ["id", "name"] });
  expect(file.header).toEqual(["id", "name"]);
  expect(await rowsOf(file)).toMatchObject([{ line: 1, fields: ["1", "Ann"] }, { line: 2 }]);
  const skipped = await openText("id;name\n2;Bob\n", { columns: ["a", "b"], skipLines: 1 });
  expect(await rowsOf(skipped.file)).toMatchObject([{ line: 2, fields: ["2", "Bob"] }]);
  const empty = await openText("", { columns: ["id", "name"] });
  expect(empty.diagnostics).toMatchObject([{ code: "SOURCE_EMPTY_FILE", severity: "warning" }]);
  expect(await rowsOf(empty.file)).toEqual([]);
});

test("rows in another encoding than the header are told once, with the line", async () => {
  const { diagnostics } = await openText(Buffer.from("id,name\r\n1,a\r\n2,ü\r\n", "latin1"));
  expect(diagnostics).toMatchObject([{ code: "SOURCE_ENCODING", severity: "warning", line: 3 }]);
});

test("the line in which Excel names the delimiter is no header", async () => {
  for (const first of ["sep=|\r\n", '"sep=|"\n']) {
    const { file } = await openText(`${first}id|a;b;c\r\n1|x;y;z\r\n`);
    expect(file).toMatchObject({ header: ["id", "a;b;c"], delimiter: 124, rowsLine: 3 });
    expect(await rowsOf(file)).toMatchObject([{ line: 3, fields: ["1", "x;y;z"] }]);
  }
  const { file } = await openText("sep=;,b\n1,2\n");
  expect(file.header).toEqual(["sep=;", "b"]);
});

test("given columns are judged once, where the spec stands", async () => {
  const folder = folderWith({ "a.csv": CSV, "b.csv": CSV });
  const opened = await open(sourceSpec(folder, { columns: ["id", "id"] }));
  expect(opened.files).toEqual([]);
  expect(opened.diagnostics).toMatchObject([{ code: "SOURCE_HEADER_DUPLICATE", ...AT }]);
});
