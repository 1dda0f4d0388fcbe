import type { IncomingMessage, ServerResponse } from "node:http";
import { nowMs, pause } from "../clock.ts";
import type { Rule } from "../faults/rules.ts";
import { json, type Reply, restErrors } from "./reply.ts";
import type { ServerParts } from "./server-parts.ts";
import { expireSessions } from "./sessions.ts";

/** What the rules that hold for a request add up to. */
export interface FaultPlan {
  readonly delayMs: number;
  readonly expire: boolean;
  readonly reset: "before" | "halfway" | "after" | null;
  readonly hang: "before" | "after" | null;
  readonly truncate: boolean;
  /** Answered instead of doing anything. */
  readonly reply: Reply | null;
}

export function planFaults(faults: readonly Rule[]): FaultPlan {
  let plan: FaultPlan = {
    delayMs: 0,
    expire: false,
    reset: null,
    hang: null,
    truncate: false,
    reply: null,
  };
  for (const { action } of faults) {
    switch (action.kind) {
      case "delay":
        plan = { ...plan, delayMs: plan.delayMs + action.ms };
        break;
      case "expireSession":
        plan = { ...plan, expire: true };
        break;
      case "reset":
        plan = { ...plan, reset: action.when };
        break;
      case "hang":
        plan = { ...plan, hang: action.after ? "after" : "before" };
        break;
      case "truncate":
        plan = { ...plan, truncate: true };
        break;
      default: {
        const reply = faultReply(action);
        if (reply) plan = { ...plan, reply };
      }
    }
  }
  return plan;
}

function faultReply(action: Rule["action"]): Reply | null {
  switch (action.kind) {
    case "status": {
      const isText = typeof action.body === "string";
      const reply = json(action.status, action.body);
      const type = isText ? { "Content-Type": "text/plain" } : reply.headers;
      return { ...reply, headers: { ...type, ...action.headers } };
    }
    case "html":
      return {
        status: action.status,
        headers: { "Content-Type": "text/html;charset=UTF-8" },
        body: `<!DOCTYPE html><html><head><title>${action.status}</title></head><body><h1>ServerParts is temporarily unavailable</h1></body></html>\n`,
      };
    case "apiLimit": {
      const errors = restErrors("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
      return json(403, errors);
    }
    case "retryAfter": {
      const at = new Date(nowMs() + action.seconds * 1000).toUTCString();
      const reply = json(action.status, restErrors("SERVER_UNAVAILABLE", "Too many requests"));
      const after = action.asDate ? at : String(action.seconds);
      return { ...reply, headers: { ...reply.headers, "Retry-After": after } };
    }
    default:
      return null;
  }
}

/** Plays what comes before the route. False when the request has met its end here. */
export async function beforeFault(
  plan: FaultPlan,
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (plan.expire) expireSessions(parts.org.db);
  if (plan.delayMs > 0) await pause(plan.delayMs);
  if (plan.reset === "before") {
    response.destroy();
    return false;
  }
  if (plan.hang === "before") {
    request.resume();
    return false;
  }
  if (plan.reset === "halfway") cutHalfway(request, response);
  return true;
}

/** Cuts the connection when half of the announced body has come in, or at its first byte. */
function cutHalfway(request: IncomingMessage, response: ServerResponse): void {
  const half = Number(request.headers["content-length"] ?? 0) / 2;
  const { socket } = request;
  const before = socket.bytesRead;
  request.on("data", () => {
    if (socket.bytesRead - before >= half || half === 0) response.destroy();
  });
}

/**
 * Plays what comes instead of the answer, once the effect has happened. True when nothing is to be
 * sent.
 */
export function afterFault(plan: FaultPlan, response: ServerResponse): boolean {
  if (plan.reset === "after" || plan.reset === "halfway") response.destroy();
  return plan.reset !== null || plan.hang !== null;
}
