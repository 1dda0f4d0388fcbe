import type { RowError } from "../dml/row-error.ts";
import type { Outcome } from "../dml/writer.ts";
import { readId } from "../ids.ts";
import type { ObjectShape } from "../shape/object-shape.ts";
import { fieldOf } from "../shape/object-shape.ts";
import { compileQuery } from "../soql/compile.ts";
import { parseSoql } from "../soql/parse.ts";
import { readRows, toRecord } from "../soql/run.ts";
import { mustFindObject } from "./describe-routes.ts";
import { type Exchange, isMap, readJson } from "./exchange.ts";
import { applyRecord } from "./record-routes.ts";
import { ApiError, json, type Reply, restErrors } from "./reply.ts";

/** Records a call (REST guide, sObject Collections). */
const RECORDS_MAX = 200;

type Row = Readonly<Record<string, unknown>>;

export async function createMany(exchange: Exchange): Promise<Reply> {
  const { records, allOrNone } = await readCollection(exchange);
  return apply(exchange, records, allOrNone, (record) => {
    const shape = shapeOf(exchange, record);
    return "code" in shape ? shape : applyRecord(exchange.org, shape, "insert", record, null);
  });
}

export async function updateMany(exchange: Exchange): Promise<Reply> {
  const { records, allOrNone } = await readCollection(exchange);
  return apply(exchange, records, allOrNone, (record) => {
    const shape = shapeOf(exchange, record);
    if ("code" in shape) return shape;
    const { id, Id = id, ...rest } = record;
    return applyRecord(exchange.org, shape, "update", { ...rest, Id }, null);
  });
}

export async function upsertMany(exchange: Exchange): Promise<Reply> {
  const { records, allOrNone } = await readCollection(exchange);
  const shape = mustFindObject(exchange);
  const field = fieldOf(shape, exchange.params.field ?? "");
  if (field === undefined) {
    const message = `No such column '${exchange.params.field}' on sobject of type ${shape.name}`;
    throw new ApiError(400, restErrors("INVALID_FIELD", message));
  }
  return apply(
    exchange,
    records,
    allOrNone,
    (record) => applyRecord(exchange.org, shape, "upsert", record, field.name),
    true,
  );
}

/** `DELETE /composite/sobjects?ids=a,b&allOrNone=false`. */
export function deleteMany(exchange: Exchange): Reply {
  const ids = (exchange.query.get("ids") ?? "").split(",").filter(Boolean);
  checkCount(ids.length);
  const allOrNone = exchange.query.get("allOrNone") === "true";
  return apply(
    exchange,
    ids.map((id) => ({ Id: id })),
    allOrNone,
    (record) => {
      const id = readId(record.Id);
      const shape = id === null ? undefined : exchange.org.shape.findByPrefix(id.slice(0, 3));
      if (shape === undefined) return malformedId(record.Id);
      return applyRecord(exchange.org, shape, "delete", record, null);
    },
  );
}

/** `GET|POST /composite/sobjects/<Object>`: records by Id, null for those that are not there. */
export async function getMany(exchange: Exchange): Promise<Reply> {
  const shape = mustFindObject(exchange);
  const asked = exchange.method === "POST" ? await readJson(exchange, "rest") : {};
  const list = (name: string): string[] => {
    const given = isMap(asked) ? asked[name] : undefined;
    if (Array.isArray(given)) return given.map(String);
    return (exchange.query.get(name) ?? "").split(",").filter(Boolean);
  };
  const ids = list("ids").map((id) => readId(id) ?? id);
  const fields = list("fields");
  checkCount(ids.length);
  const quoted = ids.filter((id) => readId(id) !== null).map((id) => `'${id}'`);
  if (quoted.length === 0)
    return json(
      200,
      ids.map(() => null),
    );
  const soql = `SELECT Id, ${fields.join(", ") || "Id"} FROM ${shape.name} WHERE Id IN (${quoted.join(",")})`;
  const query = compileQuery(exchange.org.shape, parseSoql(soql), false);
  const rows = new Map(
    readRows(exchange.org.db, query, 0, RECORDS_MAX).map((row) => [row.Id, row]),
  );
  return json(
    200,
    ids.map((id) => {
      const row = rows.get(id);
      return row ? toRecord(query, row, exchange.version) : null;
    }),
  );
}

async function readCollection(exchange: Exchange): Promise<{ records: Row[]; allOrNone: boolean }> {
  const body = await readJson(exchange, "rest");
  const records = isMap(body) && Array.isArray(body.records) ? body.records.filter(isMap) : [];
  checkCount(records.length);
  return { records, allOrNone: isMap(body) && body.allOrNone === true };
}

function checkCount(count: number): void {
  if (count === 0) {
    throw new ApiError(400, restErrors("REQUIRED_FIELD_MISSING", "At least 1 record is required"));
  }
  if (count <= RECORDS_MAX) return;
  const message = `record limit reached. cannot submit more than ${RECORDS_MAX} records in this call`;
  throw new ApiError(400, restErrors("EXCEEDED_MAX_RECORDS", message));
}

function shapeOf({ org }: Exchange, record: Row): ObjectShape | RowError {
  const type = isMap(record.attributes) ? String(record.attributes.type) : "";
  const shape = org.shape.find(type);
  if (shape) return shape;
  const message = `sObject type '${type}' is not supported.`;
  return { code: "INVALID_TYPE", message, fields: [] };
}

function malformedId(id: string): RowError {
  return { code: "MALFORMED_ID", message: `malformed id ${id}`, fields: [] };
}

class RolledBack extends Error {}

/** Applies the records one by one; with allOrNone, one failure undoes all. */
function apply<T extends Row>(
  { org }: Exchange,
  records: readonly T[],
  allOrNone: boolean,
  writeOne: (record: T) => Outcome | RowError,
  tellCreated = false,
): Reply {
  const outcomes: (Outcome | RowError)[] = [];
  const run = (): void => {
    for (const record of records) outcomes.push(writeOne(record));
    if (allOrNone && outcomes.some((outcome) => errorOf(outcome) !== null)) throw new RolledBack();
  };
  try {
    org.db.transaction(run);
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    return json(
      200,
      outcomes.map((outcome) =>
        result(errorOf(outcome) === null ? ROLLED_BACK : outcome, tellCreated),
      ),
    );
  }
  return json(
    200,
    outcomes.map((outcome) => result(outcome, tellCreated)),
  );
}

const ROLLED_BACK: RowError = {
  code: "ALL_OR_NONE_OPERATION_ROLLED_BACK",
  message:
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
  fields: [],
};

function errorOf(outcome: Outcome | RowError): RowError | null {
  if ("code" in outcome) return outcome;
  return outcome.action === "failed" ? outcome.error : null;
}

function result(outcome: Outcome | RowError, tellCreated: boolean): Record<string, unknown> {
  const error = errorOf(outcome);
  if (error !== null) {
    const { code, message, fields } = error;
    const id = "id" in outcome && outcome.id !== "" ? { id: outcome.id } : {};
    return { ...id, success: false, errors: [{ statusCode: code, message, fields }] };
  }
  const created = "action" in outcome && outcome.action === "created";
  const id = "id" in outcome ? outcome.id : "";
  return { id, success: true, errors: [], ...(tellCreated ? { created } : {}) };
}
