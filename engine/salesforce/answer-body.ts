import type { Readable } from "node:stream";
import { EngineError } from "../base/engine-error.ts";
import type { Redactor } from "./redact.ts";

/** The largest JSON answer we read: describes of objects with 800 fields are about 3 MB. */
const JSON_BYTES_MAX = 64 * 1024 * 1024;

/** Reads a body as UTF-8 text; what lies beyond `bytesMax` is dropped, and the connection with it. */
export async function readText(body: Readable, bytesMax: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= bytesMax) break;
  }
  return Buffer.concat(pieces).toString("utf8", 0, bytesMax);
}

/** Reads a body as JSON.
 *  @throws EngineError SF_ANSWER when it is none: a login page, a proxy's greeting. */
export async function readJson(
  body: Readable,
  purpose: string,
  redactor: Redactor,
): Promise<unknown> {
  const text = await readText(body, JSON_BYTES_MAX);
  try {
    return JSON.parse(text);
  } catch {
    throw unexpectedAnswer(purpose, text, redactor);
  }
}

/** For an answer that has the right status and the wrong content. */
export function unexpectedAnswer(purpose: string, body: string, redactor: Redactor): EngineError {
  const shown = redactor.clean(body);
  return new EngineError(
    "SF_ANSWER",
    `The answer to "${purpose}" is not what Salesforce answers: ${shown === "" ? "it is empty" : shown}`,
    {
      hint: "A proxy, a login page or a wrong instanceUrl answers like this. Open the instanceUrl in a browser to see who it is.",
    },
  );
}
