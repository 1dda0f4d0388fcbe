import { EngineError } from "../base/engine-error.ts";
import type { Connection, RunCli } from "./connection.ts";
import { signAssertion } from "./jwt-assertion.ts";
import type { Login } from "./session.ts";
import { cliLogin } from "./sf-cli.ts";
import { requestToken, type TokenAnswer, type TokenDeps } from "./token-endpoint.ts";
import { isLoopback } from "./wire.ts";

export interface LoginDeps extends TokenDeps {
  readonly runCli: RunCli;
}

/** Makes the function that logs in to an org by the flow its configuration names.
 *  @throws EngineError AUTH_*, SF_* (from the function it returns). */
export function loginOf(
  connection: Connection,
  deps: LoginDeps,
): (again: boolean) => Promise<Login> {
  const { auth } = connection;
  const { redactor } = deps;
  if ("clientSecret" in auth) redactor.learn(auth.clientSecret);
  if ("accessToken" in auth) redactor.learn(auth.accessToken);
  if ("privateKey" in auth) redactor.learn(auth.privateKey);
  // Rotation gives a new refresh token with each use; it lives as long as this process.
  let refreshToken = "refreshToken" in auth ? auth.refreshToken : "";
  redactor.learn(refreshToken);

  const byForm = async (form: Record<string, string>): Promise<TokenAnswer> =>
    requestToken(connection, loginUrl(connection), form, deps);

  const ask = async (again: boolean): Promise<Login> => {
    switch (auth.flow) {
      case "clientCredentials":
        return tokenLogin(
          connection,
          await byForm({
            grant_type: "client_credentials",
            client_id: auth.clientId,
            client_secret: auth.clientSecret,
          }),
        );
      case "jwtBearer": {
        const assertion = signAssertion(auth, loginUrl(connection), deps.clock);
        redactor.learn(assertion);
        const grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        const answer = await byForm({ grant_type: grant, assertion });
        return { ...tokenLogin(connection, answer), username: auth.username };
      }
      case "refreshToken": {
        const answer = await byForm({
          grant_type: "refresh_token",
          client_id: auth.clientId,
          ...(auth.clientSecret === null ? {} : { client_secret: auth.clientSecret }),
          refresh_token: refreshToken,
        });
        if (answer.refreshToken !== null && answer.refreshToken !== refreshToken) {
          refreshToken = answer.refreshToken;
          deps.onEvent?.({ kind: "refreshTokenRotated" });
        }
        return tokenLogin(connection, answer);
      }
      case "accessToken":
        if (again) throw accessTokenExpired(connection.name);
        return {
          accessToken: auth.accessToken,
          instanceUrl: loginUrl(connection),
          identityUrl: null,
          username: null,
        };
      case "sfCli":
        return { ...(await cliLogin(auth.username, deps)), identityUrl: null };
    }
  };

  return async (again) => {
    const login = await ask(again);
    secureUrl(login.instanceUrl, connection.name);
    deps.onEvent?.({ kind: "login", flow: auth.flow, again });
    return login;
  };
}

function tokenLogin(connection: Connection, answer: TokenAnswer): Login {
  const { accessToken, identityUrl } = answer;
  const instanceUrl = answer.instanceUrl ?? loginUrl(connection);
  return { accessToken, instanceUrl, identityUrl, username: null };
}

function loginUrl(connection: Connection): string {
  if (connection.instanceUrl === null) {
    throw new EngineError("AUTH_REFUSED", `Org "${connection.name}" has no instanceUrl.`, {
      hint: "Set orgs.<name>.instanceUrl in sync.config.yaml to the org's My Domain URL.",
    });
  }
  return secureUrl(connection.instanceUrl, connection.name);
}

/** Tokens and secrets go over https, or to this machine itself. */
function secureUrl(text: string, orgName: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url !== null &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url)))
  ) {
    return text;
  }
  const shown = url === null ? "no URL" : `${url.protocol}//${url.host}`;
  throw new EngineError(
    "AUTH_INSECURE",
    `The address of org "${orgName}" is ${shown}, so its token would travel in the clear.`,
    { hint: "Use https." },
  );
}

function accessTokenExpired(orgName: string): EngineError {
  return new EngineError(
    "AUTH_EXPIRED",
    `The access token of org "${orgName}" has expired or was revoked, and this flow can't renew it.`,
    {
      hint: "Put a fresh token where auth.accessToken refers to, or use a flow that renews by itself, such as clientCredentials.",
    },
  );
}
