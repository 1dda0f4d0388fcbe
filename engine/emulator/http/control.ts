import { RuleError } from "../faults/load-rules.ts";
import type { Exchange } from "./exchange.ts";
import { readText } from "./exchange.ts";
import { ApiError, empty, json, notFound, type Reply, restErrors } from "./reply.ts";
import type { Service } from "./service.ts";
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
function check({ control }: Service): void {
  if (!control) throw notFound();
}

export function ledger({ org, query }: Exchange, service: Service): Reply {
  check(service);
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

export function org({ org: { orgId, userId } }: Exchange, service: Service): Reply {
  check(service);
  return json(200, { orgId, userId, ...service.credentials });
}

export function readFaults(_exchange: Exchange, service: Service): Reply {
  check(service);
  return json(200, service.rules.report());
}

export async function setFaults(exchange: Exchange, service: Service): Promise<Reply> {
  check(service);
  const text = await readText(exchange);
  try {
    service.rules.replace(text, "PUT /__control/faults");
  } catch (error) {
    if (error instanceof RuleError) {
      throw new ApiError(400, restErrors("INVALID_FAULTS", error.message));
    }
    throw error;
  }
  return json(200, service.rules.report());
}

export function expire({ org: { db } }: Exchange, service: Service): Reply {
  check(service);
  expireSessions(db);
  return empty(204);
}
