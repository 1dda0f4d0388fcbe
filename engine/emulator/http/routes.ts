import * as collections from "./collections.ts";
import * as control from "./control.ts";
import * as describe from "./describe-routes.ts";
import type { Exchange } from "./exchange.ts";
import * as identity from "./identity.ts";
import * as ingest from "./ingest-routes.ts";
import { limits } from "./limits.ts";
import * as oauth from "./oauth.ts";
import * as queryJobs from "./query-job-routes.ts";
import * as queries from "./query-routes.ts";
import * as records from "./record-routes.ts";
import { json, type Reply } from "./reply.ts";
import type { ServerParts } from "./server-parts.ts";

export interface Route {
  readonly method: string;
  /** Path segments; `:name` takes any one segment. Letter case of the others does not matter. */
  readonly segments: readonly string[];
  /** Open routes need no session: logging in, and the control endpoint. */
  readonly open: boolean;
  readonly handle: (exchange: Exchange, parts: ServerParts) => Reply | Promise<Reply>;
}

type Handle = Route["handle"];

function open(method: string, path: string, handle: Handle): Route {
  return { method, segments: path.split("/").filter(Boolean), open: true, handle };
}

function data(method: string, path: string, handle: Handle): Route {
  const segments = ["services", "data", ":version", ...path.split("/").filter(Boolean)];
  return { method, segments, open: false, handle };
}

/** Everything that the local org answers. The first route that fits is taken. */
export const ROUTES: readonly Route[] = [
  open("POST", "services/oauth2/token", (exchange, { credentials }) =>
    oauth.token(exchange, credentials),
  ),
  open("POST", "services/oauth2/revoke", oauth.revoke),
  open("GET", "services/oauth2/revoke", oauth.revoke),
  { ...open("GET", "services/oauth2/userinfo", identity.userInfo), open: false },
  { ...open("POST", "services/oauth2/userinfo", identity.userInfo), open: false },
  { ...open("GET", "id/:org/:user", identity.identity), open: false },
  open("GET", "services/data", () => json(200, VERSIONS)),
  data("GET", "", (exchange) => json(200, resources(exchange))),
  data("GET", "limits", (exchange, { usage }) => limits(exchange, usage.used())),

  data("POST", "jobs/ingest", ingest.createIngestJob),
  data("GET", "jobs/ingest", ingest.listIngestJobs),
  data("GET", "jobs/ingest/:id", ingest.readIngestJob),
  data("PATCH", "jobs/ingest/:id", ingest.changeState),
  data("DELETE", "jobs/ingest/:id", ingest.deleteIngestJob),
  data("PUT", "jobs/ingest/:id/batches", ingest.uploadContent),
  data("GET", "jobs/ingest/:id/:result", ingest.readResults),

  data("POST", "jobs/query", queryJobs.createQueryJob),
  data("GET", "jobs/query", queryJobs.listQueryJobs),
  data("GET", "jobs/query/:id", queryJobs.readQueryJob),
  data("PATCH", "jobs/query/:id", queryJobs.abortQueryJob),
  data("DELETE", "jobs/query/:id", queryJobs.deleteQueryJob),
  data("GET", "jobs/query/:id/results", queryJobs.readQueryResults),

  data("GET", "query", queries.query),
  data("GET", "queryAll", queries.query),
  data("GET", "query/:locator", queries.queryMore),
  data("GET", "queryAll/:locator", queries.queryMore),
  data("GET", "tooling/query", queries.query),

  data("GET", "sobjects", describe.describeGlobal),
  data("GET", "sobjects/:object", describe.describeBasic),
  data("POST", "sobjects/:object", records.createRecord),
  data("GET", "sobjects/:object/describe", describe.describeObject),
  data("GET", "sobjects/:object/:id", records.getRecord),
  data("PATCH", "sobjects/:object/:id", records.updateRecord),
  data("DELETE", "sobjects/:object/:id", records.deleteRecord),
  data("GET", "sobjects/:object/:field/:value", records.getByKey),
  data("PATCH", "sobjects/:object/:field/:value", records.upsertByKey),
  data("DELETE", "sobjects/:object/:field/:value", records.deleteByKey),

  data("POST", "composite/sobjects", collections.createMany),
  data("PATCH", "composite/sobjects", collections.updateMany),
  data("DELETE", "composite/sobjects", collections.deleteMany),
  data("PATCH", "composite/sobjects/:object/:field", collections.upsertMany),
  data("GET", "composite/sobjects/:object", collections.getMany),
  data("POST", "composite/sobjects/:object", collections.getMany),

  open("GET", "__control/ledger", control.ledger),
  open("GET", "__control/org", control.org),
  open("GET", "__control/faults", control.readFaults),
  open("PUT", "__control/faults", control.setFaults),
  open("POST", "__control/expire-sessions", control.expire),
];

/** Finds the route for a path, and the methods that the path does take. */
export function findRoute(
  method: string,
  segments: readonly string[],
): { route: Route | null; params: Record<string, string>; allowed: string[] } {
  const fitting = ROUTES.flatMap((route) => {
    const params = matchSegments(route.segments, segments);
    return params === null ? [] : [{ route, params }];
  });
  // HEAD is a GET whose body is not sent.
  const wanted = method === "HEAD" ? "GET" : method;
  const found = fitting.find(({ route }) => route.method === wanted);
  const allowed = [...new Set(fitting.map(({ route }) => route.method))].sort();
  return { route: found?.route ?? null, params: found?.params ?? {}, allowed };
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return null;
  }
  return params;
}

/** API versions the org serves. */
export const VERSION_MIN = 42;
export const VERSION_MAX = 66;

const VERSIONS = Array.from({ length: VERSION_MAX - VERSION_MIN + 1 }, (_, index) => {
  const version = VERSION_MIN + index;
  // Three releases a year: v42 is Spring '18.
  const season = ["Spring", "Summer", "Winter"][index % 3] ?? "";
  const year = 18 + Math.floor((index + 1) / 3);
  return {
    label: `${season} '${year}`,
    url: `/services/data/v${version}.0`,
    version: `${version}.0`,
  };
});

function resources({ version, baseUrl, org }: Exchange): Record<string, string> {
  const base = `/services/data/v${version}`;
  const names = ["sobjects", "query", "queryAll", "limits", "jobs", "composite", "tooling"];
  return {
    ...Object.fromEntries(names.map((name) => [name, `${base}/${name}`])),
    identity: `${baseUrl}/id/${org.orgId}/${org.userId}`,
  };
}
