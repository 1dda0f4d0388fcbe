import type { Code } from "../base/codes.ts";
import { EngineError } from "../base/engine-error.ts";
import type { ResolvedAuth } from "./connection.ts";
import type { Fault } from "./fault.ts";
import type { Redactor } from "./redact.ts";

interface KnownRefusal {
  readonly error: RegExp;
  readonly text: RegExp;
  readonly code: Code;
  readonly hint: string;
}

const ANY = /(?:)/;

/** What the token endpoint's refusals mean. Matched by error code and part of the description, the
 *  first fitting row wins, because Salesforce rewords its descriptions. */
const KNOWN_REFUSALS: readonly KnownRefusal[] = [
  {
    error: /^invalid_grant$/,
    text: /not supported on this domain/i,
    code: "AUTH_WRONG_DOMAIN",
    hint: "Set instanceUrl to the org's My Domain URL, such as https://acme.my.salesforce.com; Setup shows it under My Domain.",
  },
  {
    error: /^invalid_grant$/,
    text: /no client credentials user/i,
    code: "AUTH_APP_SETUP",
    hint: 'Name a "Run As" user in the app\'s client credentials flow settings in Setup.',
  },
  {
    error: /^invalid_client_id$/,
    text: ANY,
    code: "AUTH_CLIENT_UNKNOWN",
    hint: "Check auth.clientId (the app's consumer key) and that instanceUrl is the org that has the app. A new app takes up to ten minutes to become known.",
  },
  {
    error: /^invalid_client$/,
    text: ANY,
    code: "AUTH_CLIENT_UNKNOWN",
    hint: "Check auth.clientSecret: it is the app's consumer secret, and rotating it ends the old one.",
  },
  {
    error: /^invalid_grant$/,
    text: /hasn't approved this consumer/i,
    code: "AUTH_NOT_APPROVED",
    hint: 'Set the app to "Admin approved users are pre-authorized" and give the user a permission set that is assigned to the app.',
  },
  {
    error: /^invalid_app_access$/,
    text: ANY,
    code: "AUTH_NOT_APPROVED",
    hint: "Give the user a profile or a permission set that is assigned to the app in Setup.",
  },
  {
    error: /^invalid_grant$/,
    text: /audience/i,
    code: "AUTH_AUDIENCE",
    hint: "Set auth.audience to https://login.salesforce.com for production, https://test.salesforce.com for a sandbox, or the Experience Cloud site's URL.",
  },
  {
    error: /^invalid_grant$/,
    text: /expired access\/refresh token|inactive user|expired authorization/i,
    code: "AUTH_EXPIRED",
    hint: "The refresh token was revoked, ran out, or was pushed out by newer logins (an app holds five per user). Log in again and store the new one.",
  },
  {
    error: /^invalid_grant$/,
    text: /invalid assertion|assertion/i,
    code: "AUTH_KEY",
    hint: "Check that auth.privateKey belongs to the certificate uploaded to the app, and that this machine's clock is right.",
  },
  {
    error: /^unsupported_grant_type$/,
    text: ANY,
    code: "AUTH_APP_SETUP",
    hint: "Switch this flow on in the app's OAuth settings in Setup.",
  },
  {
    error: /^oauth_app_blocked$/i,
    text: ANY,
    code: "AUTH_APP_SETUP",
    hint: "An administrator blocked the app; Setup shows it under Connected Apps OAuth Usage.",
  },
  {
    error: /^txn_security_metering_error$/i,
    text: ANY,
    code: "AUTH_REFUSED",
    hint: "A transaction security policy of the org stops this login. Ask its administrator.",
  },
  {
    error: /^invalid_grant$/,
    text: /authentication failure/i,
    code: "AUTH_REFUSED",
    hint: "Check the user name, that the user is active, and the login history in Setup.",
  },
];

const OTHER_HINT = "The user's login history in Setup often says more.";

/** The error for a login that the token endpoint refused. */
export function oauthRefusal(
  fault: Fault,
  status: number,
  context: { orgName: string; host: string; flow: ResolvedAuth["flow"]; redactor: Redactor },
): EngineError {
  const { orgName, host, flow, redactor } = context;
  const known = KNOWN_REFUSALS.find(
    ({ error, text }) => error.test(fault.code ?? "") && text.test(fault.message),
  );
  const code = fault.code === null ? "" : ` ${redactor.clean(fault.code)}`;
  const said = redactor.clean(fault.message) || "no message";
  return new EngineError(
    known?.code ?? "AUTH_REFUSED",
    `${host} refused the ${flow} login of org "${orgName}" with ${status}${code}: ${said}`,
    { hint: known?.hint ?? OTHER_HINT, salesforceCode: fault.code ?? undefined },
  );
}
