/** Keeps secrets out of texts that people read. */
export interface Redactor {
  /** Remembers a value that must never be shown. */
  learn(secret: string | null | undefined): void;
  /** A foreign text on one line, without markup and secrets, at most `TEXT_CHARACTERS_MAX` long. */
  clean(text: string): string;
}

const TEXT_CHARACTERS_MAX = 200;

/** Shorter values would tear ordinary words apart, and are no secrets. */
const SECRET_CHARACTERS_MIN = 6;

/** Enough for every token of a long-running process; the oldest leave first. */
const SECRETS_MAX = 1000;

/** What a Salesforce session id looks like: the org's id, an exclamation mark, the token. */
const SESSION_ID = /\b00D[A-Za-z0-9]{12,15}(?:!|%21)[A-Za-z0-9._%-]+/g;
/** Three base64url parts: a signed JWT. */
const JWT = /\beyJ[\w-]{10,}\.[\w-]+\.[\w-]+/g;
/** Values that follow a name which never holds anything printable. */
const NAMED =
  /((?:access_token|refresh_token|client_secret|assertion|accessToken)["']?\s*[:=]\s*["']?|\bBearer\s+)[^\s"'&,<>]{6,}/gi;

export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    learn(secret) {
      if (secret == null || secret.length < SECRET_CHARACTERS_MIN) return;
      for (const form of [secret, encodeURIComponent(secret)]) {
        secrets.delete(form);
        secrets.add(form);
      }
      for (const oldest of secrets) {
        if (secrets.size <= SECRETS_MAX) break;
        secrets.delete(oldest);
      }
    },
    clean(text) {
      let shown = text;
      for (const secret of secrets) shown = shown.replaceAll(secret, "[secret]");
      shown = shown
        .replace(SESSION_ID, "[secret]")
        .replace(JWT, "[secret]")
        .replace(NAMED, "$1[secret]");
      return shorten(plainText(shown));
    },
  };
}

/** HTML bodies hold styles and scripts that say nothing; control characters could fool a terminal. */
function plainText(text: string): string {
  return text
    .replace(/<(script|style|head)\b[^>]*>.*?<\/\1\s*>/gis, " ")
    .replace(/<[^<>]*>/g, " ")
    .replace(/&nbsp;/g, " ")
    .replace(/&amp;/g, "&")
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
}

function shorten(text: string): string {
  return text.length <= TEXT_CHARACTERS_MAX ? text : `${text.slice(0, TEXT_CHARACTERS_MAX - 1)}…`;
}
