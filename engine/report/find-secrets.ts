/** A part of a line, from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** True for a file that holds an org's auth: a mistake can move a secret to anywhere in it. */
export function holdsAuth(lines: readonly string[]): boolean {
  return lines.some((line) => AUTH_KEY.test(line));
}

/** What may be a secret in a line of a user's file. A file with a mistake can hold one anywhere: under
 *  a misspelt key of an auth, in a line that is no valid YAML, in the middle of a private key. In
 *  doubt, and in a file with an auth, a part is taken for a secret. */
export function findSecrets(text: string, isNearAuth: boolean): Span[] {
  const spans: Span[] = [];
  if (isNearAuth || SECRET_KEY.test(text)) spans.push(...secretValues(text));
  // A line in the middle of a private key or token has no key to tell it by.
  for (const { index, 0: part } of text.matchAll(LONG)) {
    spans.push({ start: index, end: index + part.length });
  }
  const password = /:\/\/([^\s/@]+)@/.exec(text);
  if (password !== null) {
    const start = password.index + 3;
    spans.push({ start, end: start + (password[1]?.length ?? 0) });
  }
  return withoutOverlaps(spans);
}

/** Any of these, because the others may be what is misspelt. */
const AUTH_KEY =
  /\b(orgs|auth|flow|instanceUrl|clientId|clientSecret|privateKey|refreshToken|accessToken)["']?\s*:/;

const SECRET_KEY =
  /(clientSecret|privateKey|refreshToken|accessToken|secret|password|token)["']?\s*:/i;

/** A path or a name rarely has forty letters and digits without a break. */
const LONG = /-----BEGIN.*|[A-Za-z0-9+/=_.!-]{40,}/g;

/** Keys of sync.config.yaml whose values may be shown. */
const OPEN_KEYS =
  /^(version|defaultOrg|state|path|syncs|flow|clientId|username|audience|instanceUrl|apiVersion|emulator|protected)$/;

/** The values in a line that stand under other keys than those known to be harmless. */
function secretValues(text: string): Span[] {
  const block = /^(\s*(?:-\s+)?["']?([\w-]+)["']?\s*:\s+)(\S.*)?$/.exec(text);
  const [, before = "", key = "", value = ""] = block ?? [];
  if (block === null || /^[{[]/.test(value)) return secretsOfFlow(text);
  if (value === "" || isHarmless(value) || isOpen(key, value.replace(/\s+#.*$/, ""))) return [];
  return [{ start: before.length, end: text.trimEnd().length }];
}

/** Walks through `{ a: b, c: d }`. A value whose key is unknown, or that has none, is a secret, and so
 *  is a key that does not look like one. */
function secretsOfFlow(text: string): Span[] {
  const spans: Span[] = [];
  let key = "";
  let listKey = "";
  for (const { index, 0: token } of text.matchAll(FLOW_TOKEN)) {
    const end = index + token.length;
    if (/^[{}[\],]$/.test(token)) {
      // All entries of a list stand under the list's key.
      if (token !== ",") listKey = token === "[" ? key : "";
      key = listKey;
    } else if (/^:(\s|$)/.test(text.slice(end, end + 2)) && PLAIN_KEY.test(token)) {
      key = token.replaceAll(/["']/g, "");
    } else {
      if (!isHarmless(token) && !isOpen(key, token)) spans.push({ start: index, end });
      // A key has one value; what follows without a comma is none of it.
      key = "";
    }
  }
  return spans;
}

/** True for one word under a key whose values are no secrets (more words are more than one value), and
 *  for a short word of letters under a key that does not sound like a secret. */
function isOpen(key: string, value: string): boolean {
  const isSecretKey = /secret|token|key|password/i.test(key);
  if (key !== "" && !isSecretKey && /^[A-Za-z_-]{1,24}$/.test(value)) return true;
  return OPEN_KEYS.test(key) && /^(\S+|"[^"]*"|'[^']*')$/.test(value) && !/:\s/.test(value);
}

/** Names of keys and orgs look like this, and secrets have digits or are longer. */
const PLAIN_KEY = /^["']?[A-Za-z][A-Za-z _-]{0,23}["']?$/;

/** A bracket or comma, a quoted text, a reference, or plain text up to one of them or `: `. */
const FLOW_TOKEN =
  /[{}[\],]|"(?:[^"\\]|\\.)*"|'[^']*'|\$\{(?:env|file):[^{},]*\}|(?!:(?:\s|$))[^\s{}[\],"'](?:(?!:(?:\s|$))[^{}[\],])*(?<!\s)/g;

/** References are no secrets, and neither are switches, small numbers, and the mark of a text on the
 *  lines below. */
function isHarmless(value: string): boolean {
  if (/^(true|false|null|~|\d{1,4}(\.\d)?)\s*(#.*)?$/.test(value)) return true;
  return /^(["']?\$\{(env|file):[^{}]*\}["']?|[|>][-+\d]*)\s*(#.*)?$/.test(value);
}

function withoutOverlaps(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Span[] = [];
  for (const span of sorted) {
    const last = kept.at(-1);
    if (last === undefined || span.start >= last.end) kept.push(span);
    else if (span.end > last.end) kept[kept.length - 1] = { start: last.start, end: span.end };
  }
  return kept;
}
