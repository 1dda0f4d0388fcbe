import type { Action, Rule } from "./rules.ts";

type Map = Readonly<Record<string, unknown>>;

/** Reads one rule of a faults file. Throws with a message that says what is wrong. */
export function readRule(entry: unknown, id: string): Rule {
  const rule = map(entry, "a fault");
  only(rule, ["id", "on", "do"]);
  const on = map(rule.on ?? {}, "on");
  only(on, ["method", "path", "pattern", "job", "nth", "times"]);
  const job = on.job === undefined ? null : map(on.job ?? {}, "on.job");
  if (job) only(job, ["object", "operation"]);
  const action = readAction(map(rule.do, "do"));
  const forJobs = JOB_ACTIONS.has(action.kind);
  if (forJobs !== (job !== null)) {
    throw new Error(
      forJobs ? `do.${action.kind} needs on.job` : `do.${action.kind} is for requests, not on.job`,
    );
  }
  return {
    id: rule.id === undefined ? id : String(rule.id),
    on: {
      method: on.method === undefined ? null : String(on.method).toUpperCase(),
      path: readPath(on),
      job: job && { object: textOrNull(job.object), operation: textOrNull(job.operation) },
      nth: countOrNull(on.nth, "on.nth"),
      times: countOrNull(on.times, "on.times"),
    },
    action,
  };
}

const JOB_ACTIONS: ReadonlySet<Action["kind"]> = new Set<Action["kind"]>([
  "rowError",
  "requeueBatch",
  "failAfterRows",
  "abortAfterRows",
  "holdAfterRows",
  "emptyFails",
]);

function readPath(on: Map): RegExp | null {
  if (on.pattern !== undefined) return new RegExp(String(on.pattern), "i");
  if (on.path === undefined) return null;
  const glob = String(on.path)
    .replaceAll(/[.+^${}()|[\]\\?]/g, "\\$&")
    .replaceAll(/\*\*|\*/g, (stars) => (stars === "**" ? ".*" : "[^/]*"));
  return new RegExp(`^${glob}/?$`, "i");
}

/** `do` is a mapping with one key, the name of the action; its value holds the details. */
function readAction(said: Map): Action {
  const [kind = "", ...rest] = Object.keys(said);
  const value = said[kind];
  const details: Map = isMap(value) ? value : {};
  if (rest.length > 0)
    throw new Error(`do takes one action, not ${Object.keys(said).join(" and ")}`);
  switch (kind) {
    case "status": {
      const status = number(isMap(value) ? value.status : value, "do.status");
      const headers = Object.entries(isMap(details.headers) ? details.headers : {});
      return {
        kind,
        status,
        body: details.body ?? "",
        headers: Object.fromEntries(headers.map(([name, text]) => [name, String(text)])),
      };
    }
    case "html":
      return { kind, status: number(value, "do.html") };
    case "retryAfter":
      return {
        kind,
        seconds: number(isMap(value) ? value.seconds : value, "do.retryAfter"),
        asDate: details.asDate === true,
        status: number(details.status ?? 503, "do.retryAfter.status"),
      };
    case "reset":
      return { kind, when: oneOf(value, ["before", "halfway", "after"], "do.reset") };
    case "delay":
      return { kind, ms: number(value, "do.delay") };
    case "hang":
      return { kind, after: value === "after" };
    case "apiLimit":
    case "expireSession":
    case "truncate":
    case "shuffle":
    case "empty204":
    case "blankHeaderCase":
    case "secondPut":
    case "emptyFails":
      return { kind };
    case "short":
      return { kind, rows: number(value, "do.short") };
    case "hideField":
      return { kind, field: String(value) };
    case "rowError":
      return readRowError(details);
    case "requeueBatch":
      return { kind, times: number(value, "do.requeueBatch") };
    case "failAfterRows":
      return {
        kind,
        rows: number(isMap(value) ? value.rows : value, "do.failAfterRows"),
        error: String(details.error ?? "InternalServerError : Retried more than 20 times"),
      };
    case "abortAfterRows":
    case "holdAfterRows":
      return { kind, rows: number(value, `do.${kind}`) };
    default:
      throw new Error(`there is no action "${kind}"`);
  }
}

const LOCKED = "unable to obtain exclusive access to this record";

function readRowError(details: Map): Action {
  only(details, ["code", "message", "fields", "every", "keys", "attempts"]);
  const code = String(details.code ?? "UNABLE_TO_LOCK_ROW");
  const usual = code === "UNABLE_TO_LOCK_ROW" ? LOCKED : "injected by a fault rule";
  return {
    kind: "rowError",
    code,
    message: String(details.message ?? usual),
    fields: Array.isArray(details.fields) ? details.fields.map(String) : [],
    every: number(details.every ?? 1, "do.rowError.every"),
    keys: Array.isArray(details.keys) ? details.keys.map((key) => String(key).toLowerCase()) : null,
    attempts: Number(details.attempts ?? 0),
  };
}

function isMap(value: unknown): value is Map {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function map(value: unknown, what: string): Map {
  if (isMap(value)) return value;
  throw new Error(`${what} must be a mapping`);
}

function only(given: Map, allowed: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !allowed.includes(key));
  if (unknown) throw new Error(`unknown key "${unknown}"; allowed are ${allowed.join(", ")}`);
}

function number(value: unknown, what: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw new Error(`${what} must be a whole number`);
}

function countOrNull(value: unknown, what: string): number | null {
  return value === undefined || value === null ? null : number(value, what);
}

function textOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], what: string): T {
  const found = allowed.find((known) => known === value);
  if (found === undefined) throw new Error(`${what} must be one of ${allowed.join(", ")}`);
  return found;
}
