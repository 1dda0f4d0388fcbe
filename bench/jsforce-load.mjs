// The usual way in Node.js: csv-parse makes objects, the twelve columns are picked, csv-stringify makes
// text, jsforce uploads it through Bulk API 2.0. No types are checked and nothing is remembered.
//   node jsforce-load.mjs URL TOKEN FILE
import { createReadStream } from "node:fs";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { stringify } from "csv-stringify";
import jsforce from "jsforce";
import { PLAIN } from "./project.mjs";

const [, , url, token, file] = process.argv;
const connection = new jsforce.Connection({
  instanceUrl: url,
  accessToken: token,
  version: "61.0",
});
const job = connection.bulk2.createJob({
  object: "Contact",
  operation: "upsert",
  externalIdFieldName: "ERP_Id__c",
});
await job.open();
const columns = Object.keys(PLAIN);
const body = new PassThrough();
const written = pipeline(
  createReadStream(file),
  parse({ columns: true }),
  async function* pick(rows) {
    for await (const row of rows) yield columns.map((field) => row[PLAIN[field]]);
  },
  stringify({ header: true, columns }),
  body,
);
await Promise.all([job.uploadData(body), written]);
await job.close();
