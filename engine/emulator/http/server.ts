import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Rule } from "../faults/rules.ts";
import { SoqlError } from "../soql/tokens.ts";
import type { Exchange } from "./exchange.ts";
import { DAILY_API_REQUESTS } from "./limits.ts";
import { ApiError, bulkErrors, json, notFound, type Reply, restErrors } from "./reply.ts";
import { afterFault, beforeFault, type FaultPlan, planFaults } from "./request-faults.ts";
import { findRoute, VERSION_MAX, VERSION_MIN } from "./routes.ts";
import type { ServerParts } from "./server-parts.ts";
import { checkSession } from "./sessions.ts";

/** A request must be complete in this time; uploads of slow clients need it long. */
const REQUEST_TIMEOUT_MS = 15 * 60 * 1000;
const HEADERS_TIMEOUT_MS = 30_000;
/** Below this, compressing an answer is not worth it. */
const GZIP_BYTES_MIN = 1024;

/** Serves the org. Takes the parts of a running org; gives a server that is not listening yet. */
export function makeServer(parts: ServerParts): Server {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS },
    (request, response) => {
      respond(parts, request, response).catch(() => response.destroy());
    },
  );
  // What is no HTTP at all is answered as the front end of Salesforce does: with HTML.
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
    const timeout = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
    const status = tooLarge
      ? "431 Request Header Fields Too Large"
      : timeout
        ? "408 Request Timeout"
        : "400 Bad Request";
    const reason = status.slice(0, 3);
    const body = `<h1>Bad Message ${reason}</h1><pre>reason: ${status.slice(4)}</pre>`;
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: text/html;charset=iso-8859-1\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
  return server;
}

async function respond(
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? "/";
  const control = url.startsWith("/__control/");
  const faults = control ? [] : parts.rules.forRequest(request.method ?? "GET", url);
  const plan = planFaults(faults);
  if (!(await beforeFault(plan, parts, request, response))) return;
  let reply: Reply;
  try {
    reply = plan.reply ?? (await route(parts, request, url, faults));
  } catch (error) {
    reply = errorReply(error);
  }
  if (afterFault(plan, response)) return;
  if (!control) parts.usage.count();
  await send(parts, request, response, reply, plan);
}

async function route(
  parts: ServerParts,
  request: IncomingMessage,
  url: string,
  faults: readonly Rule[],
): Promise<Reply> {
  const [pathname = "/", search = ""] = url.split(/\?(.*)/s);
  const segments = pathname.split("/").filter(Boolean).map(decodeSegment);
  const method = request.method ?? "GET";
  const { route: found, params, allowed } = findRoute(method, segments);
  if (found === null && allowed.length === 0) throw notFound();
  if (found === null) {
    const message = `HTTP Method '${method}' not allowed. Allowed are ${allowed.join(",")}`;
    throw new ApiError(405, bulkErrors("METHOD_NOT_ALLOWED", message), {
      Allow: allowed.join(","),
    });
  }
  if (!found.open) checkSession(parts.org.db, request);
  const exchange: Exchange = {
    request,
    org: parts.org,
    method,
    segments,
    query: new URLSearchParams(search),
    params,
    baseUrl: baseUrl(request),
    version: readVersion(params.version),
    faults,
    wakeWorker: parts.wakeWorker,
    sink: parts.sink,
  };
  return await found.handle(exchange, parts);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound();
  }
}

function readVersion(segment: string | undefined): string {
  if (segment === undefined) return "";
  const match = /^v(\d{2})\.0$/i.exec(segment);
  const version = Number(match?.[1] ?? 0);
  if (version < VERSION_MIN || version > VERSION_MAX) throw notFound();
  return `${version}.0`;
}

/** The address that the client used, so that a proxy or `localhost` stays in the URLs we answer. */
function baseUrl(request: IncomingMessage): string {
  const host = request.headers.host ?? "";
  if (/^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host)) return `http://${host}`;
  const { localAddress = "127.0.0.1", localPort = 0 } = request.socket;
  return `http://${localAddress}:${localPort}`;
}

function errorReply(error: unknown): Reply {
  if (error instanceof ApiError) return error.reply;
  if (error instanceof SoqlError) return json(400, restErrors(error.code, error.message));
  const message = error instanceof Error ? error.message : String(error);
  return json(500, restErrors("UNKNOWN_EXCEPTION", `An unexpected error occurred: ${message}`));
}

async function send(
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  plan: FaultPlan,
): Promise<void> {
  if (response.destroyed || (request.destroyed && !request.complete)) {
    response.destroy();
    return;
  }
  response.statusCode = reply.status;
  if (request.url?.includes("/services/data/")) {
    const used = parts.usage.used();
    response.setHeader("Sforce-Limit-Info", `api-usage=${used}/${DAILY_API_REQUESTS}`);
  }
  response.setHeader("Vary", "Accept-Encoding");
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  const { body } = reply;
  if (body === undefined || request.method === "HEAD") {
    response.end();
    return;
  }
  const text = plan.truncate ? await halfOf(body) : body;
  if (plan.truncate) {
    response.write(text);
    // Gone only when the half has left, so that the client sees it.
    setImmediate(() => response.destroy());
    return;
  }
  const accepts = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const compress = accepts && (typeof body !== "string" || body.length >= GZIP_BYTES_MIN);
  if (compress) response.setHeader("Content-Encoding", "gzip");
  if (!compress && typeof body === "string") {
    response.setHeader("Content-Length", Buffer.byteLength(body));
    response.end(body);
    return;
  }
  const source = typeof body === "string" ? Readable.from([body]) : Readable.from(body);
  await pipeline(source, compress ? createGzip() : new PassThrough(), response);
}

async function halfOf(body: string | AsyncIterable<string>): Promise<string> {
  let text = "";
  if (typeof body === "string") text = body;
  else for await (const piece of body) text += piece;
  return text.slice(0, Math.floor(text.length / 2));
}
