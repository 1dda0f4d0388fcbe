import { EngineError } from "../base/engine-error.ts";
import { readJson } from "./answer-body.ts";
import type { OrgIdentity } from "./org.ts";
import { longId } from "./record-id.ts";
import type { RestClient } from "./rest-client.ts";
import type { Login } from "./session.ts";

interface Ids {
  readonly orgId: string;
  readonly userId: string;
  readonly username: string | null;
}

/** Who we are and where: from the login's identity URL, else from userinfo, else from the Organization
 *  record (a token without the openid scope may not read userinfo).
 *  @throws EngineError AUTH_*, SF_* when the org can't be reached or does not tell its id. */
export async function identifyOrg(
  rest: RestClient,
  login: Login,
  query: (soql: string) => Promise<Record<string, string>[]>,
  signal: AbortSignal | undefined,
): Promise<OrgIdentity> {
  const told = idsOf(login) ?? (await readUserInfo(rest, signal));
  const organization = await readOrganization(query);
  const orgId = told?.orgId ?? organization?.Id;
  if (orgId === undefined) {
    throw new EngineError("SF_FORBIDDEN", "The org does not tell its id to this user.", {
      hint: 'Give the app the scope "openid", or the user read access to the Organization object.',
    });
  }
  return {
    orgId: longId(orgId),
    userId: longId(told?.userId ?? ""),
    username: told?.username ?? login.username,
    instanceUrl: login.instanceUrl,
    production: isProduction(organization),
  };
}

/** https://login.salesforce.com/id/<org id>/<user id> */
function idsOf(login: Login): Ids | null {
  const match = /\/id\/(00D\w{12,15})\/(005\w{12,15})\b/.exec(login.identityUrl ?? "");
  const [, orgId, userId] = match ?? [];
  if (orgId === undefined || userId === undefined) return null;
  return { orgId, userId, username: login.username };
}

async function readUserInfo(rest: RestClient, signal?: AbortSignal): Promise<Ids | null> {
  const purpose = "read who is logged in";
  const request = { method: "GET", path: "/services/oauth2/userinfo", purpose, signal } as const;
  try {
    return await rest.send(request, async ({ body }) => {
      const answer = (await readJson(body, purpose, rest.redactor)) as Record<
        string,
        unknown
      > | null;
      const text = (key: string) => (typeof answer?.[key] === "string" ? answer[key] : null);
      const orgId = text("organization_id");
      if (orgId === null) return null;
      return { orgId, userId: text("user_id") ?? "", username: text("preferred_username") };
    });
  } catch (thrown) {
    if (isRefusal(thrown)) return null;
    throw thrown;
  }
}

async function readOrganization(
  query: (soql: string) => Promise<Record<string, string>[]>,
): Promise<Record<string, string> | null> {
  try {
    const rows = await query("SELECT Id, IsSandbox, OrganizationType FROM Organization");
    return rows[0] ?? null;
  } catch (thrown) {
    // The user may be kept from this record; nobody needs it to load data.
    if (isRefusal(thrown)) return null;
    throw thrown;
  }
}

function isRefusal(thrown: unknown): boolean {
  return (
    thrown instanceof EngineError &&
    ["SF_FORBIDDEN", "SF_REFUSED", "SF_NOT_FOUND", "SF_ANSWER"].includes(thrown.code)
  );
}

function isProduction(organization: Record<string, string> | null): boolean | null {
  const sandbox = organization?.IsSandbox;
  if (sandbox === undefined || sandbox === "") return null;
  // Scratch orgs count as sandboxes; Developer Edition orgs do not, and hold no business's data.
  return sandbox !== "true" && organization?.OrganizationType !== "Developer Edition";
}
