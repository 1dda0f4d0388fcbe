import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { API, type Client, localOrg } from "./local-org.ts";

/** Sends bytes as they are, and gives everything that comes back until the server hangs up. */
async function raw(org: Client, text: string): Promise<string> {
  const { hostname, port } = new URL(org.emulator.url);
  return await new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, "latin1"));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
  });
}

const NOT_FOUND = '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]';

test("unknown paths and tricks with paths are 404; a wrong verb is 405", async () => {
  const org = await localOrg();
  for (const url of [
    "/nope",
    "/services/data/v61.0/jobs/ingest/750000000000000AAA",
    "/services/data/v61.0/jobs/ingest/../../../etc/passwd",
    "/services/data/v61.0/jobs/ingest/..%2f..%2fetc%2fpasswd/successfulResults",
    "/services/data/v61.0/jobs/ingest/%00/successfulResults",
    "/services/data/v61.0/%ff%fe",
    "/services/data/v9.0/limits",
    "/services/data/v61/limits",
    "/services/data/v999.0/limits",
    "/services/data/v61.0/sobjects/Contact'%20OR%201=1/describe",
  ]) {
    const answer = await org.call("GET", url);
    expect([url, answer.status, answer.text]).toEqual([url, 404, NOT_FOUND]);
  }
  const verb = await org.call("PUT", `${API}/jobs/ingest`, "x");
  expect([verb.status, verb.text, verb.headers.get("allow")]).toEqual([
    405,
    `[{"errorCode":"METHOD_NOT_ALLOWED","message":"HTTP Method 'PUT' not allowed. Allowed are GET,POST"}]`,
    "GET,POST",
  ]);
});

test("doubled and trailing slashes are forgiven; HEAD has no body", async () => {
  const org = await localOrg();
  expect((await org.call("GET", `/${API}//limits/`)).status).toBe(200);
  const head = await org.call("HEAD", `${API}/limits`);
  expect([head.status, head.text]).toEqual([200, ""]);
  expect(
    (await org.call("GET", "/services/data", undefined, { Authorization: "" })).json.at(-1),
  ).toMatchObject({
    version: "66.0",
  });
});

test("bodies that are no JSON, or JSON of the wrong kind", async () => {
  const org = await localOrg();
  const json = { "Content-Type": "application/json" };
  for (const body of ["", "{", "nonsense", '{"a":1}}']) {
    const rest = await org.call("POST", `${API}/sobjects/Account`, body, json);
    expect([rest.status, rest.json[0].errorCode]).toEqual([400, "JSON_PARSER_ERROR"]);
    const bulk = await org.call("POST", `${API}/jobs/ingest`, body, json);
    expect([bulk.status, Object.keys(bulk.json[0])]).toEqual([400, ["errorCode", "message"]]);
  }
  for (const body of ["[]", "null", "1", '"x"', "{}"]) {
    const answer = await org.call("POST", `${API}/jobs/ingest`, body, json);
    expect(answer.status).toBe(400);
    expect((await org.call("POST", `${API}/composite/sobjects`, body, json)).text).toBe(
      '[{"message":"At least 1 record is required","errorCode":"REQUIRED_FIELD_MISSING"}]',
    );
  }
});

test("what a job may not be", async () => {
  const org = await localOrg();
  const insert = { object: "Account", operation: "insert" };
  const upsert = { object: "Account", operation: "upsert" };
  const cases: [job: Record<string, unknown>, code: string, message: string][] = [
    [{ ...insert, object: "Acount" }, "INVALIDJOB", "InvalidJob : Unable to find object: Acount"],
    [
      { ...upsert, externalIdFieldName: "Website" },
      "INVALIDJOB",
      "InvalidJob : Field name provided, website does not match an External ID, Salesforce Id, or indexed field for Account",
    ],
    [
      { ...upsert, externalIdFieldName: "" },
      "INVALIDJOB",
      "InvalidJob : Field name provided,  does not match an External ID for Account",
    ],
    [
      upsert,
      "INVALIDJOB",
      "InvalidJob : External ID was blank for Account. An External ID must be specified for upsert.",
    ],
    [
      { object: "Account", operation: "" },
      "API_ERROR",
      "Invalid value: '' supplied for property: 'operation'",
    ],
    [
      { ...insert, contentType: "" },
      "API_ERROR",
      "Invalid value: '' supplied for property: 'contentType'",
    ],
    [
      { ...insert, columnDelimiter: "SPACE" },
      "API_ERROR",
      "Invalid value: 'SPACE' supplied for property: 'columnDelimiter'",
    ],
    [
      { ...insert, object: "Organization" },
      "INVALIDENTITY",
      "Entity 'Organization' is not supported by the Bulk API.",
    ],
  ];
  for (const [job, errorCode, message] of cases) {
    const answer = await org.call("POST", `${API}/jobs/ingest`, job);
    expect([answer.status, answer.text]).toEqual([400, JSON.stringify([{ errorCode, message }])]);
  }
});

test("state changes that are refused", async () => {
  const org = await localOrg();
  const id = await org.load({ object: "Account", operation: "insert" }, "Name\nA\n");
  await org.finish(id);
  const patch = async (state: string) =>
    await org.call("PATCH", `${API}/jobs/ingest/${id}`, { state });
  expect((await patch("Aborted")).json[0].message).toBe(
    "Aborting already Completed Job not allowed",
  );
  expect((await patch("UploadComplete")).json[0].message).toBe(
    "Closing already Completed Job not allowed",
  );
  expect((await patch("uploadcomplete")).status).toBe(400);
  const put = await org.call("PUT", `${API}/jobs/ingest/${id}/batches`, "Name\nB\n");
  expect([put.status, put.json[0].errorCode]).toEqual([400, "INVALIDJOBSTATE"]);
  const open = (
    await org.call("POST", `${API}/jobs/ingest`, { object: "Account", operation: "insert" })
  ).json.id;
  expect((await org.call("DELETE", `${API}/jobs/ingest/${open}`)).status).toBe(400);
  expect((await org.call("GET", `${API}/jobs/ingest/${open.slice(0, 15)}`)).json.id).toBe(open);
});

test("gzip: JSON bodies are read, uploads are refused, answers are compressed on request", async () => {
  const org = await localOrg();
  const body = gzipSync(JSON.stringify({ object: "Account", operation: "insert" }));
  const headers = { "Content-Type": "application/json", "Content-Encoding": "gzip" };
  const created = await org.call("POST", `${API}/jobs/ingest/`, body, headers);
  expect(created.status).toBe(200);
  const bad = await org.call("POST", `${API}/jobs/ingest/`, Buffer.from("not gzip"), headers);
  expect([bad.status, bad.json[0].errorCode]).toEqual([400, "JSON_PARSER_ERROR"]);
  const put = await org.call("PUT", `/${created.json.contentUrl}`, gzipSync("Name\nA\n"), {
    "Content-Encoding": "gzip",
  });
  expect(put.status).toBe(415);
  const plain = await raw(
    org,
    `GET ${API}/sobjects HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${org.emulator.accessToken}\r\nAccept-Encoding: gzip\r\n\r\n`,
  );
  expect(plain).toMatch(/content-encoding: gzip/i);
});

test("multipart: the job comes with its content, and is closed at once", async () => {
  const org = await localOrg();
  const body = `--BOUNDARY
Content-Type: application/json
Content-Disposition: form-data; name="job"

{ "object":"Contact", "contentType":"CSV", "operation": "insert", "lineEnding" : "LF" }

--BOUNDARY
Content-Type: text/csv
Content-Disposition: form-data; name="content"; filename="content"

FirstName,LastName,MailingCity
Astro,Nomical,San Francisco
Hootie,McOwl,San Francisco

--BOUNDARY--
`;
  for (const text of [
    body,
    body.replaceAll("\n", "\r\n").replaceAll(/(City|Francisco)\r\n/g, "$1\n"),
  ]) {
    const answer = await org.call("POST", `${API}/jobs/ingest`, text, {
      "Content-Type": 'multipart/form-data; boundary="BOUNDARY"',
    });
    expect(Object.keys(answer.json).join(" ")).toBe(
      "id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion lineEnding columnDelimiter",
    );
    expect(answer.json.state).toBe("UploadComplete");
    const done = await org.finish(answer.json.id);
    expect(done.json).toMatchObject({
      state: "JobComplete",
      numberRecordsProcessed: 2,
      numberRecordsFailed: 0,
    });
  }
  const tooLong = body.replace("Astro", "x".repeat(100_000));
  const refused = await org.call("POST", `${API}/jobs/ingest`, tooLong, {
    "Content-Type": "multipart/form-data; boundary=BOUNDARY",
  });
  expect(refused.status).toBe(400);
});

test("no HTTP, a huge header, a body that never comes: answered or hung up on, and the org lives", async () => {
  const org = await localOrg();
  expect(await raw(org, "nonsense\r\n\r\n")).toMatch(
    /^HTTP\/1\.1 400 [\s\S]*<h1>Bad Message 400<\/h1>/,
  );
  expect(await raw(org, `GET / HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(70_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431/,
  );
  const { hostname, port } = new URL(org.emulator.url);
  const job = (
    await org.call("POST", `${API}/jobs/ingest`, { object: "Account", operation: "insert" })
  ).json;
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `PUT /${job.contentUrl} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${org.emulator.accessToken}\r\nContent-Length: 1000\r\n\r\nName\nhalf`,
        () => socket.destroy(),
      );
    });
    socket.on("close", () => resolve());
  });
  const info = await org.call("GET", `${API}/jobs/ingest/${job.id}`);
  expect(info.json.numberRecordsProcessed).toBeUndefined();
  expect((await org.call("PUT", `/${job.contentUrl}`, "Name\nA\n")).status).toBe(201);
});

test("an upload that announces too much is refused before it is read", async () => {
  const org = await localOrg();
  const job = (
    await org.call("POST", `${API}/jobs/ingest`, { object: "Account", operation: "insert" })
  ).json;
  const answer = await raw(
    org,
    `PUT /${job.contentUrl} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${org.emulator.accessToken}\r\nContent-Length: 200000000\r\n\r\nName\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*exceeds the maximum size/);
});

test("the list of jobs, in pages", async () => {
  const org = await localOrg();
  const ids: string[] = [];
  for (let i = 0; i < 1_003; i += 1) {
    const { json } = await org.call("POST", `${API}/jobs/ingest`, {
      object: "Account",
      operation: "insert",
    });
    ids.push(json.id);
  }
  const first = (await org.call("GET", `${API}/jobs/ingest`)).json;
  expect([first.done, first.records.length]).toEqual([false, 1_000]);
  const second = (await org.call("GET", first.nextRecordsUrl)).json;
  expect([second.done, second.records.length, second.nextRecordsUrl]).toEqual([true, 3, null]);
  const listed = [...first.records, ...second.records].map((job) => job.id);
  expect(new Set(listed)).toEqual(new Set(ids));
  expect((await org.call("GET", `${API}/jobs/ingest?jobType=Classic`)).json.records).toEqual([]);
});

test("sink mode counts bytes and records, and keeps nothing", async () => {
  const org = await localOrg({ sink: true });
  const id = await org.load(
    { object: "Account", operation: "insert" },
    'Name,Description\nA,"x\ny"\nB,z',
  );
  const done = await org.call("GET", `${API}/jobs/ingest/${id}`);
  expect(done.json).toMatchObject({
    state: "JobComplete",
    numberRecordsProcessed: 2,
    numberRecordsFailed: 0,
  });
  expect(await org.query("SELECT Id FROM Account")).toEqual([]);
  expect(await org.result(id, "failedResults")).toBe('"sf__Id","sf__Error"\n');
});
