import { createHash } from "node:crypto";
import { nowMs } from "../clock.ts";
import { describeAnswer, globalEntry } from "../shape/describe-answer.ts";
import type { ObjectShape } from "../shape/object-shape.ts";
import { readMeta, writeMeta } from "../store/schema.ts";
import type { Exchange } from "./exchange.ts";
import { empty, json, notFound, type Reply } from "./reply.ts";

/** `GET /sobjects`: all objects, 28 keys each. */
export function describeGlobal(exchange: Exchange): Reply {
  const { objects } = exchange.org.shape;
  const body = JSON.stringify({
    encoding: "UTF-8",
    maxBatchSize: 200,
    sobjects: objects.map((shape) => globalEntry(shape, exchange)),
  });
  return conditional(exchange, "global", body);
}

/**
 * `GET /sobjects/<Object>`: the entry of describe global, and recently used records (none here).
 */
export function describeBasic(exchange: Exchange): Reply {
  const objectDescribe = globalEntry(mustFindObject(exchange), exchange);
  return json(200, { objectDescribe, recentItems: [] });
}

/** `GET /sobjects/<Object>/describe`. */
export function describeObject(exchange: Exchange): Reply {
  const shape = hideFields(exchange, mustFindObject(exchange));
  const answer = describeAnswer(shape, exchange.org.shape.objects, exchange);
  return conditional(exchange, shape.name, JSON.stringify(answer));
}

/** A fault: the answer lacks fields, as after somebody has changed their field-level security. */
function hideFields({ faults }: Exchange, shape: ObjectShape): ObjectShape {
  const hidden = faults.flatMap(({ action }) =>
    action.kind === "hideField" ? [action.field.toLowerCase()] : [],
  );
  if (hidden.length === 0) return shape;
  const fields = shape.fields.filter((field) => !hidden.includes(field.name.toLowerCase()));
  return { ...shape, fields };
}

export function mustFindObject({ org, params }: Exchange): ObjectShape {
  const shape = org.shape.find(params.object ?? "");
  if (shape === undefined) throw notFound();
  return shape;
}

/** Answers 304 or 412 where the request's conditions say so (REST guide, conditional requests). */
function conditional(exchange: Exchange, name: string, body: string): Reply {
  const { headers } = exchange.request;
  // Neither the host nor the version in its URLs makes an answer another one.
  const facts = body.replaceAll(exchange.baseUrl, "").replaceAll(`/v${exchange.version}/`, "/");
  const digest = createHash("sha256").update(facts).digest("hex").slice(0, 8);
  const changedMs = lastModified(exchange, name, digest);
  const etag = `"${digest}"`;
  const stamps = { ETag: etag, "Last-Modified": new Date(changedMs).toUTCString(), ...NO_CACHE };
  const unmodifiedSince = Date.parse(headers["if-unmodified-since"] ?? "");
  if (unmodifiedSince < changedMs) return empty(412);
  const match = headers["if-none-match"];
  if (match?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag)) {
    return empty(304, stamps);
  }
  const modifiedSince = Date.parse(headers["if-modified-since"] ?? "");
  if (match === undefined && modifiedSince >= changedMs) return empty(304, stamps);
  const reply = json(200, body);
  return { ...reply, headers: { ...reply.headers, ...stamps } };
}

const NO_CACHE = { "Cache-Control": "no-cache,must-revalidate,max-age=0,no-store,private" };

/** When this answer was first given, in whole seconds; over restarts too. */
function lastModified(exchange: Exchange, name: string, digest: string): number {
  const { db } = exchange.org;
  const key = `describe:${name}`;
  const [knownDigest, knownMs] = (readMeta(db, key) ?? "").split("|");
  if (knownDigest === digest) return Number(knownMs);
  const now = Math.floor(nowMs() / 1000) * 1000;
  writeMeta(db, key, `${digest}|${now}`);
  return now;
}
