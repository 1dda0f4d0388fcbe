import { expect, test } from "vitest";
import { API, localOrg } from "./local-org.ts";

// Key order and values as recorded from real orgs (API v60, September 2024): the JSON text itself
// counts.

const TIMES = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000/g;

function normal(text: string, id: string): string {
  return text
    .replaceAll(id, "<id>")
    .replaceAll(TIMES, "<time>")
    .replaceAll(/"createdById":"005\w{15}"/g, '"createdById":"<user>"')
    .replaceAll(/("totalProcessingTime"|"apiActiveProcessingTime"):\d+/g, "$1:<ms>");
}

test("the answers of an upsert job, from create to complete", async () => {
  const org = await localOrg();
  const job = {
    object: "contact",
    operation: "upsert",
    externalIdFieldName: "Email",
    contentType: "CSV",
    lineEnding: "LF",
  };
  const created = await org.call("POST", `${API}/jobs/ingest`, job);
  const { id } = created.json;
  expect(created.status).toBe(200);
  expect(id).toMatch(/^750\w{15}$/);
  expect(normal(created.text, id)).toBe(
    '{"id":"<id>","operation":"upsert","object":"Contact","createdById":"<user>","createdDate":"<time>","systemModstamp":"<time>","state":"Open","externalIdFieldName":"Email","concurrencyMode":"Parallel","contentType":"CSV","apiVersion":61.0,"contentUrl":"services/data/v61.0/jobs/ingest/<id>/batches","lineEnding":"LF","columnDelimiter":"COMMA"}',
  );

  const open = await org.call("GET", `${API}/jobs/ingest/${id}`);
  expect(normal(open.text, id)).toBe(
    '{"id":"<id>","operation":"upsert","object":"Contact","createdById":"<user>","createdDate":"<time>","systemModstamp":"<time>","state":"Open","externalIdFieldName":"Email","concurrencyMode":"Parallel","contentType":"CSV","apiVersion":61.0,"jobType":"V2Ingest","contentUrl":"services/data/v61.0/jobs/ingest/<id>/batches","lineEnding":"LF","columnDelimiter":"COMMA","retries":0,"totalProcessingTime":<ms>,"apiActiveProcessingTime":<ms>,"apexProcessingTime":0}',
  );

  const put = await org.call("PUT", `/${created.json.contentUrl}`, "Email,LastName\na@b.co,One\n");
  expect([put.status, put.text]).toEqual([201, ""]);
  const uploaded = await org.call("GET", `${API}/jobs/ingest/${id}`);
  expect(Object.keys(uploaded.json)).toHaveLength(21);
  expect(uploaded.text).toContain(
    '"columnDelimiter":"COMMA","numberRecordsProcessed":0,"numberRecordsFailed":0,"retries":0',
  );

  const closed = await org.call("PATCH", `${API}/jobs/ingest/${id}`, { state: "UploadComplete" });
  expect(normal(closed.text, id)).toBe(
    '{"id":"<id>","operation":"upsert","object":"Contact","createdById":"<user>","createdDate":"<time>","systemModstamp":"<time>","state":"UploadComplete","externalIdFieldName":"Email","concurrencyMode":"Parallel","contentType":"CSV","apiVersion":61.0}',
  );

  const complete = await org.finish(id);
  expect(normal(complete.text, id)).toBe(
    '{"id":"<id>","operation":"upsert","object":"Contact","createdById":"<user>","createdDate":"<time>","systemModstamp":"<time>","state":"JobComplete","externalIdFieldName":"Email","concurrencyMode":"Parallel","contentType":"CSV","apiVersion":61.0,"jobType":"V2Ingest","lineEnding":"LF","columnDelimiter":"COMMA","numberRecordsProcessed":1,"numberRecordsFailed":0,"retries":0,"totalProcessingTime":<ms>,"apiActiveProcessingTime":<ms>,"apexProcessingTime":0}',
  );
  expect(await org.result(id, "successfulResults")).toMatch(
    /^"sf__Id","sf__Created",Email,LastName\n"003\w{15}","true","a@b\.co","One"\n$/,
  );
  expect(await org.result(id, "failedResults")).toBe('"sf__Id","sf__Error",Email,LastName\n');
  expect(await org.result(id, "unprocessedrecords")).toBe("Email,LastName\n");
  expect(await org.result(id, "unprocessedRecords/")).toBe("Email,LastName\n");
  expect((await org.call("DELETE", `${API}/jobs/ingest/${id}`)).status).toBe(204);
  const gone = await org.call("GET", `${API}/jobs/ingest/${id}`);
  expect([gone.status, gone.text]).toEqual([
    404,
    '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]',
  ]);
});

test("a failed row comes back as it was sent, with the recorded error text", async () => {
  const org = await localOrg();
  const csv =
    "LastName,FirstName,Email,Birthdate\nOne,A,a@b.co,2003-04-05\nTwo,B,b@b.co,2003-04-987654321987654321\n";
  const id = await org.load({ object: "Contact", operation: "insert" }, csv);
  const done = await org.finish(id);
  expect(done.json).toMatchObject({
    state: "JobComplete",
    numberRecordsProcessed: 2,
    numberRecordsFailed: 1,
  });
  expect(await org.result(id, "failedResults")).toBe(
    `"sf__Id","sf__Error",LastName,FirstName,Email,Birthdate\n"","INVALID_FIELD:Failed to deserialize field at col 3. Due to, '2003-04-987654321987654321' is not a valid value for the type xsd:date:Birthdate --","Two","B","b@b.co","2003-04-987654321987654321"\n`,
  );
});

test("an unknown column fails the job and names it; counters stay 0", async () => {
  const org = await localOrg();
  const id = await org.load({ object: "Contact", operation: "insert" }, "LastName,Nope\nOne,x\n");
  const done = await org.finish(id);
  expect(done.json.state).toBe("Failed");
  expect(done.text).toContain(
    '"numberRecordsProcessed":0,"numberRecordsFailed":0,"retries":0,"totalProcessingTime":0,"apiActiveProcessingTime":0,"apexProcessingTime":0,"errorMessage":"InvalidBatch : Field name not found : Nope"}',
  );
  expect(await org.result(id, "unprocessedrecords")).toBe('LastName,Nope\n"One","x"\n');
});

test("numbers come back as Java prints doubles, quotes doubled, wrong width blank", async () => {
  const org = await localOrg();
  const csv = `Name,NumberOfEmployees,AnnualRevenue,"Description"\n"A ""q"", x",2676,912260031,"two\nlines"\nB,1\nC,,12.5,\n`;
  const id = await org.load({ object: "Account", operation: "insert" }, csv);
  await org.finish(id);
  const successes = (await org.result(id, "successfulResults")).replaceAll(
    /"001\w{15}"/g,
    '"<id>"',
  );
  expect(successes).toBe(
    `"sf__Id","sf__Created",Name,NumberOfEmployees,AnnualRevenue,"Description"\n"<id>","true","A ""q"", x","2676","9.12260031E8","two\nlines"\n"<id>","true","C","","12.5",""\n`,
  );
  expect(await org.result(id, "failedResults")).toBe(
    `"sf__Id","sf__Error",Name,NumberOfEmployees,AnnualRevenue,"Description"\n"","INVALID_FIELD:Number of fields in header is different from the row. header = 4 row = 2:--","","","",""\n`,
  );
});

test("rows of a job that was aborted before it began, or can't be read, are unprocessed", async () => {
  const org = await localOrg();
  const job = { object: "Contact", operation: "insert" };
  const created = await org.call("POST", `${API}/jobs/ingest`, job);
  await org.call("PUT", `/${created.json.contentUrl}`, '"LastName",Title\nOne,"a ""b"""\nTwo,\n');
  await org.call("PATCH", `${API}/jobs/ingest/${created.json.id}`, { state: "Aborted" });
  expect(await org.result(created.json.id, "unprocessedrecords")).toBe(
    '"LastName",Title\n"One","a ""b"""\n"Two",""\n',
  );
  expect(await org.result(created.json.id, "successfulResults")).toBe(
    '"sf__Id","sf__Created","LastName",Title\n',
  );
  const crlf = await org.load(job, "LastName\r\nOne\r\n");
  expect((await org.finish(crlf)).json.state).toBe("Failed");
  expect(await org.result(crlf, "unprocessedrecords")).toBe('LastName\n"One"\n');
});

test("before API 50 the columns of a result come in alphabetical order", async () => {
  const org = await localOrg();
  const old = "/services/data/v49.0/jobs/ingest";
  const { id, contentUrl } = (
    await org.call("POST", old, { object: "Contact", operation: "insert" })
  ).json;
  await org.call("PUT", `/${contentUrl}`, "Title,LastName\nt,One\n");
  await org.call("PATCH", `${old}/${id}`, { state: "UploadComplete" });
  await org.finish(id);
  expect(await org.result(id, "successfulResults")).toMatch(
    /^"sf__Id","sf__Created",LastName,Title\n"003\w+","true","One","t"\n$/,
  );
});
