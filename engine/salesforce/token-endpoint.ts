import type { Clock } from "../base/clock.ts";
import { EngineError } from "../base/engine-error.ts";
import { readJson, unexpectedAnswer } from "./answer-body.ts";
import type { Connection, OrgEvent } from "./connection.ts";
import { oauthRefusal } from "./oauth-refusal.ts";
import type { Redactor } from "./redact.ts";
import { brokenError } from "./refusal.ts";
import { isBusy, retryAfterMs, waitBefore } from "./retry-policy.ts";
import type { Wire } from "./wire.ts";

export interface TokenDeps {
  readonly wire: Wire;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly random: () => number;
  readonly clientName: string;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: OrgEvent) => void) | undefined;
}

export interface TokenAnswer {
  readonly accessToken: string;
  /** Null where the answer has none. */
  readonly instanceUrl: string | null;
  readonly identityUrl: string | null;
  /** Present where the org rotates refresh tokens. */
  readonly refreshToken: string | null;
}

/** Asking for a token changes nothing, so it may be repeated; fewer times than a GET, because logins
 *  are limited per user (3,600 an hour: Salesforce "Login Rate Limits"). */
const ATTEMPTS_MAX = 4;

/** POST /services/oauth2/token.
 *  @throws EngineError AUTH_* when the org refuses, SF_UNREACHABLE, SF_NO_ANSWER or SF_UNAVAILABLE. */
export async function requestToken(
  connection: Connection,
  loginUrl: string,
  form: Readonly<Record<string, string>>,
  deps: TokenDeps,
): Promise<TokenAnswer> {
  const { wire, redactor, clock, signal } = deps;
  const purpose = "log in";
  const url = new URL("/services/oauth2/token", loginUrl);
  const context = { purpose, orgName: connection.name, host: url.host, redactor };
  for (let attempt = 1; ; attempt++) {
    const outcome = await wire.exchange(
      {
        url,
        method: "POST",
        headers: {
          accept: "application/json",
          "content-type": "application/x-www-form-urlencoded",
          "user-agent": deps.clientName,
        },
        body: new URLSearchParams(form).toString(),
        accept: [200],
        signal,
      },
      async ({ body }) => readToken(await readJson(body, purpose, redactor), redactor),
    );
    if (outcome.kind === "done") return outcome.value;
    const busy = outcome.kind === "broken" || isBusy(outcome.status);
    const asked =
      outcome.kind === "broken"
        ? null
        : retryAfterMs(outcome.header("retry-after"), outcome.header("date"), clock.now());
    const waitMs = busy ? waitBefore(attempt, ATTEMPTS_MAX, asked, deps.random()) : null;
    if (waitMs === null) {
      if (outcome.kind === "broken") throw brokenError(outcome.error, outcome.sent, context);
      if (busy) throw unavailable(connection.name, outcome.status, url.host);
      if (outcome.status >= 300 && outcome.status < 400) throw redirected(connection.name, url);
      throw oauthRefusal(outcome.fault, outcome.status, { ...context, flow: connection.auth.flow });
    }
    const reason = outcome.kind === "broken" ? "connection lost" : String(outcome.status);
    deps.onEvent?.({ kind: "retry", purpose, attempt, waitMs, reason });
    await clock.sleep(waitMs, signal);
  }
}

function readToken(answer: unknown, redactor: Redactor): TokenAnswer {
  const record = (typeof answer === "object" && answer !== null ? answer : {}) as Record<
    string,
    unknown
  >;
  const text = (key: string) => (typeof record[key] === "string" ? (record[key] as string) : null);
  const accessToken = text("access_token");
  if (accessToken === null) throw unexpectedAnswer("log in", Object.keys(record).join(), redactor);
  redactor.learn(accessToken);
  redactor.learn(text("refresh_token"));
  return {
    accessToken,
    instanceUrl: text("instance_url"),
    identityUrl: text("id"),
    refreshToken: text("refresh_token"),
  };
}

function unavailable(orgName: string, status: number, host: string): EngineError {
  return new EngineError(
    "SF_UNAVAILABLE",
    `${host} answered the login of org "${orgName}" with ${status} ${ATTEMPTS_MAX} times.`,
    { hint: "Try again later; https://status.salesforce.com shows known outages." },
  );
}

function redirected(orgName: string, url: URL): EngineError {
  return new EngineError(
    "SF_REDIRECTED",
    `${url.host} redirects the login of org "${orgName}" elsewhere.`,
    { hint: "Set instanceUrl to the org's real address: its My Domain URL, with https." },
  );
}
