import { type Binding, bindColumn } from "../dml/binding.ts";
import { findByKey, stateOf } from "../dml/lookup.ts";
import { readValue } from "../dml/read-value.ts";
import type { RowError } from "../dml/row-error.ts";
import { type Cell, makeWriter, type Operation, type Outcome } from "../dml/writer.ts";
import { readId } from "../ids.ts";
import type { Org } from "../org.ts";
import type { DescribeField } from "../shape/describe-field.ts";
import { fieldOf, isUpsertKey, type ObjectShape } from "../shape/object-shape.ts";
import { compileQuery } from "../soql/compile.ts";
import { readRows, toRecord } from "../soql/run.ts";
import { makeNumberSource } from "../store/schema.ts";
import { mustFindObject } from "./describe-routes.ts";
import { type Exchange, isMap, readJson } from "./exchange.ts";
import { ApiError, empty, json, notFound, type Reply, restErrors } from "./reply.ts";

/** `POST /sobjects/<Object>`: 201 with the new Id. */
export async function createRecord(exchange: Exchange): Promise<Reply> {
  const shape = mustFindObject(exchange);
  const outcome = write(exchange.org, shape, "insert", await readRecord(exchange), null);
  if (outcome.action === "failed") throw recordError(outcome.error);
  return json(201, { id: outcome.id, success: true, errors: [] });
}

/** `GET /sobjects/<Object>/<Id>[?fields=A,B]`. */
export function getRecord(exchange: Exchange): Reply {
  const shape = mustFindObject(exchange);
  return recordReply(exchange, shape, mustFindRecord(exchange, shape));
}

/** `PATCH /sobjects/<Object>/<Id>`: 204. */
export async function updateRecord(exchange: Exchange): Promise<Reply> {
  const shape = mustFindObject(exchange);
  const id = mustFindRecord(exchange, shape);
  const record = { ...(await readRecord(exchange)), Id: id };
  const outcome = write(exchange.org, shape, "update", record, null);
  if (outcome.action === "failed") throw recordError(outcome.error);
  return empty(204);
}

export function deleteRecord(exchange: Exchange): Reply {
  const shape = mustFindObject(exchange);
  const outcome = write(
    exchange.org,
    shape,
    "delete",
    { Id: mustFindRecord(exchange, shape) },
    null,
  );
  if (outcome.action === "failed") throw recordError(outcome.error);
  return empty(204);
}

/** `GET /sobjects/<Object>/<Field>/<value>`: 300 with the candidates' URLs when several match. */
export function getByKey(exchange: Exchange): Reply {
  const { shape, ids } = findByPath(exchange);
  const [id, other] = ids;
  if (id === undefined) throw notFound();
  if (other !== undefined) {
    const base = `/services/data/v${exchange.version}/sobjects/${shape.name}`;
    return json(
      300,
      ids.map((found) => `${base}/${found}`),
    );
  }
  return recordReply(exchange, shape, id);
}

/** `PATCH /sobjects/<Object>/<Field>/<value>`: upsert. 201 when created, 200 when updated. */
export async function upsertByKey(exchange: Exchange): Promise<Reply> {
  const { shape, field } = findByPath(exchange);
  const record = { ...(await readRecord(exchange)), [field.name]: exchange.params.value ?? "" };
  const outcome = write(exchange.org, shape, "upsert", record, field.name);
  if (outcome.action === "failed") throw recordError(outcome.error);
  const created = outcome.action === "created";
  return json(created ? 201 : 200, { id: outcome.id, success: true, errors: [], created });
}

export function deleteByKey(exchange: Exchange): Reply {
  const { shape, ids } = findByPath(exchange);
  const [id] = ids;
  if (id === undefined || ids.length > 1) throw notFound();
  const outcome = write(exchange.org, shape, "delete", { Id: id }, null);
  if (outcome.action === "failed") throw recordError(outcome.error);
  return empty(204);
}

/**
 * Applies one JSON record through the same writer as a Bulk row. A name that the org does not know
 * is an error of the request here, where in a Bulk job it would fail the job. Needs a transaction.
 */
export function applyRecord(
  org: Org,
  shape: ObjectShape,
  operation: Operation,
  record: Readonly<Record<string, unknown>>,
  externalId: string | null,
): Outcome {
  const bindings: Binding[] = [];
  const cells: Cell[] = [];
  for (const [name, value] of flatten(record)) {
    const binding = bindColumn(org.shape, shape, name);
    if (binding === undefined) {
      const message = `No such column '${name}' on sobject of type ${shape.name}`;
      return { action: "failed", id: "", error: { code: "INVALID_FIELD", message, fields: [] } };
    }
    bindings.push(binding);
    cells.push(value === null || value === "" ? null : String(value));
  }
  const numbers = makeNumberSource(org.db, 1);
  const context = { db: org.db, org: org.shape, userId: org.userId, numbers };
  const writer = makeWriter(context, shape, { operation, bindings, externalId });
  return writer.write(cells);
}

function write(...args: Parameters<typeof applyRecord>): Outcome {
  const [org] = args;
  return org.db.transaction(() => applyRecord(...args));
}

/** `{ Account: { ERP_Id__c: "1" } }` is the JSON form of the column `Account.ERP_Id__c`. */
function flatten(record: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(record).flatMap(([name, value]): [string, unknown][] => {
    if (name.toLowerCase() === "attributes" || value === undefined) return [];
    if (!isMap(value)) return [[name, value]];
    return Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
      key === "attributes" ? [] : [[`${name}.${key}`, inner]],
    );
  });
}

function recordError(error: RowError): ApiError {
  const status = error.code === "ENTITY_IS_DELETED" ? 404 : 400;
  const deserialise = error.message.startsWith("Failed to deserialize");
  const code = deserialise ? "JSON_PARSER_ERROR" : error.code;
  // An unknown column is refused while the request is read, before there are fields to name.
  const bare = error.message.startsWith("No such column") || deserialise;
  return new ApiError(status, restErrors(code, error.message, bare ? undefined : error.fields));
}

async function readRecord(exchange: Exchange): Promise<Readonly<Record<string, unknown>>> {
  const body = await readJson(exchange, "rest");
  if (isMap(body)) return body;
  throw new ApiError(400, restErrors("JSON_PARSER_ERROR", "A JSON object is expected"));
}

function mustFindRecord({ org, params }: Exchange, shape: ObjectShape): string {
  const id = readId(params.id ?? "");
  if (id === null || !id.startsWith(shape.keyPrefix)) throw notFound();
  const state = stateOf(org.db, shape, id);
  if (state === "alive") return id;
  if (state === "missing") throw notFound();
  throw new ApiError(404, restErrors("ENTITY_IS_DELETED", "entity is deleted", []));
}

function findByPath({ org, params }: Exchange & { readonly params: Exchange["params"] }): {
  shape: ObjectShape;
  field: DescribeField;
  ids: string[];
} {
  const shape = org.shape.find(params.object ?? "");
  const field = shape && fieldOf(shape, params.field ?? "");
  if (shape === undefined || field === undefined || !isUpsertKey(field)) {
    const message = `Provided external ID field does not exist or is not accessible: ${params.field}`;
    throw new ApiError(404, restErrors("NOT_FOUND", message));
  }
  const read = readValue(field, params.value ?? "", 0);
  return { shape, field, ids: read.ok ? findByKey(org.db, shape, field, read.value) : [] };
}

function recordReply(exchange: Exchange, shape: ObjectShape, id: string): Reply {
  const asked = exchange.query.get("fields");
  const names = asked ? asked.split(",").map((name) => name.trim()) : null;
  const unknown = names?.find((name) => !name.includes(".") && !fieldOf(shape, name));
  if (unknown !== undefined) {
    const message = `No such column '${unknown}' on sobject of type ${shape.name}`;
    throw new ApiError(400, restErrors("INVALID_FIELD", message));
  }
  const paths = names ?? shape.fields.map((field) => field.name);
  const query = compileQuery(
    exchange.org.shape,
    {
      countOnly: false,
      items: paths.map((path) => ({ kind: "path", path })),
      from: shape.name,
      where: {
        kind: "compare",
        path: "Id",
        operator: "=",
        value: { kind: "string", text: id },
      },
      groupBy: [],
      orderBy: [],
      limit: 1,
      offset: null,
    },
    true,
  );
  const [row] = readRows(exchange.org.db, query, 0, 1);
  if (row === undefined) throw notFound();
  const record = toRecord(query, { ...row, Id: id }, exchange.version);
  return json(200, names && !names.includes("Id") ? { ...record, Id: id } : record);
}
