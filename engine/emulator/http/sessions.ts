import type { IncomingMessage } from "node:http";
import { nowMs, randomText } from "../clock.ts";
import { type Database, numberOf } from "../store/database.ts";
import { readMeta, remember, writeMeta } from "../store/schema.ts";
import { ApiError, restErrors } from "./reply.ts";

/** A session ends after this long without use: the default of a new org. */
const SESSION_TIMEOUT_MS = 2 * 60 * 60 * 1000;
const TOUCH_MS = 60_000;

/** What a client needs to log in. Made with the org, and the same at every start. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export function openCredentials(db: Database, orgId: string): Credentials {
  const accessToken = remember(db, "accessToken", () => makeToken(orgId));
  // The token that is handed out at start is good again at every start.
  saveSession(db, accessToken);
  return {
    clientId: remember(db, "clientId", () => `3MVG9${randomText(30)}`),
    clientSecret: remember(db, "clientSecret", () => randomText(24)),
    refreshToken: remember(db, "refreshToken", () => `5Aep8${randomText(30)}`),
    accessToken,
  };
}

/** Tokens are shaped as Salesforce shapes them: the org's 15-character Id, `!`, and random text. */
function makeToken(orgId: string): string {
  return `${orgId.slice(0, 15)}!AQ${randomText(60)}`;
}

export function openSession(db: Database, orgId: string): string {
  const token = makeToken(orgId);
  saveSession(db, token);
  return token;
}

function saveSession(db: Database, token: string): void {
  db.run(
    "INSERT OR REPLACE INTO sessions (token, kind, used_ms, revoked) VALUES (?, 'access', ?, 0)",
    token,
    nowMs(),
  );
}

/** Ends every session at once: what an admin, a timeout or a changed IP range does. */
export function expireSessions(db: Database): void {
  db.run("UPDATE sessions SET revoked = 1");
}

export function revokeToken(db: Database, token: string): void {
  db.run("UPDATE sessions SET revoked = 1 WHERE token = ?", token);
}

/** Lets a request through, or throws the 401 that Salesforce answers. Use keeps a session alive. */
export function checkSession(db: Database, request: IncomingMessage): void {
  const match = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? "");
  if (match === null) {
    throw new ApiError(401, restErrors("INVALID_AUTH_HEADER", "INVALID_AUTH_HEADER"), CHALLENGE);
  }
  const token = match[1] ?? "";
  const row = db.get("SELECT used_ms, revoked FROM sessions WHERE token = ?", token);
  const idleMs = row ? nowMs() - numberOf(row, "used_ms") : Number.POSITIVE_INFINITY;
  if (row?.revoked !== 0 || idleMs > SESSION_TIMEOUT_MS) {
    throw new ApiError(
      401,
      restErrors("INVALID_SESSION_ID", "Session expired or invalid"),
      CHALLENGE,
    );
  }
  if (idleMs > TOUCH_MS) db.run("UPDATE sessions SET used_ms = ? WHERE token = ?", nowMs(), token);
}

const CHALLENGE = { "WWW-Authenticate": "Token" };

/**
 * API calls of the org today (in a real org: in the last 24 hours). Counted in memory, saved now and
 * then: it is a meter, not money.
 */
export function openUsage(db: Database): { count(): void; used(): number; save(): void } {
  let [day, used] = readUsage(db);
  const turnDay = (): void => {
    if (day === today()) return;
    [day, used] = [today(), 0];
  };
  const save = (): void => writeMeta(db, "apiCalls", `${day}|${used}`);
  return {
    count: () => {
      turnDay();
      used += 1;
      if (used % 50 === 0) save();
    },
    used: () => {
      turnDay();
      return used;
    },
    save,
  };
}

function readUsage(db: Database): [day: string, used: number] {
  const [day = "", used = "0"] = (readMeta(db, "apiCalls") ?? "").split("|");
  return [day, Number(used)];
}

function today(): string {
  return new Date(nowMs()).toISOString().slice(0, 10);
}
