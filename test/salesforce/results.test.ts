import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readText } from "../../engine/salesforce/answer-body.ts";
import { DEFAULT_TIMEOUTS } from "../../engine/salesforce/connection.ts";
import { Wire } from "../../engine/salesforce/wire.ts";
import {
  cutOff,
  cutOffChunked,
  DATA,
  hangInBody,
  html503,
  json,
  type Reply,
  refuse,
  startRig,
  text,
} from "./scripted-org.ts";
import { tempFolder } from "./temp-folder.ts";

const JOB = `${DATA}/jobs/ingest/750x`;
const FAILED = `"sf__Id","sf__Error",Id,Phone\n"","REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --","1","2"\n`;

function gzipped(content: Buffer): Reply {
  return {
    send(response) {
      response.writeHead(200, { "content-encoding": "gzip", "content-length": content.length });
      response.end(content);
    },
  };
}

async function read(...replies: Reply[]) {
  const { server, org, clock } = await startRig({ timeouts: { bodyMs: 150 } });
  server.on(`GET ${JOB}/failedResults`, ...replies);
  const folder = await tempFolder();
  const file = join(folder, "failed.csv");
  const done = org.ingest.readResults("750x", "failedResults", file);
  return { server, clock, folder, file, done };
}

test.each(["successfulResults", "failedResults", "unprocessedrecords"] as const)(
  "%s goes to a file byte by byte",
  async (kind) => {
    const { server, org } = await startRig();
    server.on(`GET ${JOB}/${kind}`, text(200, FAILED, { "content-type": "text/csv" }));
    const folder = await tempFolder();
    await org.ingest.readResults("750x", kind, join(folder, "out.csv"));
    expect(await readFile(join(folder, "out.csv"), "utf8")).toBe(FAILED);
    expect(await readdir(folder)).toEqual(["out.csv"]);
    expect(server.requests(`GET ${JOB}`)[0]?.headers.accept).toBe("text/csv");
  },
);

const zip = gzipSync(FAILED);

test.each([
  ["cut off", cutOff(FAILED, 50)],
  ["cut off, chunked", cutOffChunked(FAILED.slice(0, 50))],
  ["cut off, compressed", gzipped(zip.subarray(0, zip.length - 20))],
  ["a body that stops coming", hangInBody],
  ["503 HTML", html503],
])("%s: fetched again, from the start", async (_, bad) => {
  const { server, file, done } = await read(bad, bad, text(200, FAILED));
  await done;
  expect(await readFile(file, "utf8")).toBe(FAILED);
  expect(server.requests(`GET ${JOB}`)).toHaveLength(3);
});

test("a compressed answer that breaks before it is read is told to its reader, and to nobody else", async () => {
  const { server } = await startRig();
  server.on("GET /broken", gzipped(zip.subarray(0, zip.length - 20)));
  const wire = new Wire(DEFAULT_TIMEOUTS);
  const url = new URL(`${server.url}/broken`);
  const request = { url, method: "GET", headers: {}, accept: [200] } as const;
  const outcome = await wire.exchange(request, async ({ body }) => {
    // Not `once` of node:events, which would listen for errors.
    await new Promise<void>((resolve) => body.once("close", resolve));
    return readText(body, 1_000);
  });
  expect(outcome).toMatchObject({ kind: "broken", error: { code: "Z_BUF_ERROR" } });
  await wire.close();
});

test("a compressed answer is unpacked", async () => {
  const { server, file, done } = await read(gzipped(zip));
  await done;
  expect(await readFile(file, "utf8")).toBe(FAILED);
  expect(server.requests(`GET ${JOB}`)[0]?.headers["accept-encoding"]).toBe("gzip");
});

test.each([
  ["204", text(204, "")],
  ["200 without a body", text(200, "")],
])("%s makes an empty file", async (_, reply) => {
  const { file, done } = await read(reply);
  await done;
  expect(await readFile(file, "utf8")).toBe("");
});

test("a result set that never comes whole leaves no file under its name", async () => {
  const { file, done } = await read(cutOff(FAILED, 50));
  await expect(done).rejects.toMatchObject({ code: "SF_NO_ANSWER", exitCode: 7 });
  await expect(access(file)).rejects.toThrow();
});

test("an old file stays until the new one is whole", async () => {
  const { server, org } = await startRig();
  server.on(
    `GET ${JOB}/failedResults`,
    refuse(404, "NOT_FOUND", "The requested resource does not exist"),
  );
  const file = join(await tempFolder(), "failed.csv");
  await writeFile(file, "old");
  await expect(org.ingest.readResults("750x", "failedResults", file)).rejects.toMatchObject({
    code: "SF_NOT_FOUND",
  });
  expect(await readFile(file, "utf8")).toBe("old");
});

test("a folder that is not there is the disk's fault, and no reason to ask the org again", async () => {
  const { server, org } = await startRig();
  await expect(
    org.ingest.readResults("750x", "failedResults", "/nowhere/failed.csv"),
  ).rejects.toMatchObject({ code: "SF_FILE" });
  expect(server.seen).toEqual([]);
});

test("large results are streamed", async () => {
  const rows = `"sf__Id","sf__Created",Id\n${'"0018d00000UVCjuAAH","true","x"\n'.repeat(100_000)}`;
  const { file, done } = await read(text(200, rows));
  await done;
  expect((await readFile(file, "utf8")) === rows).toBe(true);
});

test("SOQL rows are texts; parents have dotted names; all pages are read", async () => {
  const { server, org } = await startRig();
  const next = `${DATA}/query/01g8d000000001-2000`;
  const attributes = { type: "Contact", url: "/services/data/v61.0/sobjects/Contact/003" };
  server.on(
    `GET ${DATA}/query?`,
    json(200, {
      done: false,
      nextRecordsUrl: next,
      records: [
        {
          attributes,
          Id: "1",
          Email: null,
          Age__c: 1.5,
          Active__c: true,
          Owner: { attributes, Name: "Ada" },
        },
      ],
    }),
  );
  server.on(
    `GET ${next}`,
    html503,
    json(200, { done: true, records: [{ attributes, Id: "2", Owner: null }] }),
  );
  expect(await org.query("SELECT Id FROM Contact WHERE Name = 'a b&c'")).toEqual([
    { Id: "1", Email: "", Age__c: "1.5", Active__c: "true", "Owner.Name": "Ada" },
    { Id: "2", Owner: "" },
  ]);
  const url = new URL(server.requests(`GET ${DATA}/query?`)[0]?.path ?? "", "http://x");
  expect(url.searchParams.get("q")).toBe("SELECT Id FROM Contact WHERE Name = 'a b&c'");
});

test("a wrong query is refused with Salesforce's words on one line", async () => {
  const { server, org } = await startRig();
  server.on(
    `GET ${DATA}/query`,
    refuse(400, "INVALID_FIELD", "\nName FROM Contact\n     ^\nNo such column"),
  );
  await expect(org.query("SELECT X FROM Contact")).rejects.toMatchObject({
    code: "SF_REFUSED",
    message: expect.stringContaining("and said: Name FROM Contact ^ No such column"),
  });
});

const QUERY = `${DATA}/jobs/query`;
const queryJob = (state: string, more = {}) =>
  json(200, { id: "750q", operation: "query", object: "Contact", state, ...more });

test("a bulk query's pages become one CSV with one header, also when a page is cut off", async () => {
  const { server, org, clock } = await startRig();
  const page = (rows: string) => `"Id","ERP_Id__c"\n${rows}`;
  const locator = (value: string) => ({ "sforce-locator": value });
  server.on(`POST ${QUERY}`, queryJob("UploadComplete"));
  server.on(`GET ${QUERY}/750q`, queryJob("InProgress"), queryJob("JobComplete"));
  server.on(`GET ${QUERY}/750q/results`, text(200, page('"1","a"\n'), locator("MTA")));
  server.on(
    `GET ${QUERY}/750q/results?locator=MTA`,
    cutOff(page('"2","b"\n'), 20, locator("MjA")),
    text(200, page('"2","b"\n'), locator("MjA")),
  );
  server.on(`GET ${QUERY}/750q/results?locator=MjA`, text(200, page('"3","c"\n'), locator("null")));
  const file = join(await tempFolder(), "ids.csv");
  await org.queryToFile("SELECT Id, ERP_Id__c FROM Contact", file);
  expect(await readFile(file, "utf8")).toBe('"Id","ERP_Id__c"\n"1","a"\n"2","b"\n"3","c"\n');
  expect(JSON.parse(server.requests(`POST ${QUERY}`)[0]?.body ?? "")).toEqual({
    operation: "query",
    query: "SELECT Id, ERP_Id__c FROM Contact",
  });
  expect(clock.sleeps.slice(0, 2)).toEqual([1000, 1500]);
});

test("a bulk query that fails", async () => {
  const { server, org } = await startRig();
  server.on(`POST ${QUERY}`, queryJob("UploadComplete"));
  server.on(
    `GET ${QUERY}/750q`,
    queryJob("Failed", { errorMessage: "INVALID_FIELD : No such column" }),
  );
  const file = join(await tempFolder(), "ids.csv");
  await expect(org.queryToFile("SELECT X FROM Contact", file)).rejects.toMatchObject({
    code: "SF_REFUSED",
    message: "Query job 750q ended as Failed: INVALID_FIELD : No such column",
  });
});
