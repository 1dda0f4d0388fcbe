import { EngineError } from "../base/engine-error.ts";
import type { Fault } from "./fault.ts";
import type { Redactor } from "./redact.ts";
import { networkCode } from "./wire.ts";

interface RefusalContext {
  /** What was being done, such as "describe Contact". */
  readonly purpose: string;
  readonly orgName: string;
  readonly redactor: Redactor;
  readonly apiUsage: { readonly used: number; readonly max: number } | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long the answer asked to wait, in milliseconds. */
  readonly retryAfterMs: number | null;
}

/** Quotas that count over the last 24 hours. Concurrency limits have REQUEST_LIMIT_EXCEEDED too. */
const QUOTA_CODES = new Set(["REQUEST_LIMIT_EXCEEDED", "LIMIT_EXCEEDED", "EXCEEDEDQUOTA"]);

/** True where the org has too many long requests at this moment: waiting seconds, not hours, helps. */
export function isConcurrencyLimit(fault: Fault): boolean {
  return fault.code === "REQUEST_LIMIT_EXCEEDED" && /concurrent/i.test(fault.message);
}

/** The error for an answer that says no. */
export function refusalError(status: number, fault: Fault, context: RefusalContext): EngineError {
  const { purpose, orgName, redactor } = context;
  const shown = redactor.clean(fault.message);
  const said = shown === "" ? "without a message" : `and said: ${shown}`;
  const code = fault.code === null ? "" : ` ${redactor.clean(fault.code)}`;
  const message = `Org "${orgName}" answered "${purpose}" with ${status}${code} ${said}`;
  const salesforceCode = fault.code ?? undefined;
  const raise = (name: ConstructorParameters<typeof EngineError>[0], hint?: string) =>
    new EngineError(name, message, { hint, salesforceCode, retryAfterMs: context.retryAfterMs });

  if (fault.code !== null && QUOTA_CODES.has(fault.code) && !isConcurrencyLimit(fault)) {
    return raise("SF_API_LIMIT", quotaHint(context));
  }
  if (status >= 300 && status < 400) {
    return raise(
      "SF_REDIRECTED",
      "Sluice follows no redirect. Set instanceUrl to the org's real address: its My Domain URL, with https.",
    );
  }
  if (status === 401) return raise("AUTH_REFUSED", unauthorizedHint(fault));
  if (fault.code?.startsWith("API_DISABLED") || fault.code === "API_CURRENTLY_DISABLED") {
    return raise(
      "SF_FORBIDDEN",
      'Give the user the permission "API Enabled", and check that the org\'s edition includes the API.',
    );
  }
  if (status === 403 || fault.code === "FEATURENOTENABLED") {
    return raise(
      "SF_FORBIDDEN",
      "Check the connected user's profile and permission sets: API Enabled, and access to the object and its fields.",
    );
  }
  if (status === 404) return raise("SF_NOT_FOUND");
  if (status === 420 || status === 429 || status >= 500 || isConcurrencyLimit(fault)) {
    return raise(
      "SF_UNAVAILABLE",
      "Try again later; https://status.salesforce.com shows known outages.",
    );
  }
  return raise("SF_REFUSED");
}

/** The error for a request whose complete answer never came. */
export function brokenError(
  error: Error,
  sent: boolean,
  context: { purpose: string; orgName: string; host: string; redactor: Redactor },
): EngineError {
  const code = networkCode(error);
  const reason = context.redactor.clean(error.message) || code;
  const shown = code === "" || reason.includes(code) ? reason : `${code}: ${reason}`;
  if (sent) {
    return new EngineError(
      "SF_NO_ANSWER",
      `Org "${context.orgName}" gave no complete answer to "${context.purpose}": ${shown}`,
      { hint: "Check the network and run the same command again; saved work is not lost." },
    );
  }
  return new EngineError(
    "SF_UNREACHABLE",
    `Org "${context.orgName}" can't be reached at ${context.host} for "${context.purpose}": ${shown}`,
    { hint: unreachableHint(code) },
  );
}

function unreachableHint(code: string): string {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return "The host name is not known. Check instanceUrl for a typing error, and the network.";
  }
  if (/CERT|TLS|SSL|VERIFY/.test(code)) {
    return "The server's certificate is not trusted. Behind a company proxy, name its root certificate in NODE_EXTRA_CA_CERTS.";
  }
  return "Check the network. Behind a company proxy, set HTTPS_PROXY (and NO_PROXY).";
}

function unauthorizedHint(fault: Fault): string {
  if (/not valid for use with the REST API/i.test(fault.message)) {
    return 'The session may not use the REST API. Give the app the scope "Manage user data via APIs (api)" and log in again.';
  }
  if (/not attached to Agent/i.test(fault.message)) {
    return "The connected app is not attached to an agent. Use an app that is meant for the API.";
  }
  return "The org refused the session although it is new. Check the user, its login hours and IP ranges, and the app's policies.";
}

function quotaHint({ apiUsage, now }: RefusalContext): string {
  const used = apiUsage === null ? "" : `${apiUsage.used} of ${apiUsage.max} calls are used. `;
  const latest = `${new Date(now + 86_400_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return `${used}Salesforce counts over the last 24 hours: calls become free again bit by bit, all of them by ${latest} at the latest. Then go on with\n    sluice resume`;
}
