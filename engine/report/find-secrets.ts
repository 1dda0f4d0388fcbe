/** A part of a line, from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** True for a diagnostic whose line may be a part of an org's auth: by its JSON pointer, or, for
 *  mistakes of YAML itself, which have none, because the file holds an auth somewhere. */
export function isNearAuth(path: string | null, lines: readonly string[]): boolean {
  if (path !== null) return /^\/orgs\/[^/]+\/auth(\/|$)/.test(path);
  return lines.some((line) => /\bauth\b/.test(line) || SECRET_KEY.test(line));
}

/** What may be a secret in a line of a user's file. A file with a mistake can hold one anywhere: under
 *  a misspelt key of an auth, in a line that is no valid YAML, in the middle of a private key. In
 *  doubt, and near an auth, a part is taken for a secret. */
export function findSecrets(text: string, nearAuth: boolean): Span[] {
  const spans: Span[] = [];
  if (nearAuth || SECRET_KEY.test(text)) spans.push(...secretValues(text));
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

const SECRET_KEY =
  /(clientSecret|privateKey|refreshToken|accessToken|secret|password|token)["']?\s*:/i;

/** A path or a name rarely has forty letters and digits without a break. */
const LONG = /-----BEGIN.*|[A-Za-z0-9+/=_.!-]{40,}/g;

/** Keys of sync.config.yaml whose values may be shown. */
const OPEN_KEYS =
  /^(version|defaultOrg|path|syncs|flow|clientId|username|audience|instanceUrl|apiVersion|emulator|protected)$/;

/** The values in a line that stand under other keys than those known to be harmless. */
function secretValues(text: string): Span[] {
  const block = /^(\s*(?:-\s+)?["']?([\w-]+)["']?\s*:\s+)(\S.*)?$/.exec(text);
  const [, before = "", key = "", value = ""] = block ?? [];
  if (block === null || value.startsWith("{")) return secretsOfFlow(text);
  const isOpen = OPEN_KEYS.test(key) && !SECRET_KEY.test(value);
  if (isOpen || value === "" || isReference(value)) return [];
  return [{ start: before.length, end: text.trimEnd().length }];
}

/** Walks through `{ a: b, c: d }`. A value whose key is unknown, or that has none, is a secret, and so
 *  is a key that does not look like one. */
function secretsOfFlow(text: string): Span[] {
  const spans: Span[] = [];
  let key: string | null = null;
  for (const { index, 0: token } of text.matchAll(FLOW_TOKEN)) {
    const end = index + token.length;
    if (/^[{}[\],]$/.test(token)) {
      key = null;
    } else if (/^:(\s|$)/.test(text.slice(end, end + 2)) && PLAIN_KEY.test(token)) {
      key = token.replaceAll(/["']/g, "");
    } else if (!isReference(token) && (key === null || !OPEN_KEYS.test(key))) {
      spans.push({ start: index, end });
    }
  }
  return spans;
}

/** Names of keys and orgs look like this, and secrets have digits or are longer. */
const PLAIN_KEY = /^["']?[A-Za-z][A-Za-z_-]{0,23}["']?$/;

/** A bracket or comma, a quoted text, a reference, or plain text up to one of them or `: `. */
const FLOW_TOKEN =
  /[{}[\],]|"(?:[^"\\]|\\.)*"|'[^']*'|\$\{[^}]*\}|(?!:\s)[^\s{}[\],"'](?:(?!:(?:\s|$))[^{}[\],])*(?<!\s)/g;

/** References are no secrets, and neither is the mark of a text on the lines below. */
function isReference(value: string): boolean {
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
