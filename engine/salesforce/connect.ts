import { randomFraction } from "../base/ids.ts";
import { readJson, unexpectedAnswer } from "./answer-body.ts";
import { bulkQueryToFile } from "./bulk-query.ts";
import { type ConnectDeps, type Connection, DEFAULT_TIMEOUTS } from "./connection.ts";
import { describeObject } from "./describe-object.ts";
import { identifyOrg } from "./identity.ts";
import { createIngest } from "./ingest.ts";
import { loginOf } from "./log-in.ts";
import type { Limit, Org, OrgIdentity } from "./org.ts";
import { createRedactor } from "./redact.ts";
import { RestClient } from "./rest-client.ts";
import { Session } from "./session.ts";
import { runSfCli } from "./sf-cli.ts";
import { querySoql } from "./soql-query.ts";
import { Wire } from "./wire.ts";

export type { ConnectDeps, Connection, OrgEvent, ResolvedAuth } from "./connection.ts";

/** What the real client offers beyond the contract. */
export interface ConnectedOrg extends Org {
  /** The org's own count of daily API calls, from the last answer that told it. */
  readonly apiUsage: { readonly used: number; readonly max: number } | null;
  /** The org's own time at its last answer, in milliseconds since the epoch; null before the first. */
  readonly answeredAt: number | null;
  /** Runs a query as a Bulk API 2.0 query job into one CSV file with one header. */
  queryToFile(soql: string, file: string, signal?: AbortSignal): Promise<void>;
}

/** Takes an org's address and its login, gives the org. Sends nothing before it is asked something;
 *  never shows a token or secret. */
export function connectOrg(connection: Connection, deps: ConnectDeps): ConnectedOrg {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...deps.timeouts };
  const { clock, signal, onEvent } = deps;
  const random = deps.random ?? randomFraction;
  const clientName = `sluice/${deps.version ?? "0"}`;
  const redactor = createRedactor();
  const wire = new Wire(timeouts);
  const shared = { wire, redactor, clock, random, clientName, signal, onEvent };
  const session = new Session(loginOf(connection, { ...shared, runCli: deps.runCli ?? runSfCli }));
  const rest = new RestClient({ ...shared, orgName: connection.name, session });
  const { apiVersion } = connection;
  const data = `/services/data/v${apiVersion}`;
  const query = (soql: string, querySignal?: AbortSignal) =>
    querySoql(rest, apiVersion, soql, querySignal);
  let identity: Promise<OrgIdentity> | null = null;

  return {
    name: connection.name,
    apiVersion,
    get apiCalls() {
      return wire.calls;
    },
    get apiUsage() {
      return wire.apiUsage;
    },
    get answeredAt() {
      return wire.answeredAt;
    },
    async identify() {
      identity ??= session.current().then((login) => identifyOrg(rest, login, query, signal));
      try {
        return await identity;
      } catch (thrown) {
        // A failure is not remembered: the next call asks again.
        identity = null;
        throw thrown;
      }
    },
    describe: (object, callSignal) => describeObject(rest, data, object, callSignal),
    limits: (callSignal) => readLimits(rest, data, callSignal),
    query,
    queryToFile: (soql, file, callSignal) =>
      bulkQueryToFile(rest, apiVersion, { soql, file }, { clock, signal: callSignal ?? signal }),
    ingest: createIngest(rest, apiVersion, timeouts),
    close: () => wire.close(),
  };
}

/** Some limits hold a map per app beside Max and Remaining; only these two are read. */
async function readLimits(
  rest: RestClient,
  data: string,
  signal: AbortSignal | undefined,
): Promise<Record<string, Limit>> {
  const purpose = "read the org's limits";
  return rest.send({ method: "GET", path: `${data}/limits`, purpose, signal }, async ({ body }) => {
    const answer = await readJson(body, purpose, rest.redactor);
    if (typeof answer !== "object" || answer === null || Array.isArray(answer)) {
      throw unexpectedAnswer(purpose, JSON.stringify(answer), rest.redactor);
    }
    const limits: Record<string, Limit> = {};
    for (const [name, value] of Object.entries(answer as Record<string, Partial<Limit> | null>)) {
      if (typeof value?.Max === "number" && typeof value.Remaining === "number") {
        limits[name] = { Max: value.Max, Remaining: value.Remaining };
      }
    }
    return limits;
  });
}
