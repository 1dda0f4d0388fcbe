import { EngineError } from "../base/engine-error.ts";
import { didYouMean } from "../base/suggest.ts";
import { readJson, unexpectedAnswer } from "./answer-body.ts";
import type { RestClient } from "./rest-client.ts";

/** The describe answer of one object. `data` is the API's path, /services/data/v61.0.
 *  @throws EngineError DESCRIBE_NOT_FOUND with the object that was probably meant; AUTH_*, SF_*. */
export async function describeObject(
  rest: RestClient,
  data: string,
  object: string,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const purpose = `describe ${object}`;
  const path = `${data}/sobjects/${encodeURIComponent(object)}/describe`;
  try {
    return await rest.send({ method: "GET", path, purpose, signal }, ({ body }) =>
      readJson(body, purpose, rest.redactor),
    );
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || !UNKNOWN.has(thrown.salesforceCode ?? "")) throw thrown;
    const names = await objectNames(rest, data, signal).catch(noNames);
    const meant = didYouMean(object, names) ?? customNamed(object, names);
    throw new EngineError(
      "DESCRIBE_NOT_FOUND",
      `The org has no object "${object}" that the connected user may see.`,
      {
        hint:
          meant ??
          "Check the API name: custom objects end in __c. Else give the user access to the object.",
        cause: thrown,
        salesforceCode: thrown.salesforceCode ?? undefined,
      },
    );
  }
}

const UNKNOWN: ReadonlySet<string> = new Set(["NOT_FOUND", "INVALID_TYPE"]);

/** The API names of all objects that the connected user may see. */
async function objectNames(
  rest: RestClient,
  data: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const purpose = "list the org's objects";
  return rest.send(
    { method: "GET", path: `${data}/sobjects`, purpose, signal },
    async ({ body }) => {
      const answer = (await readJson(body, purpose, rest.redactor)) as {
        sobjects?: unknown;
      } | null;
      if (!Array.isArray(answer?.sobjects)) throw unexpectedAnswer(purpose, "", rest.redactor);
      return answer.sobjects.flatMap((entry: { name?: unknown } | null) =>
        typeof entry?.name === "string" ? [entry.name] : [],
      );
    },
  );
}

/** The list only serves a hint: without it the error still says what is wrong. */
function noNames(thrown: unknown): string[] {
  if (thrown instanceof EngineError) return [];
  throw thrown;
}

function customNamed(object: string, names: readonly string[]): string | null {
  const wanted = `${object}__c`.toLowerCase();
  const name = names.find((each) => each.toLowerCase() === wanted);
  return name === undefined ? null : `Did you mean "${name}"?`;
}
