import { readRecords } from "./json-pages.ts";
import type { RestClient } from "./rest-client.ts";

/** 2,000 records a page: 2,000,000 records in all. Larger answers are for `queryToFile`. */
const QUERY_PAGES_MAX = 1000;

/** Rows of a SOQL query by the REST API. A parent's column is named as in the query: `Owner.Email`.
 *  @throws EngineError SF_REFUSED when the query is wrong; AUTH_*, SF_*. */
export async function querySoql(
  rest: RestClient,
  apiVersion: string,
  soql: string,
  signal?: AbortSignal,
): Promise<Record<string, string>[]> {
  const records = await readRecords(rest, {
    path: `/services/data/v${apiVersion}/query?${new URLSearchParams({ q: soql })}`,
    purpose: "query records",
    pagesMax: QUERY_PAGES_MAX,
    signal,
  });
  return records.map((record) => flatten(record));
}

function flatten(record: unknown, prefix = "", row: Record<string, string> = {}) {
  for (const [name, value] of Object.entries(record as Record<string, unknown>)) {
    if (name === "attributes") continue;
    if (typeof value === "object" && value !== null) flatten(value, `${prefix}${name}.`, row);
    else row[prefix + name] = value === null ? "" : String(value);
  }
  return row;
}
