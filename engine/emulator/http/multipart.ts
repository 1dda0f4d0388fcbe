import { type Exchange, readText } from "./exchange.ts";
import { bulkError } from "./reply.ts";

/** Content of a multipart job is limited to this many characters (Bulk API 2.0 guide). */
const CONTENT_CHARS_MAX = 100_000;

/** Reads the two parts of a create-with-content request: the job as JSON, the content as CSV. */
export async function readMultipartJob(
  exchange: Exchange,
): Promise<{ readonly job: unknown; readonly content: string }> {
  const type = String(exchange.request.headers["content-type"] ?? "");
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) throw bad("The boundary is missing");
  const parts = (await readText(exchange)).split(`--${boundary}`).slice(1, -1).map(readPart);
  const job = parts.find((part) => part.name === "job");
  const content = parts.find((part) => part.name === "content");
  if (!job || !content) throw bad("The parts job and content are required");
  if (content.body.length > CONTENT_CHARS_MAX) {
    throw bad(`The content is longer than ${CONTENT_CHARS_MAX} characters`);
  }
  try {
    return { job: JSON.parse(job.body), content: content.body };
  } catch {
    throw bulkError("JSON_PARSER_ERROR", "The job part is not JSON");
  }
}

function readPart(text: string): { readonly name: string; readonly body: string } {
  const part = text.replace(/^\r?\n/, "");
  const gap = /\r?\n\r?\n/.exec(part);
  const head = gap === null ? part : part.slice(0, gap.index);
  const name = /content-disposition:[^\n]*\bname="?([^";\r\n]+)"?/i.exec(head)?.[1] ?? "";
  const body = gap === null ? "" : part.slice(gap.index + gap[0].length);
  // The line break before the next boundary belongs to the boundary.
  return { name, body: body.replace(/\r?\n$/, "") };
}

function bad(reason: string) {
  return bulkError("CLIENTINPUTERROR", `ClientInputError : ${reason}`);
}
