import { didYouMean } from "../base/suggest.ts";
import { checkInstanceUrl } from "./check-instance-url.ts";
import type { AuthYaml, ConfigYaml, OrgYaml } from "./config-yaml.generated.ts";
import { complain, type Draft, type Findings } from "./findings.ts";
import { nameOf } from "./name-of.ts";
import { isReference } from "./references.ts";
import { isWritten, keyPositionOf, pointerTo, textAt } from "./source-document.ts";
import type { AuthSpec, OrgSpec, Project } from "./sync-spec.ts";

/** The orgs of a project, and which of them is the default. */
export function readOrgs(
  findings: Findings,
  yaml: Draft<ConfigYaml>,
): Pick<Project, "orgs" | "defaultOrg"> {
  const orgs: Record<string, OrgSpec> = {};
  for (const [name, org] of Object.entries(yaml.orgs ?? {})) {
    if (org !== undefined) orgs[name] = readOrg(findings, name, org);
  }
  const names = Object.keys(orgs);
  const only = names.length === 1 ? (names[0] ?? null) : null;
  const { defaultOrg } = yaml;
  const isKnown = defaultOrg === undefined || isWritten(findings.document, `/orgs/${defaultOrg}`);
  if (!isKnown && names.length > 0) {
    complain(findings, "CONFIG_ORG_UNKNOWN", "/defaultOrg", {
      detail: `defaultOrg is "${defaultOrg}", and there is no such org under orgs.`,
      hint: didYouMean(defaultOrg, names) ?? `The orgs are: ${names.join(", ")}.`,
    });
  }
  return { orgs, defaultOrg: defaultOrg ?? only };
}

function readOrg(findings: Findings, name: string, yaml: Draft<OrgYaml>): OrgSpec {
  const pointer = pointerTo("/orgs", name);
  const flow = yaml.auth?.flow ?? null;
  if (yaml.emulator === true) {
    checkEmulator(findings, pointer, name);
  } else if (yaml.emulator === false || !isWritten(findings.document, `${pointer}/emulator`)) {
    checkRemote(findings, { pointer, name, flow });
  }
  const url = yaml.instanceUrl;
  if (yaml.auth !== undefined) checkSecrets(findings, `${pointer}/auth`, yaml.auth);
  return {
    name,
    emulator: yaml.emulator ?? false,
    instanceUrl:
      url === undefined
        ? null
        : checkInstanceUrl(findings, `${pointer}/instanceUrl`, { url, flow }),
    apiVersion: readApiVersion(findings, `${pointer}/apiVersion`, yaml.apiVersion),
    protected: yaml.protected ?? false,
    auth: yaml.auth === undefined ? null : readAuth(yaml.auth),
    position: keyPositionOf(findings.document, pointer),
  };
}

function checkEmulator(findings: Findings, pointer: string, name: string): void {
  for (const key of ["auth", "instanceUrl"]) {
    if (!isWritten(findings.document, `${pointer}/${key}`)) continue;
    complain(findings, "CONFIG_ORG", `${pointer}/${key}`, {
      detail: `${name} is the local org (emulator: true), which takes no ${key}; one of the two cannot be meant.`,
      hint: `Remove ${key}, or remove "emulator" if this is a real org.`,
      atKey: true,
    });
  }
}

function checkRemote(
  findings: Findings,
  org: { readonly pointer: string; readonly name: string; readonly flow: string | null },
): void {
  const { pointer, name, flow } = org;
  const hasAuth = isWritten(findings.document, `${pointer}/auth`);
  const hasUrl = isWritten(findings.document, `${pointer}/instanceUrl`);
  if (!hasAuth) {
    complain(findings, "CONFIG_ORG", pointer, {
      detail: `${name} has no auth, so Sluice cannot sign in to it.`,
      hint: hasUrl
        ? "For example, with a login of the Salesforce CLI:\n    auth: { flow: sfCli, username: acme-prod }"
        : `For the local org:\n    ${name}: { emulator: true }\nFor a real one, add instanceUrl and auth.`,
      atKey: true,
    });
  }
  const bringsUrl = flow === "sfCli" || flow === null;
  if (!hasUrl && !bringsUrl) {
    complain(findings, "CONFIG_ORG", pointer, {
      detail: `${name} has no instanceUrl, so Sluice does not know where the org is.`,
      hint: "Add the org's My Domain address:\n    instanceUrl: https://acme.my.salesforce.com",
      atKey: true,
    });
  }
}

const SECRETS = ["clientSecret", "privateKey", "refreshToken", "accessToken"] as const;

/** A secret in the file is refused, and never shown. */
function checkSecrets(findings: Findings, pointer: string, auth: object): void {
  const written = auth as Readonly<Record<string, string | undefined>>;
  for (const key of SECRETS) {
    const value = written[key];
    if (value === undefined || isReference(value)) continue;
    const variable = `SF_${key.replaceAll(/([A-Z])/g, "_$1").toUpperCase()}`;
    complain(findings, "CONFIG_LITERAL_SECRET", `${pointer}/${key}`, {
      detail: `${nameOf(`${pointer}/${key}`)} holds a secret itself rather than a reference to one. This file is committed to git, where everybody who reads it, now or later, has the secret.`,
      hint: `Keep the secret in the environment or in a file that is not committed:\n    ${key}: \${env:${variable}}\nIf it was committed before, replace it in Salesforce.`,
    });
  }
}

function readApiVersion(
  findings: Findings,
  pointer: string,
  written: string | number | undefined,
): string {
  if (written === undefined) return "61.0";
  const text = textAt(findings.document, pointer);
  const [, major = ""] = /^v?(\d+)(?:\.0+)?$/.exec(text) ?? [];
  // Bulk API 2.0 ingest came with 41.0; three digits are a slip.
  if (major === "" || Number(major) < 41 || Number(major) > 99) {
    complain(findings, "CONFIG_BAD_VALUE", pointer, {
      detail: `${nameOf(pointer)} is no version of the Salesforce API that has Bulk API 2.0, such as "61.0".`,
      hint: "Leave it out to use 61.0.",
    });
    return "61.0";
  }
  return `${Number(major)}.0`;
}

/** What is missing was told before; the text "" then stands for it and is never used. */
function readAuth(yaml: Draft<AuthYaml>): AuthSpec | null {
  switch (yaml.flow) {
    case undefined:
      return null;
    case "clientCredentials": {
      const { clientId = "", clientSecret = "" } = yaml;
      return { flow: yaml.flow, clientId, clientSecret };
    }
    case "jwtBearer": {
      const { clientId = "", username = "", privateKey = "", audience = null } = yaml;
      return { flow: yaml.flow, clientId, username, privateKey, audience };
    }
    case "refreshToken": {
      const { clientId = "", clientSecret = null, refreshToken = "" } = yaml;
      return { flow: yaml.flow, clientId, clientSecret, refreshToken };
    }
    case "accessToken":
      return { flow: yaml.flow, accessToken: yaml.accessToken ?? "" };
    case "sfCli":
      return { flow: yaml.flow, username: yaml.username ?? "" };
  }
}
