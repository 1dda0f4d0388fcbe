import { EngineError } from "../base/engine-error.ts";
import { readJson, unexpectedAnswer } from "./answer-body.ts";
import type { RestClient } from "./rest-client.ts";

interface PageRequest {
  readonly path: string;
  readonly purpose: string;
  /** Pages after which something is wrong. */
  readonly pagesMax: number;
  readonly signal?: AbortSignal | undefined;
}

/** Reads an answer that comes in pages of { records, nextRecordsUrl }, as queries and job lists do.
 *  @throws EngineError SF_ANSWER when there are more pages than `pagesMax`: never a silent part. */
export async function readRecords(rest: RestClient, request: PageRequest): Promise<unknown[]> {
  const { purpose, signal } = request;
  const records: unknown[] = [];
  let path = request.path;
  for (let pages = 0; pages < request.pagesMax; pages++) {
    const page = await rest.send({ method: "GET", path, purpose, signal }, async ({ body }) => {
      const answer = (await readJson(body, purpose, rest.redactor)) as Page | null;
      if (Array.isArray(answer?.records)) return answer as Page & { records: unknown[] };
      throw unexpectedAnswer(purpose, JSON.stringify(answer), rest.redactor);
    });
    records.push(...page.records);
    const next = page.nextRecordsUrl;
    if (next === null || next === undefined) return records;
    // A page's address is a path of the same org; anything else could carry the token elsewhere.
    if (typeof next !== "string" || !next.startsWith("/services/")) {
      throw unexpectedAnswer(purpose, String(next), rest.redactor);
    }
    path = next;
  }
  throw new EngineError("SF_ANSWER", `"${purpose}" has more than ${request.pagesMax} pages.`);
}

interface Page {
  readonly records?: unknown;
  readonly nextRecordsUrl?: unknown;
}
