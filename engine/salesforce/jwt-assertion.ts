import { createPrivateKey, createSign, type KeyObject } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { EngineError } from "../base/engine-error.ts";
import type { ResolvedAuth } from "./connection.ts";

/** Salesforce wants the end "within a few minutes". */
const LIFETIME_SECONDS = 180;

type JwtAuth = Extract<ResolvedAuth, { flow: "jwtBearer" }>;

/** A signed JWT (RS256) for the JWT bearer flow.
 *  @throws EngineError AUTH_KEY when the private key can't sign. */
export function signAssertion(auth: JwtAuth, instanceUrl: string, clock: Clock): string {
  const key = readKey(auth.privateKey);
  const claims = {
    iss: auth.clientId,
    sub: auth.username,
    aud: auth.audience ?? defaultAudience(instanceUrl),
    exp: Math.floor(clock.now() / 1000) + LIFETIME_SECONDS,
  };
  const unsigned = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
  return `${unsigned}.${createSign("RSA-SHA256").update(unsigned).sign(key, "base64url")}`;
}

/** The audience can't be derived from every URL (an Experience Cloud site is its own): auth.audience
 *  is for those. Sandbox hosts hold ".sandbox." or start with "test."; old ones start with "cs12.". */
export function defaultAudience(instanceUrl: string): string {
  const host = new URL(instanceUrl).hostname.toLowerCase();
  const sandbox = /(^|\.)(sandbox|scratch|test)\.|^cs\d+\.|--[^.]+\.(cs\d+\.)?my\.salesforce\.com$/;
  return `https://${sandbox.test(host) ? "test" : "login"}.salesforce.com`;
}

function readKey(pem: string): KeyObject {
  const hint = `auth.privateKey must be an unencrypted RSA key in PEM form. From a file:\n    privateKey: \${file:server.key}`;
  let key: KeyObject;
  try {
    // A key that came through an environment variable often has its line ends written out.
    key = createPrivateKey(pem.includes("\n") ? pem : pem.replaceAll("\\n", "\n"));
  } catch {
    // The cause is dropped on purpose: nothing that quotes a key may travel further.
    throw new EngineError("AUTH_KEY", "The private key of the JWT flow can't be read.", { hint });
  }
  if (key.asymmetricKeyType !== "rsa") {
    throw new EngineError(
      "AUTH_KEY",
      `The private key of the JWT flow is of type ${key.asymmetricKeyType}, and Salesforce takes RSA only.`,
      { hint },
    );
  }
  return key;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
