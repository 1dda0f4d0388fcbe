// What the network alone costs: creates a job, PUTs a finished file with undici, closes the job; in
// pieces of at most 100 MB, as Bulk API 2.0 wants. With COPY, the same bytes are first copied to a
// file that is made durable: what any client must do that wants to survive a crash.
//   node bare-put.mjs URL TOKEN FILE [COPY]
import {
  closeSync,
  createReadStream,
  fsyncSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { Agent, request } from "undici";

const [, , url, token, file, copy] = process.argv;
const PIECE_BYTES = 100_000_000;
const dispatcher = new Agent({ connections: 1 });
const jobs = `${url}/services/data/v61.0/jobs/ingest`;
const headers = { authorization: `Bearer ${token}` };

if (copy !== undefined) copyDurably(file, copy);
const sent = copy ?? file;
for (const [from, to] of pieces(sent)) await upload(sent, from, to);
await dispatcher.close();

async function upload(name, from, to) {
  const job = { object: "Contact", operation: "upsert", externalIdFieldName: "ERP_Id__c" };
  const { id } = await send("POST", jobs, JSON.stringify({ ...job, contentType: "CSV" }));
  const body = createReadStream(name, { start: from, end: to - 1, highWaterMark: 1 << 18 });
  const size = { "content-type": "text/csv", "content-length": String(to - from) };
  await send("PUT", `${jobs}/${id}/batches`, body, size);
  await send("PATCH", `${jobs}/${id}`, JSON.stringify({ state: "UploadComplete" }));
}

async function send(method, to, body, more = { "content-type": "application/json" }) {
  const answer = await request(to, { method, body, headers: { ...headers, ...more }, dispatcher });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${to}: ${answer.statusCode} ${text}`);
  return text === "" ? {} : JSON.parse(text);
}

/** Pieces that end with a line. */
function pieces(name) {
  const { size } = statSync(name);
  const input = openSync(name, "r");
  const tail = Buffer.alloc(1 << 16);
  const found = [];
  for (let from = 0; from < size; ) {
    let to = Math.min(size, from + PIECE_BYTES);
    if (to < size) {
      readSync(input, tail, 0, tail.length, to - tail.length);
      to -= tail.length - 1 - tail.lastIndexOf(10);
    }
    found.push([from, to]);
    from = to;
  }
  closeSync(input);
  return found;
}

function copyDurably(from, to) {
  const [input, output] = [openSync(from, "r"), openSync(to, "w")];
  const buffer = Buffer.allocUnsafe(1 << 20);
  for (let n = readSync(input, buffer); n > 0; n = readSync(input, buffer)) {
    for (let at = 0; at < n; ) at += writeSync(output, buffer, at, n - at);
  }
  fsyncSync(output);
  closeSync(output);
  closeSync(input);
}
