import type { CodeEntry } from "./code-entry.ts";

/** Codes of the org: logging in and talking to it. */
export const SALESFORCE_CODES = {
  AUTH_REFUSED: {
    remedy: "fix",
    exit: 5,
    summary: "The org refused the login",
    explain:
      "The token endpoint refused the credentials of this org. The message holds what Salesforce said; the login history in Setup often says more.",
  },
  AUTH_WRONG_DOMAIN: {
    remedy: "fix",
    exit: 5,
    summary: "This login must use the My Domain URL",
    explain:
      "The client credentials flow works only at the org's own domain, not at login.salesforce.com or test.salesforce.com. Set instanceUrl to the My Domain URL, such as https://acme.my.salesforce.com.",
  },
  AUTH_APP_SETUP: {
    remedy: "fix",
    exit: 5,
    summary: "The app in Salesforce is not set up for this login",
    explain:
      "The connected app or external client app exists but does not allow this flow yet: the flow is switched off, no Run As user is set, or the app is blocked.",
  },
  AUTH_CLIENT_UNKNOWN: {
    remedy: "fix",
    exit: 5,
    summary: "The client id or secret is wrong",
    explain:
      "Salesforce knows no app with this consumer key, or the secret does not belong to it. A new app takes up to ten minutes to become known.",
  },
  AUTH_NOT_APPROVED: {
    remedy: "fix",
    exit: 5,
    summary: "The user is not approved for the app",
    explain:
      "The app admits approved users only. Give the user a profile or permission set that is assigned to the app, or let users authorise themselves once.",
  },
  AUTH_AUDIENCE: {
    remedy: "fix",
    exit: 5,
    summary: "The JWT's audience is wrong",
    explain:
      "The audience is https://login.salesforce.com for production and https://test.salesforce.com for sandboxes. Set auth.audience when it can't be told from the URL.",
  },
  AUTH_KEY: {
    remedy: "fix",
    exit: 5,
    summary: "The private key does not work",
    explain:
      "The JWT flow signs with an RSA private key in PEM form that belongs to the certificate uploaded to the app.",
  },
  AUTH_EXPIRED: {
    remedy: "fix",
    exit: 5,
    summary: "The login has expired",
    explain:
      "The access token or refresh token is no longer valid, and Sluice can't renew it by itself. Log in again and store the new token.",
  },
  AUTH_CLI: {
    remedy: "fix",
    exit: 5,
    summary: "The Salesforce CLI gave no login",
    explain:
      "The sfCli flow asks the Salesforce CLI (sf) for its login. The CLI must be installed, on the PATH, and logged in to the org that auth.username names.",
  },
  AUTH_INSECURE: {
    remedy: "fix",
    exit: 5,
    summary: "A token would travel in the clear",
    explain:
      "Sluice sends tokens over https only. Plain http is accepted for the machine itself (localhost) and nothing else.",
  },
  SF_FORBIDDEN: {
    remedy: "fix",
    exit: 5,
    summary: "The user may not do this",
    explain:
      "Salesforce knows the user but lacks the permission for this request: API Enabled, access to the object, or View Setup and Configuration for limits.",
  },
  SF_API_LIMIT: {
    remedy: "retry",
    exit: 7,
    summary: "The org's API quota is used up",
    explain:
      "Salesforce counts API requests and bulk batches over the last 24 hours, so they become free again bit by bit. The run is saved and can be resumed.",
  },
  SF_UNREACHABLE: {
    remedy: "retry",
    exit: 1,
    summary: "The org can't be reached",
    explain:
      "No connection was made, so nothing was sent. Check the URL, the network, the proxy and the certificates.",
  },
  SF_NO_ANSWER: {
    remedy: "retry",
    exit: 7,
    summary: "The request got no answer",
    explain:
      "The connection broke or ran into a time limit after the request was sent. Salesforce may or may not have acted on it; the saved state decides what happens next.",
  },
  SF_UNAVAILABLE: {
    remedy: "retry",
    exit: 7,
    summary: "Salesforce is not available at the moment",
    explain:
      "Salesforce answered with a status that means busy or under maintenance (420, 429, 5xx) until the retries were used up.",
  },
  SF_REFUSED: {
    remedy: "fix",
    exit: 1,
    summary: "Salesforce refused the request",
    explain: "Salesforce answered with an error. The message holds its code and its words.",
  },
  SF_NOT_FOUND: {
    remedy: "fix",
    exit: 1,
    summary: "Salesforce has no such thing",
    explain:
      "The job or resource does not exist or is gone. Salesforce keeps jobs and their results for 7 days.",
  },
  SF_REDIRECTED: {
    remedy: "fix",
    exit: 1,
    summary: "The org's URL redirects elsewhere",
    explain:
      "Redirects are not followed: they turn a create into a read, and would carry the token to another host. Set instanceUrl to the address that the org really has.",
  },
  SF_FILE: {
    remedy: "fix",
    exit: 7,
    summary: "A file of the transfer can't be read or written",
    explain:
      "The disk refused to hold a result set or to give the rows of an upload. What the org did is not lost: after mending the disk, resume.",
  },
  SF_ANSWER: {
    remedy: "report",
    exit: 1,
    summary: "The answer is not what Salesforce answers",
    explain:
      "Something answered in a form that the Salesforce API never uses: a proxy, a login page, or a changed API.",
  },
} as const satisfies Record<string, CodeEntry>;
