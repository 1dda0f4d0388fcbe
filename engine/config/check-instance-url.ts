import { complain, type Findings } from "./findings.ts";
import { nameOf, writtenAs } from "./name-of.ts";
import { hasReferences } from "./references.ts";

interface WrittenUrl {
  readonly url: string;
  readonly flow: string | null;
}

/** The origin of an org's address (without path or slash), or null with a complaint. An address whose
 *  reference could not be resolved stays as it is written, for resolveAuth to complain about. */
export function checkInstanceUrl(
  findings: Findings,
  pointer: string,
  { url, flow }: WrittenUrl,
): string | null {
  if (hasReferences(url)) return url;
  const problem = problemOf(url, flow);
  if (problem === null) return new URL(url).origin;
  const [detail, hint] = problem;
  complain(findings, "CONFIG_ORG_URL", pointer, {
    // What holds a password, or more than an address, is not repeated.
    detail: `${nameOf(pointer)} is ${/[@\s]/.test(url) ? "not accepted" : writtenAs(findings.document, pointer)}. ${detail}`,
    hint,
  });
  return null;
}

/** True for this computer itself, where a token does not travel. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const MY_DOMAIN =
  "In Salesforce, Setup > My Domain shows it:\n    instanceUrl: https://acme.my.salesforce.com";

function problemOf(text: string, flow: string | null): [string, string] | null {
  if (!/^[a-z]+:\/\//i.test(text) || !URL.canParse(text)) {
    const isHost = /^[\w.-]+\.[a-z]{2,}\/?$/i.test(text);
    const hint = isHost ? `Did you mean https://${text.toLowerCase()}?` : MY_DOMAIN;
    return ["That is no address of the form https://host.", hint];
  }
  const url = new URL(text);
  const host = url.hostname;
  if (url.username !== "" || url.password !== "") {
    return ["An address holds no user name or password; auth does.", "Remove the part before @."];
  }
  if (url.protocol === "http:" && !isLoopback(host)) {
    return [
      "http would send tokens and data in the open; it is accepted for this computer only.",
      `Write https://${url.host}.`,
    ];
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return ["Salesforce is reached over https.", MY_DOMAIN];
  }
  if (/\.lightning\.force\.com$/.test(host)) {
    const domain = host.replace(/\.lightning\.force\.com$/, ".my.salesforce.com");
    return ["That is the address of the pages, not of the API.", `Did you mean https://${domain}?`];
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return ["Only the host belongs here; Sluice adds the paths.", `Write ${url.origin}.`];
  }
  const isLogin = host === "login.salesforce.com" || host === "test.salesforce.com";
  if (isLogin && (flow === "clientCredentials" || flow === "accessToken")) {
    return [`The flow ${flow} works with the org's own My Domain address only.`, MY_DOMAIN];
  }
  return null;
}
