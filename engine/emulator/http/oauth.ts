import { createHmac, createVerify } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { nowMs } from "../clock.ts";
import { type Exchange, isMap, readText } from "./exchange.ts";
import { ApiError, json, type Reply } from "./reply.ts";
import { type Credentials, openSession, revokeToken } from "./sessions.ts";

/** `POST /services/oauth2/token`. Errors here are an object, unlike everywhere else. */
export async function token(exchange: Exchange, known: Credentials): Promise<Reply> {
  const form = new URLSearchParams(await readText(exchange));
  switch (form.get("grant_type")) {
    case "client_credentials":
      checkClient(readClient(exchange, form), known, true);
      return grant(exchange, known, "full");
    case "urn:ietf:params:oauth:grant-type:jwt-bearer":
      checkAssertion(exchange, form.get("assertion") ?? "", known);
      return grant(exchange, known, "jwt");
    case "refresh_token":
      checkClient(readClient(exchange, form), known, false);
      if (form.get("refresh_token") !== known.refreshToken) {
        throw refused("invalid_grant", "expired access/refresh token");
      }
      return grant(exchange, known, "full");
    default:
      throw refused("unsupported_grant_type", "grant type not supported");
  }
}

export async function revoke(exchange: Exchange): Promise<Reply> {
  const form = new URLSearchParams(
    exchange.method === "GET" ? exchange.query : await readText(exchange),
  );
  revokeToken(exchange.org.db, form.get("token") ?? "");
  return { status: 200 };
}

function refused(error: string, description: string): ApiError {
  return new ApiError(400, { error, error_description: description });
}

interface Client {
  readonly id: string;
  readonly secret: string | null;
}

/** Consumer key and secret come in the form or as HTTP Basic. */
function readClient({ request }: Exchange, form: URLSearchParams): Client {
  const basic = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (basic === undefined) {
    return { id: form.get("client_id") ?? "", secret: form.get("client_secret") };
  }
  const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":");
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
}

function checkClient(client: Client, known: Credentials, secretRequired: boolean): void {
  if (client.id !== known.clientId) {
    throw refused("invalid_client_id", "client identifier invalid");
  }
  if (client.secret === null && !secretRequired) return;
  if (client.secret !== known.clientSecret) {
    throw refused("invalid_client", "invalid client credentials");
  }
}

/**
 * A JWT must name our consumer key and an audience of Salesforce. Its signature is verified only if
 * a public key lies in the state folder as `jwt-public-key.pem`. `exp` may be in milliseconds:
 * Salesforce accepts that, and its own CLI sends it.
 */
function checkAssertion(exchange: Exchange, assertion: string, known: Credentials): void {
  const [head = "", body = "", signature = ""] = assertion.split(".");
  const header = readPart(head);
  const claims = readPart(body);
  if (header.alg !== "RS256" || signature === "") {
    throw refused("invalid_grant", "invalid assertion");
  }
  if (claims.iss !== known.clientId) {
    throw refused("invalid_client_id", "client identifier invalid");
  }
  const audiences = ["https://login.salesforce.com", "https://test.salesforce.com"];
  const audience = String(claims.aud).replace(/\/$/, "");
  if (![...audiences, exchange.baseUrl].includes(audience)) {
    throw refused("invalid_grant", "audience is invalid");
  }
  const expires = Number(claims.exp);
  const expiresMs = expires > 1e11 ? expires : expires * 1000;
  if (!(expiresMs > nowMs())) throw refused("invalid_grant", "invalid assertion");
  if (typeof claims.sub !== "string" || claims.sub === "") {
    throw refused("invalid_grant", "user hasn't approved this consumer");
  }
  const keyFile = path.join(exchange.org.filesDir, "..", "jwt-public-key.pem");
  if (!existsSync(keyFile)) return;
  const verify = createVerify("RSA-SHA256").update(`${head}.${body}`);
  if (!verify.verify(readFileSync(keyFile), Buffer.from(signature, "base64url"))) {
    throw refused("invalid_grant", "invalid assertion");
  }
}

function readPart(part: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (isMap(parsed)) return parsed;
  } catch {
    // Not JSON: the same refusal as for any other bad assertion.
  }
  throw refused("invalid_grant", "invalid assertion");
}

/** The 200 body. No `expires_in`: a session lives as long as the org's timeout says. */
function grant(exchange: Exchange, known: Credentials, form: "full" | "jwt"): Reply {
  const { org, baseUrl } = exchange;
  const id = `${baseUrl}/id/${org.orgId}/${org.userId}`;
  const issuedAt = String(nowMs());
  const signature = createHmac("sha256", known.clientSecret)
    .update(id + issuedAt)
    .digest("base64");
  const accessToken = openSession(org.db, org.orgId);
  const common = { scope: "api web", instance_url: baseUrl, id, token_type: "Bearer" };
  return json(
    200,
    form === "jwt"
      ? { access_token: accessToken, ...common }
      : { access_token: accessToken, signature, ...common, issued_at: issuedAt },
  );
}
