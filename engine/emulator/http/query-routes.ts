import { makeId } from "../ids.ts";
import { type Compiled, compileQuery } from "../soql/compile.ts";
import { parseSoql } from "../soql/parse.ts";
import { countRows, readRows, toRecord } from "../soql/run.ts";
import { SoqlError } from "../soql/tokens.ts";
import { numberOf, textOf } from "../store/database.ts";
import { takeNumbers } from "../store/schema.ts";
import type { Exchange } from "./exchange.ts";
import { ApiError, json, type Reply, restErrors } from "./reply.ts";

/** Records a page; a client may ask for 200 to 2,000 in `Sforce-Query-Options: batchSize=`. */
const PAGE_ROWS = 2000;

/** `GET /query?q=` and `/queryAll?q=`, the latter with deleted records too. */
export function query(exchange: Exchange): Reply {
  const soql = exchange.query.get("q");
  if (soql === null) {
    throw new ApiError(400, restErrors("MALFORMED_QUERY", "A query string has to be specified"));
  }
  const everyRow = exchange.segments.some((segment) => segment.toLowerCase() === "queryall");
  if (exchange.query.get("columns") === "true") return columnMetadata(exchange, soql, everyRow);
  const compiled = compile(exchange, soql, everyRow);
  const total = countRows(exchange.org.db, compiled);
  if (compiled.countOnly) return json(200, { totalSize: total, done: true, records: [] });
  return page(exchange, { soql, everyRow, compiled, total, from: 0, cursor: null });
}

/**
 * `GET /query/<locator>`: the next page. A locator is a cursor's Id and the position to go on at.
 */
export function queryMore(exchange: Exchange): Reply {
  const match = /^(01g\w{15})-(\d+)$/.exec(exchange.params.locator ?? "");
  const cursor = match?.[1] ?? "";
  const row = exchange.org.db.get("SELECT * FROM cursors WHERE id = ?", cursor);
  if (!match || !row) {
    throw new ApiError(400, restErrors("INVALID_QUERY_LOCATOR", "invalid query locator"));
  }
  const soql = textOf(row, "soql");
  const everyRow = row.every_row === 1;
  const compiled = compile(exchange, soql, everyRow);
  const total = numberOf(row, "total");
  return page(exchange, { soql, everyRow, compiled, total, from: Number(match[2]), cursor });
}

interface Page {
  readonly soql: string;
  readonly everyRow: boolean;
  readonly compiled: Compiled;
  readonly total: number;
  readonly from: number;
  readonly cursor: string | null;
}

function page(exchange: Exchange, asked: Page): Reply {
  const { org, version } = exchange;
  const rows = readRows(org.db, asked.compiled, asked.from, pageRows(exchange));
  const next = asked.from + rows.length;
  const done = next >= asked.total || rows.length === 0;
  const cursor = done ? null : (asked.cursor ?? openCursor(exchange, asked));
  return json(200, {
    totalSize: asked.total,
    done,
    ...(cursor === null
      ? {}
      : { nextRecordsUrl: `/services/data/v${version}/query/${cursor}-${next}` }),
    records: rows.map((row) => toRecord(asked.compiled, row, version)),
  });
}

function pageRows({ request }: Exchange): number {
  const options = String(request.headers["sforce-query-options"] ?? "");
  const asked = Number(/batchSize=(\d+)/i.exec(options)?.[1] ?? PAGE_ROWS);
  return Math.min(PAGE_ROWS, Math.max(200, asked));
}

function openCursor({ org }: Exchange, { soql, everyRow, total }: Page): string {
  const id = makeId("01g", takeNumbers(org.db, "01g", 1));
  const sql = "INSERT INTO cursors (id, soql, every_row, total) VALUES (?, ?, ?, ?)";
  org.db.run(sql, id, soql, everyRow ? 1 : 0, total);
  return id;
}

function compile({ org }: Exchange, soql: string, everyRow: boolean): Compiled {
  try {
    return compileQuery(org.shape, parseSoql(soql), everyRow);
  } catch (error) {
    if (error instanceof SoqlError) throw new ApiError(400, restErrors(error.code, error.message));
    throw error;
  }
}

/** `&columns=true`: what the columns of the answer are. The Salesforce CLI asks for its tables. */
function columnMetadata(exchange: Exchange, soql: string, everyRow: boolean): Reply {
  const compiled = compile(exchange, soql, everyRow);
  const leaf = (name: string, type: string, foreignKey: string | null) => ({
    aggregate: compiled.aggregate,
    apexType: type,
    booleanType: type === "Boolean",
    columnName: name,
    custom: name.endsWith("__c"),
    displayName: name,
    foreignKeyName: foreignKey,
    insertable: true,
    joinColumns: [] as unknown[],
    numberType: type === "Double" || type === "Integer",
    textType: type === "String",
    updatable: true,
  });
  const roots: ReturnType<typeof leaf>[] = [];
  for (const { path, field } of compiled.columns) {
    let level = roots as unknown[];
    for (const parent of path.slice(0, -1)) {
      let node = (level as ReturnType<typeof leaf>[]).find((known) => known.columnName === parent);
      if (node === undefined) {
        node = leaf(parent, "SObject", parent);
        level.push(node);
      }
      level = node.joinColumns;
    }
    level.push(leaf(path.at(-1) ?? "", APEX_TYPES[field?.soapType ?? ""] ?? "Integer", null));
  }
  return json(200, {
    columnMetadata: roots,
    entityName: compiled.shape.name,
    groupBy: compiled.aggregate,
    idSelected: compiled.columns.some(({ path }) => path.join(".") === "Id"),
    keyPrefix: compiled.shape.keyPrefix,
  });
}

const APEX_TYPES: Readonly<Record<string, string>> = {
  "xsd:string": "String",
  "tns:ID": "Id",
  "xsd:boolean": "Boolean",
  "xsd:double": "Double",
  "xsd:int": "Integer",
  "xsd:date": "Date",
  "xsd:dateTime": "Datetime",
};
