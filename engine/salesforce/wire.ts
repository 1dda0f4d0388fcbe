import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Dispatcher } from "undici";
import { EngineError } from "../base/engine-error.ts";
import { readText } from "./answer-body.ts";
import type { Timeouts } from "./connection.ts";
import { type Fault, readFault } from "./fault.ts";
import { PIECE_BYTES } from "./file-pieces.ts";
import { Agent, EnvHttpProxyAgent } from "./undici-parts.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface WireRequest {
  readonly url: URL;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array> | null;
  /** Statuses that are handed to `read`; any other becomes "refused". */
  readonly accept: readonly number[];
  readonly signal?: AbortSignal | undefined;
  readonly headersMs?: number;
}

export interface Answer {
  readonly status: number;
  header(name: string): string | null;
  /** Decompressed. */
  readonly body: Readable;
}

/** How one request ended. */
export type Outcome<T> =
  | { readonly kind: "done"; readonly value: T }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly fault: Fault;
      header(name: string): string | null;
    }
  /** No complete answer came. `sent` is false when no connection was made, so nothing was sent. */
  | { readonly kind: "broken"; readonly sent: boolean; readonly error: Error };

/** Error bodies are short; a login page need not be read to its end. */
const FAULT_BYTES_MAX = 64 * 1024;

/** Requests over the network, one at a time and without a second try: undici, its time limits, proxies
 *  from the environment, and the counters that every answer moves. */
export class Wire {
  /** Requests sent so far. */
  calls = 0;
  /** True once anything has answered. */
  answered = false;
  /** The org's own time at its last answer, in milliseconds since the epoch; null before the first. */
  answeredAt: number | null = null;
  /** The last Sforce-Limit-Info header; null before the first. */
  apiUsage: { readonly used: number; readonly max: number } | null = null;
  readonly #direct: Agent;
  readonly #proxied: Dispatcher;
  readonly #timeouts: Timeouts;

  constructor(timeouts: Timeouts) {
    this.#timeouts = timeouts;
    // A socket that holds a piece of an upload asks for a pause: filePieces relies on it. Through a proxy
    // it is undici that sets this limit, to less.
    const highWaterMark = PIECE_BYTES;
    const options = {
      connect: { timeout: timeouts.connectMs, highWaterMark },
      headersTimeout: timeouts.headersMs,
      bodyTimeout: timeouts.bodyMs,
    };
    this.#direct = new Agent(options);
    this.#proxied = proxyNamed(process.env) ? new EnvHttpProxyAgent(options) : this.#direct;
  }

  /** Sends the request once. `read` must take the whole body; what it throws as an EngineError is
   *  passed on, anything else counts as a broken answer. An abort rejects with the signal's reason. */
  async exchange<T>(
    request: WireRequest,
    read: (answer: Answer) => Promise<T>,
  ): Promise<Outcome<T>> {
    this.calls++;
    try {
      request.signal?.throwIfAborted();
      const response = await this.#dispatcher(request.url).request({
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        // undici takes any async iterable; its type names only the usual one.
        body: (request.body ?? null) as string | Readable | null,
        ...(request.signal === undefined ? {} : { signal: request.signal }),
        headersTimeout: request.headersMs ?? this.#timeouts.headersMs,
      });
      this.answered = true;
      const answer = toAnswer(response);
      const date = Date.parse(answer.header("date") ?? "");
      if (!Number.isNaN(date)) this.answeredAt = date;
      this.#noteUsage(answer.header("sforce-limit-info"));
      if (request.accept.includes(answer.status)) {
        return { kind: "done", value: await read(answer) };
      }
      const text = await readText(answer.body, FAULT_BYTES_MAX).catch(() => "");
      request.signal?.throwIfAborted();
      const { status, header } = answer;
      return { kind: "refused", status, fault: readFault(text), header };
    } catch (thrown) {
      if (request.signal?.aborted) throw request.signal.reason;
      if (thrown instanceof EngineError) throw thrown;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return { kind: "broken", sent: !wasNotSent(error), error };
    }
  }

  async close(): Promise<void> {
    await this.#direct.destroy();
    if (this.#proxied !== this.#direct) await this.#proxied.destroy();
  }

  /** A proxy can't reach this machine's own loopback address. */
  #dispatcher(url: URL): Dispatcher {
    return isLoopback(url) ? this.#direct : this.#proxied;
  }

  #noteUsage(header: string | null): void {
    const match = /\bapi-usage=(\d+)\/(\d+)/.exec(header ?? "");
    if (match !== null) this.apiUsage = { used: Number(match[1]), max: Number(match[2]) };
  }
}

/** The system's or undici's code of a network failure, such as ECONNRESET; "" where there is none. */
export function networkCode(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === "string") return code;
  // Node tries several addresses of a host at once and reports them together.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) {
    return networkCode(error.errors[0]);
  }
  return "";
}

export function isLoopback(url: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

function wasNotSent(error: Error): boolean {
  // A proxy that opens no tunnel to the org: undici gives this no code of its own.
  return NOTHING_SENT.has(networkCode(error)) || /HTTP Tunneling/i.test(error.message);
}

/** Failures of making the connection: name look-up, TCP, TLS. */
const NOTHING_SENT = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_SSL_WRONG_VERSION_NUMBER",
]);

function proxyNamed(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env.https_proxy || env.HTTPS_PROXY || env.http_proxy || env.HTTP_PROXY);
}

function toAnswer(response: Dispatcher.ResponseData): Answer {
  const header = (name: string) => {
    const value = response.headers[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };
  return { status: response.statusCode, header, body: decompressed(response.body, header) };
}

function decompressed(body: Readable, header: (name: string) => string | null): Readable {
  if (header("content-encoding")?.toLowerCase() !== "gzip") return body;
  const gunzip = createGunzip();
  // A broken connection must break the reader too; pipe alone would leave it waiting.
  body.on("error", (error) => gunzip.destroy(error));
  // Whoever reads is told, also when it breaks before he begins: until then it must not be unhandled.
  gunzip.on("error", () => {});
  gunzip.on("close", () => body.destroy());
  return body.pipe(gunzip);
}
