import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { newProject, type TestProject } from "../cli/test-project.ts";
import type { Json } from "../emulator/local-org.ts";

interface Case {
  readonly feature: string;
  /** The `source` block of the spec. */
  readonly source: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Last names that arrive, by key. */
  readonly arrived: Readonly<Record<string, string>>;
}

const latin = (text: string) => Buffer.from(text, "latin1");

/** Each way to read files, by the records that arrived. */
const CASES: readonly Case[] = [
  {
    feature: "a glob, with another column order in each file and a byte order mark",
    source: "{ files: glob-*.csv }",
    files: { "glob-1.csv": "\ufeffkey,name\na1,Ærø\n", "glob-2.csv": "other,name,key\n,東京,a2" },
    arrived: { a1: "Ærø", a2: "東京" },
  },
  {
    feature: "gzip, in a list of files",
    source: "{ files: [list.csv.gz, list.csv] }",
    files: { "list.csv.gz": gzipSync("key,name\nb1,Packed\n"), "list.csv": "key,name\nb2,Plain\n" },
    arrived: { b1: "Packed", b2: "Plain" },
  },
  {
    feature: "windows-1252, CRLF and a detected semicolon",
    source: "{ files: win.csv, encoding: windows-1252 }",
    files: { "win.csv": latin('key;name\r\nc1;"M\xfcller; \x80"\r\n') },
    arrived: { c1: "Müller; €" },
  },
  {
    feature: "latin1 and utf-16",
    source: "{ files: wide.csv, encoding: utf-16le }",
    files: { "wide.csv": Buffer.from("\ufeffkey,name\nd1,Łódź\n", "utf16le") },
    arrived: { d1: "Łódź" },
  },
  {
    feature: "delimiter, quote, comment and skipLines",
    source: `{ files: odd.txt, delimiter: "|", quote: "'", comment: "#", skipLines: 1 }`,
    files: { "odd.txt": "a title\nkey|name\n# none\ne1|'it''s | \"so\"'\n\ne2|Two\n" },
    arrived: { e1: `it's | "so"`, e2: "Two" },
  },
  {
    feature: "columns of a file without a header",
    source: "{ files: bare.csv, columns: [name, key] }",
    files: { "bare.csv": "First,f1\nSecond,f2\n" },
    arrived: { f1: "First", f2: "Second" },
  },
];

let project: TestProject;
let runs: Json[];

beforeAll(async () => {
  const files: Record<string, string | Uint8Array> = {};
  CASES.forEach(({ source, files: own }, i) => {
    Object.assign(files, own);
    files[`s${i}.sync.yaml`] = `sync: s${i}
source: ${source}
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name }
`;
  });
  project = await newProject({
    shape:
      "objects: { Contact: { fields: { Key__c: { type: string, externalId: true, unique: true } } } }",
    files,
  });
  runs = (await project.sluice("run", "--json")).document().data.runs;
});

test.each(CASES.map((one, i) => [one.feature, i] as const))("%s", async (_, i) => {
  const arrived = CASES[i]?.arrived ?? {};
  const keys = Object.keys(arrived);
  const records = await project.org.query(
    `SELECT Key__c, LastName FROM Contact WHERE Key__c IN ('${keys.join("','")}')`,
  );
  expect(Object.fromEntries(records.map((one) => [one.Key__c, one.LastName]))).toEqual(arrived);
  expect(runs.find(({ sync }) => sync === `s${i}`)).toMatchObject({
    state: "succeeded",
    counts: { source: keys.length, sent: keys.length, created: keys.length },
  });
});
