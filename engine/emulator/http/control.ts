import { RuleError } from "../faults/load-rules.ts";
import type { Exchange } from "./exchange.ts";
import { readText } from "./exchange.ts";
import { ApiError, empty, json, notFound, type Reply, restErrors } from "./reply.ts";
import type { ServerParts } from "./server-parts.ts";
import { expireSessions } from "./sessions.ts";

/**
 * For tests, and only with `control: true`:
 *
 *     GET  /__control/ledger[?job=ID]      every row that was applied, in order
 *     GET  /__control/org                  ids and credentials
 *     GET  /__control/faults               the rules, and how often each has matched
 *     PUT  /__control/faults               new rules (YAML or JSON, as in a faults file); counters start again
 *     POST /__control/expire-sessions      all sessions end
 */
function check({ control }: ServerParts): void {
  if (!control) throw notFound();
}

export function ledger({ org, query }: Exchange, parts: ServerParts): Reply {
  check(parts);
  const job = query.get("job");
  const rows =
    job === null
      ? org.db.all("SELECT * FROM ledger ORDER BY seq")
      : org.db.all("SELECT * FROM ledger WHERE job_id = ? ORDER BY seq", job);
  return json(
    200,
    rows.map(({ job_id, row, key, action, id }) => ({ jobId: job_id, row, key, action, id })),
  );
}

export function org({ org: { orgId, userId } }: Exchange, parts: ServerParts): Reply {
  check(parts);
  return json(200, { orgId, userId, ...parts.credentials });
}

export function readFaults(_exchange: Exchange, parts: ServerParts): Reply {
  check(parts);
  return json(200, parts.rules.report());
}

export async function setFaults(exchange: Exchange, parts: ServerParts): Promise<Reply> {
  check(parts);
  const text = await readText(exchange);
  try {
    parts.rules.replace(text, "PUT /__control/faults");
  } catch (error) {
    if (error instanceof RuleError) {
      throw new ApiError(400, restErrors("INVALID_FAULTS", error.message));
    }
    throw error;
  }
  return json(200, parts.rules.report());
}

export function expire({ org: { db } }: Exchange, parts: ServerParts): Reply {
  check(parts);
  expireSessions(db);
  return empty(204);
}
