import { Readable } from "node:stream";
import jsforce from "jsforce";
import { expect, test } from "vitest";
import { localOrg } from "./local-org.ts";

// An unmodified client from npm, as its users call it.

async function connect() {
  const org = await localOrg();
  const { url, accessToken } = org.emulator;
  const conn = new jsforce.Connection({ instanceUrl: url, accessToken, version: "61.0" });
  conn.bulk2.pollInterval = 5;
  conn.bulk2.pollTimeout = 60_000;
  return { org, conn };
}

test("identity, describe, describe global, limits, query with pages", async () => {
  const { org, conn } = await connect();
  const identity = await conn.identity();
  expect(identity.organization_id).toBe(org.emulator.orgId);

  const global = await conn.describeGlobal();
  expect(global.sobjects.map((object) => object.name)).toContain("CampaignMember");
  const contact = await conn.describe("Contact");
  expect(contact.fields.find((field) => field.name === "LastName")).toMatchObject({
    length: 80,
    nillable: false,
    type: "string",
  });
  const limits = await conn.limits();
  expect(limits.DailyApiRequests?.Max).toBe(15_000);

  const rows = Array.from({ length: 2_500 }, (_, i) => `Company ${i}\n`);
  const id = await org.load({ object: "Account", operation: "insert" }, `Name\n${rows.join("")}`);
  await org.finish(id);
  const first = await conn.query("SELECT Id, Name FROM Account ORDER BY Name");
  expect([first.totalSize, first.records.length, first.done]).toEqual([2_500, 2_000, false]);
  const second = await conn.queryMore(first.nextRecordsUrl ?? "");
  expect([second.records.length, second.done]).toEqual([500, true]);
  expect((await conn.query("SELECT COUNT() FROM Account")).totalSize).toBe(2_500);
});

test("records and collections", async () => {
  const { conn } = await connect();
  const created = await conn.sobject("Account").create({ Name: "One" });
  expect(created).toMatchObject({ success: true, errors: [] });
  const id = created.id ?? "";
  await conn.sobject("Account").update({ Id: id, Industry: "Energy" });
  expect(await conn.sobject("Account").retrieve(id)).toMatchObject({
    Name: "One",
    Industry: "Energy",
  });

  const many = await conn
    .sobject("Contact")
    .create([{ LastName: "A", AccountId: id, Email: "a@example.com" }, { FirstName: "nobody" }]);
  expect(many[0]).toMatchObject({ success: true });
  expect(many[1]).toMatchObject({
    success: false,
    errors: [{ statusCode: "REQUIRED_FIELD_MISSING", fields: ["LastName"] }],
  });
  const upserted = await conn
    .sobject("Contact")
    .upsert({ LastName: "B", Email: "A@example.com" }, "Email");
  expect(upserted).toMatchObject({ success: true, id: many[0]?.id });
  const [found] = await conn
    .sobject("Contact")
    .find({ Email: "a@example.com" }, ["LastName", "Account.Name"]);
  expect(found).toMatchObject({ LastName: "B", Account: { Name: "One" } });
  expect(await conn.sobject("Contact").destroy(many[0]?.id ?? "")).toMatchObject({ success: true });
  await expect(conn.sobject("Contact").retrieve(many[0]?.id ?? "")).rejects.toThrow(/deleted/);
});

test("bulk insert, update, upsert and delete, with all three result sets", async () => {
  const { conn } = await connect();
  const inserted = await conn.bulk2.loadAndWaitForResults({
    object: "Account",
    operation: "insert",
    input: [
      ...Array.from({ length: 200 }, (_, i) => ({ Name: `Bulk ${i}`, NumberOfEmployees: i })),
      { BillingState: "CA" },
    ],
  });
  expect(inserted.successfulResults).toHaveLength(200);
  expect(inserted.successfulResults.every((row) => row.sf__Created === "true")).toBe(true);
  expect(inserted.failedResults).toMatchObject([
    { sf__Id: "", sf__Error: "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --" },
  ]);
  expect(inserted.unprocessedRecords).toEqual([]);

  const updated = await conn.bulk2.loadAndWaitForResults({
    object: "Account",
    operation: "update",
    input: inserted.successfulResults.map((row) => ({ Id: row.sf__Id, BillingState: "CA" })),
  });
  expect(updated.successfulResults).toHaveLength(200);
  expect(updated.successfulResults.every((row) => row.sf__Created === "false")).toBe(true);

  // No Id column: every row is inserted, as in an org.
  const upserted = await conn.bulk2.loadAndWaitForResults({
    object: "Account",
    operation: "upsert",
    externalIdFieldName: "Id",
    columnDelimiter: "BACKQUOTE",
    input: Readable.from(["NAME`PHONE`ANNUALREVENUE\nA`1`10\nB`2`20\n"]),
  } as Parameters<typeof conn.bulk2.loadAndWaitForResults>[0]);
  expect(upserted.successfulResults.map((row) => row.sf__Created)).toEqual(["true", "true"]);

  const deleted = await conn.bulk2.loadAndWaitForResults({
    object: "Account",
    operation: "delete",
    input: inserted.successfulResults.map((row) => ({ Id: row.sf__Id })),
  });
  expect(deleted.successfulResults).toHaveLength(200);
  expect((await conn.query("SELECT COUNT() FROM Account")).totalSize).toBe(2);

  const empty = await conn.bulk2.loadAndWaitForResults({
    object: "Account",
    operation: "insert",
    input: [],
  });
  expect(empty).toEqual({ successfulResults: [], failedResults: [], unprocessedRecords: [] });
});

test("query jobs, and updating what a query finds", async () => {
  const { conn } = await connect();
  const names = Array.from({ length: 250 }, (_, i) => ({ Name: `Q ${i}`, BillingState: "CA" }));
  await conn.bulk2.loadAndWaitForResults({ object: "Account", operation: "insert", input: names });
  const records = await (await conn.bulk2.query("SELECT Id, Name FROM Account")).toArray();
  expect(records).toHaveLength(250);

  const results = await conn
    .sobject("Account")
    .find({ Name: { $like: "Q %" } })
    .update({ Name: "${Name} (Updated)", BillingState: null }, { bulkApiVersion: 2 });
  expect(results).toHaveLength(250);
  const changed = await conn
    .sobject("Account")
    .find({ Name: { $like: "Q %" }, BillingState: null }, ["Name"]);
  expect(changed).toHaveLength(250);
  expect(changed.every(({ Name }) => /\(Updated\)$/.test(String(Name)))).toBe(true);
});

test("a stale session is refreshed once, and refused without a way to refresh", async () => {
  const { org } = await connect();
  const { url, accessToken } = org.emulator;
  const stale = { instanceUrl: url, accessToken: "00Dstale!token", version: "61.0" };
  const conn = new jsforce.Connection({
    ...stale,
    refreshFn: (_conn, callback) => callback(null, accessToken),
  });
  expect((await conn.query("SELECT Id FROM Account")).totalSize).toBe(0);
  await expect(new jsforce.Connection(stale).query("SELECT Id FROM Account")).rejects.toMatchObject(
    {
      name: "INVALID_SESSION_ID",
    },
  );
});

test("logging in by client credentials", async () => {
  const { org } = await connect();
  const { url, clientId, clientSecret } = org.emulator;
  const conn = new jsforce.Connection({
    instanceUrl: url,
    oauth2: { clientId, clientSecret, loginUrl: url },
    version: "61.0",
  });
  const user = await conn.authorize({ grant_type: "client_credentials" });
  expect(user.organizationId).toBe(org.emulator.orgId);
  expect((await conn.query("SELECT Id FROM Organization")).totalSize).toBe(1);
});
