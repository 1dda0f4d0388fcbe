import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import type { Rule } from "../faults/rules.ts";
import type { Org } from "../org.ts";
import { ApiError, bulkErrors, restErrors } from "./reply.ts";

/** One request, with what the routes need to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly org: Org;
  readonly method: string;
  /** Decoded path segments, without empty ones: doubled and trailing slashes are forgiven. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  /** `http://host:port` as the client called it. */
  readonly baseUrl: string;
  /** API version without the `v`: `61.0`. Empty outside /services/data/vXX.0. */
  readonly version: string;
  /** Fault rules that hold for this request and concern its content. */
  readonly faults: readonly Rule[];
  /** A job was closed: there is work. */
  readonly wakeWorker: () => void;
  readonly sink: boolean;
}

/** Request bodies other than uploads. 200 records of a collection are well below it. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;

/** Reads a body as text, gunzipped when it says so: Data Loader gzips its JSON. */
export async function readText({ request }: Exchange): Promise<string> {
  const gzip = /gzip/i.test(String(request.headers["content-encoding"] ?? ""));
  const source = gzip ? request.pipe(createGunzip()) : request;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) {
      throw new ApiError(413, restErrors("REQUEST_TOO_LARGE", "The request body is too large"));
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Reads a JSON body. What is no JSON gets Salesforce's answer, in the key order of the API asked.
 */
export async function readJson(exchange: Exchange, style: "rest" | "bulk"): Promise<unknown> {
  let text: string;
  try {
    text = await readText(exchange);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(400, restErrors("JSON_PARSER_ERROR", "The body could not be read"));
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `${error instanceof Error ? error.message : "invalid JSON"} at [line:1, column:1]`;
    const errors = style === "bulk" ? bulkErrors : restErrors;
    throw new ApiError(400, errors("JSON_PARSER_ERROR", message));
  }
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
