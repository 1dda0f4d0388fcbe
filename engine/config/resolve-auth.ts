import { EngineError } from "../base/engine-error.ts";
import { type ReferenceOptions, resolveReferences } from "./references.ts";
import type { AuthSpec, OrgSpec } from "./sync-spec.ts";

/** The auth of an org with its references resolved: called when a command connects, so that a missing
 *  secret or address of an org that is not used stops nothing. Throws CONFIG_ENV_MISSING, CONFIG_FILE_MISSING or
 *  CONFIG_REFERENCE; the message names the reference, never a value. `folder` is the project's. */
export async function resolveAuth(org: OrgSpec, options: ReferenceOptions): Promise<AuthSpec> {
  const { auth } = org;
  if (auth === null) {
    throw new EngineError("CONFIG_ORG", `The org ${org.name} has no auth to sign in with.`, {
      hint: org.emulator ? "It is the local org, which needs none." : "Add auth to the org.",
    });
  }
  const text = (key: string, written: string) =>
    resolveText(org, { key: `auth.${key}`, written, options });
  const optional = async (key: string, written: string | null) =>
    written === null ? null : text(key, written);
  if (org.instanceUrl !== null) {
    await resolveText(org, { key: "instanceUrl", written: org.instanceUrl, options });
  }
  switch (auth.flow) {
    case "clientCredentials":
      return {
        flow: auth.flow,
        clientId: await text("clientId", auth.clientId),
        clientSecret: await text("clientSecret", auth.clientSecret),
      };
    case "jwtBearer":
      return {
        flow: auth.flow,
        clientId: await text("clientId", auth.clientId),
        username: await text("username", auth.username),
        privateKey: await text("privateKey", auth.privateKey),
        audience: await optional("audience", auth.audience),
      };
    case "refreshToken":
      return {
        flow: auth.flow,
        clientId: await text("clientId", auth.clientId),
        clientSecret: await optional("clientSecret", auth.clientSecret),
        refreshToken: await text("refreshToken", auth.refreshToken),
      };
    case "accessToken":
      return { flow: auth.flow, accessToken: await text("accessToken", auth.accessToken) };
    case "sfCli":
      return { flow: auth.flow, username: await text("username", auth.username) };
  }
}

interface WrittenText {
  readonly key: string;
  readonly written: string;
  readonly options: ReferenceOptions;
}

async function resolveText(org: OrgSpec, { key, written, options }: WrittenText): Promise<string> {
  const { text, problem } = await resolveReferences(written, options);
  if (problem === null) return text.trim();
  const { file, line } = org.position;
  const where = line === null ? file : `${file}:${line}`;
  const message = `orgs.${org.name}.${key} (${where}): ${problem.detail}`;
  throw new EngineError(problem.code, message, { hint: problem.hint ?? undefined });
}
