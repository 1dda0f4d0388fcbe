import type { Clock } from "../base/clock.ts";
import { EngineError } from "../base/engine-error.ts";
import type { OrgEvent } from "./connection.ts";
import type { Fault } from "./fault.ts";
import type { Redactor } from "./redact.ts";
import { brokenError, isConcurrencyLimit, refusalError } from "./refusal.ts";
import {
  ATTEMPTS_FIRST_CONTACT_MAX,
  ATTEMPTS_MAX,
  ATTEMPTS_NO_ROUTE_MAX,
  isBusy,
  retryAfterMs,
  waitBefore,
} from "./retry-policy.ts";
import type { Login, Session } from "./session.ts";
import { joinSignals, unlessAborted } from "./signals.ts";
import { type Answer, type Method, networkCode, type Outcome, type Wire } from "./wire.ts";

export interface RestRequest {
  readonly method: Method;
  /** From the instance URL on, with its query: /services/data/v61.0/limits. */
  readonly path: string;
  /** What the request is for, in the words of an error text: "describe Contact". */
  readonly purpose: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, once: its headers must hold the length. */
  readonly stream?: AsyncIterable<Uint8Array>;
  readonly accept?: readonly number[];
  readonly headersMs?: number;
  readonly signal?: AbortSignal | undefined;
}

interface RestDeps {
  readonly orgName: string;
  readonly wire: Wire;
  readonly session: Session;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly random: () => number;
  readonly clientName: string;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: OrgEvent) => void) | undefined;
}

/** Requests with a login. Decides which may be sent again:
 *
 *  - GET and DELETE after 420, 429, 5xx and broken connections, because they change nothing or change
 *    it only once;
 *  - any but PUT after 401 INVALID_SESSION_ID, once, with a new login: a call refused for its session
 *    was not executed;
 *  - PUT never, because a job takes one upload;
 *  - POST and PATCH never else: the caller knows whether a second one is harmless. */
export class RestClient {
  readonly redactor: Redactor;
  readonly #deps: RestDeps;

  constructor(deps: RestDeps) {
    this.#deps = deps;
    this.redactor = deps.redactor;
  }

  /** Sends a request and reads its answer; the body belongs to `read`, which may be called again with
   *  a new answer when the first was cut off.
   *  @throws EngineError AUTH_*, SF_*; the signal's reason when it aborts. */
  async send<T>(request: RestRequest, read: (answer: Answer) => Promise<T>): Promise<T> {
    const joined = joinSignals(this.#deps.signal, request.signal);
    try {
      return await this.#send(request, joined.signal, read);
    } finally {
      joined.release();
    }
  }

  async #send<T>(
    request: RestRequest,
    signal: AbortSignal | undefined,
    read: (answer: Answer) => Promise<T>,
  ): Promise<T> {
    const { session, clock } = this.#deps;
    let renewed = false;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const login = await unlessAborted(() => session.current(), signal);
      const outcome = await this.#exchange(request, login, signal, read);
      if (outcome.kind === "done") return outcome.value;
      if (outcome.kind === "refused" && needsLogin(outcome.status, outcome.fault) && !renewed) {
        renewed = true;
        session.drop(login);
        // The upload is lost with its job; only what comes after it needs the new login.
        if (request.method === "PUT") throw this.#uploadLost(request);
        // A new login is no failed attempt.
        attempt--;
        continue;
      }
      const wait = this.#waitFor(request.method, attempt, outcome);
      if (wait === null) throw this.#error(request, login, outcome);
      this.#tell(request, attempt, wait, outcome);
      await clock.sleep(wait, signal);
    }
    throw new EngineError("INTERNAL", "The retry loop ran past its end. This is a bug.");
  }

  async #exchange<T>(
    request: RestRequest,
    login: Login,
    signal: AbortSignal | undefined,
    read: (answer: Answer) => Promise<T>,
  ): Promise<Outcome<T>> {
    const json = request.json === undefined ? null : JSON.stringify(request.json);
    return this.#deps.wire.exchange(
      {
        url: new URL(request.path, login.instanceUrl),
        method: request.method,
        headers: {
          authorization: `Bearer ${login.accessToken}`,
          accept: "application/json",
          "user-agent": this.#deps.clientName,
          "sforce-call-options": `client=${this.#deps.clientName}`,
          ...(request.method === "GET" ? { "accept-encoding": "gzip" } : {}),
          ...(json === null ? {} : { "content-type": "application/json; charset=UTF-8" }),
          ...request.headers,
        },
        body: json ?? request.stream ?? null,
        accept: request.accept ?? [200],
        ...(request.headersMs === undefined ? {} : { headersMs: request.headersMs }),
        signal,
      },
      read,
    );
  }

  /** Milliseconds to wait before the request is sent again; null: it is not. */
  #waitFor(method: Method, attempt: number, outcome: Failure): number | null {
    if (method !== "GET" && method !== "DELETE") return null;
    const random = this.#deps.random();
    if (outcome.kind === "broken") {
      if (isLasting(outcome.error)) return null;
      const firstContact = !outcome.sent && !this.#deps.wire.answered;
      return waitBefore(
        attempt,
        firstContact ? ATTEMPTS_FIRST_CONTACT_MAX : ATTEMPTS_MAX,
        null,
        random,
      );
    }
    const { status, fault, header } = outcome;
    if (!isBusy(status) && !isConcurrencyLimit(fault)) return null;
    const asked = retryAfterMs(header("retry-after"), header("date"), this.#deps.clock.now());
    return waitBefore(
      attempt,
      status === 420 ? ATTEMPTS_NO_ROUTE_MAX : ATTEMPTS_MAX,
      asked,
      random,
    );
  }

  #error(request: RestRequest, login: Login, outcome: Failure): EngineError {
    const { wire, clock, orgName, redactor } = this.#deps;
    const { purpose } = request;
    if (outcome.kind === "broken") {
      const host = new URL(login.instanceUrl).host;
      return brokenError(outcome.error, outcome.sent, { purpose, orgName, host, redactor });
    }
    const { apiUsage } = wire;
    const { header } = outcome;
    const asked = retryAfterMs(header("retry-after"), header("date"), clock.now());
    const context = { purpose, orgName, redactor, apiUsage, now: clock.now(), retryAfterMs: asked };
    return refusalError(outcome.status, outcome.fault, context);
  }

  #uploadLost({ purpose }: RestRequest): EngineError {
    return new EngineError(
      "SF_REFUSED",
      `The session of org "${this.#deps.orgName}" ended during "${purpose}", so the upload was refused.`,
      {
        hint: "A job takes one upload: abort it and open another. The next request logs in again.",
        salesforceCode: "INVALID_SESSION_ID",
      },
    );
  }

  #tell(request: RestRequest, attempt: number, waitMs: number, outcome: Failure): void {
    const throttled =
      outcome.kind === "refused" && (outcome.status === 429 || outcome.status === 403);
    const reason =
      outcome.kind === "refused"
        ? `${outcome.status} ${outcome.fault.code ?? ""}`.trim()
        : networkCode(outcome.error) || "connection lost";
    this.#deps.onEvent?.({
      kind: throttled ? "throttled" : "retry",
      purpose: request.purpose,
      attempt,
      waitMs,
      reason: this.redactor.clean(reason),
    });
  }
}

type Failure = Exclude<Outcome<never>, { kind: "done" }>;

/** Only an expired session is mended by a new login. The two texts mean that this kind of session will
 *  never do, and a new one would be refused in the same way, for ever (jsforce, http-api.ts). */
function needsLogin(status: number, fault: Fault): boolean {
  return (
    status === 401 &&
    fault.code === "INVALID_SESSION_ID" &&
    !/not attached to Agent|not valid for use with the REST API/i.test(fault.message)
  );
}

/** A certificate that is not trusted stays so, and a closed connection of ours does too. */
function isLasting(error: Error): boolean {
  return /CERT|TLS|SSL|VERIFY|UND_ERR_DESTROYED|UND_ERR_CLOSED/.test(networkCode(error));
}
