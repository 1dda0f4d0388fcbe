import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { API, type Client, localOrg, temporaryDir } from "./local-org.ts";

const SEED_ACCOUNTS = `Name,Industry,NumberOfEmployees,AnnualRevenue,BillingCity,BillingCountry
Alpha,Energy,10,1000,Berlin,DE
beta,Banking,20,2000.5,Zürich,CH
Gamma's,Energy,,,,
100% \\ pure_,Banking,40,4000,Bern,CH
`;

async function seeded(): Promise<Client> {
  const dir = temporaryDir();
  const yaml = path.join(dir, "org.yaml");
  writeFileSync(
    yaml,
    `objects: { Contact: { fields: { Tags__c: { type: multipicklist, values: [A, B, C] }, Seen__c: { type: datetime } } } }`,
  );
  writeFileSync(path.join(dir, "Account.csv"), SEED_ACCOUNTS);
  const org = await localOrg({ orgShapeFiles: [yaml], seedDir: dir });
  const [alpha] = await org.query("SELECT Id FROM Account WHERE Name = 'alpha'");
  const contacts = `LastName,AccountId,Birthdate,Tags__c,Seen__c,HasOptedOutOfEmail
`.replace(",HasOptedOutOfEmail", "");
  const rows = `One,${alpha.Id},1980-01-02,A;B,2024-01-01T10:00:00Z\nTwo,,1990-05-06,C,2024-06-01T00:00:00Z\n`;
  await org.finish(await org.load({ object: "Contact", operation: "insert" }, contacts + rows));
  return org;
}

test("conditions", async () => {
  const org = await seeded();
  const names = async (where: string, object = "Account", field = "Name") =>
    (await org.query(`SELECT ${field} FROM ${object} WHERE ${where} ORDER BY ${field}`)).map(
      (row) => row[field],
    );
  const cases: [where: string, names: string[]][] = [
    ["Name = 'BETA'", ["beta"]],
    ["Name != 'beta' AND Industry = 'Energy'", ["Alpha", "Gamma's"]],
    ["Name = 'Gamma\\'s'", ["Gamma's"]],
    ["Name LIKE 'a%'", ["Alpha"]],
    ["Name LIKE '100\\% %'", ["100% \\ pure_"]],
    ["Name LIKE '%\\_'", ["100% \\ pure_"]],
    ["NumberOfEmployees > 10 AND NumberOfEmployees <= 40", ["100% \\ pure_", "beta"]],
    ["NumberOfEmployees = null", ["Gamma's"]],
    ["NOT NumberOfEmployees > 10", ["Alpha", "Gamma's"]],
    [
      "Industry IN ('Energy', 'x') AND (NumberOfEmployees = 10 OR AnnualRevenue = NULL)",
      ["Alpha", "Gamma's"],
    ],
    ["Industry NOT IN ('Energy')", ["100% \\ pure_", "beta"]],
    ["AnnualRevenue = 2001", ["beta"]],
    ["IsDeleted = false AND BillingCity = 'Zürich'", ["beta"]],
    ["Id IN (SELECT AccountId FROM Contact WHERE LastName = 'One')", ["Alpha"]],
    ["CreatedDate >= LAST_N_DAYS:2 AND CreatedDate <= TOMORROW AND Name = 'Alpha'", ["Alpha"]],
    ["CreatedDate < 2000-01-01T00:00:00Z", []],
  ];
  for (const [where, expected] of cases)
    expect([where, await names(where)]).toEqual([where, expected]);
  const contacts: [where: string, names: string[]][] = [
    ["Birthdate < 1985-01-01", ["One"]],
    ["Seen__c > 2024-01-01T12:00:00+01:00", ["Two"]],
    ["Tags__c INCLUDES ('A')", ["One"]],
    ["Tags__c EXCLUDES ('A')", ["Two"]],
    ["Account.Industry = 'Energy'", ["One"]],
    ["Account.Name = null", ["Two"]],
    ["Owner.Email = 'integration@example.com'", ["One", "Two"]],
  ];
  for (const [where, expected] of contacts) {
    expect([where, await names(where, "Contact", "LastName")]).toEqual([where, expected]);
  }
});

test("what comes back: attributes, parents, addresses, types", async () => {
  const org = await seeded();
  const url = `${API}/query?q=${encodeURIComponent("SELECT c.LastName, c.Account.Name, Account.BillingAddress, Seen__c, Birthdate FROM Contact c ORDER BY LastName")}`;
  const { json } = await org.call("GET", url);
  expect(Object.keys(json)).toEqual(["totalSize", "done", "records"]);
  expect(json.records[0]).toEqual({
    attributes: { type: "Contact" },
    LastName: "One",
    Account: {
      attributes: { type: "Account" },
      Name: "Alpha",
      BillingAddress: {
        city: "Berlin",
        country: "DE",
        geocodeAccuracy: null,
        latitude: null,
        longitude: null,
        postalCode: null,
        state: null,
        street: null,
      },
    },
    Seen__c: "2024-01-01T10:00:00.000+0000",
    Birthdate: "1980-01-02",
  });
  expect(json.records[1].Account).toBeNull();
  const [alpha] = await org.query("SELECT Id FROM Account WHERE Name = 'Alpha'");
  expect(alpha.attributes.url).toBe(`${API}/sobjects/Account/${alpha.Id}`);
});

test("order, limit, offset, counts and groups", async () => {
  const org = await seeded();
  const names = (rows: { Name: string }[]) => rows.map((row) => row.Name);
  expect(
    names(
      await org.query(
        "SELECT Name FROM Account ORDER BY NumberOfEmployees DESC NULLS LAST LIMIT 2",
      ),
    ),
  ).toEqual(["100% \\ pure_", "beta"]);
  expect(names(await org.query("SELECT Name FROM Account ORDER BY Name LIMIT 2 OFFSET 1"))).toEqual(
    ["Alpha", "beta"],
  );
  expect(
    await org.query(
      "SELECT Industry, COUNT(Id) n, SUM(AnnualRevenue) FROM Account GROUP BY Industry ORDER BY Industry",
    ),
  ).toEqual([
    { attributes: { type: "AggregateResult" }, Industry: "Banking", n: 2, expr0: 6001 },
    { attributes: { type: "AggregateResult" }, Industry: "Energy", n: 2, expr0: 1000 },
  ]);
  const count = await org.call(
    "GET",
    `${API}/query?q=SELECT+COUNT()+FROM+Account+WHERE+Industry='Energy'`,
  );
  expect(count.json).toEqual({ totalSize: 2, done: true, records: [] });
});

test("queries that can't be understood", async () => {
  const org = await localOrg();
  const cases: [soql: string, code: string, message: RegExp][] = [
    ["SELECT Nope FROM Account", "INVALID_FIELD", /No such column 'Nope' on entity 'Account'/],
    ["SELECT Id FROM Accout", "INVALID_TYPE", /sObject type 'Accout' is not supported/],
    ["SELECT Foo.Name FROM Contact", "INVALID_FIELD", /Didn't understand relationship 'Foo'/],
    ["SELECT FROM Account", "MALFORMED_QUERY", /unexpected token/],
    [
      "SELECT Id FROM Account WHERE Name = Alpha",
      "MALFORMED_QUERY",
      /unexpected token: 'ALPHA'|must be of type/,
    ],
    ["SELECT Id FROM Account WHERE Name = 1", "INVALID_FIELD", /should be enclosed in quotes/],
    ["SELECT Id FROM Account LIMIT x", "MALFORMED_QUERY", /unexpected token: 'x'/],
    ["SELECT Id FROM Account; DROP TABLE r_Account", "MALFORMED_QUERY", /no viable alternative/],
    [
      "SELECT Id FROM Account WHERE Id = 'abc'",
      "INVALID_QUERY_FILTER_OPERATOR",
      /invalid ID field: abc/,
    ],
    [`SELECT Id FROM Account WHERE ${"(".repeat(500)}`, "MALFORMED_QUERY", /too many levels/],
    ["SELECT Id, (SELECT Id FROM Contacts) FROM Account", "MALFORMED_QUERY", /unexpected token/],
  ];
  for (const [soql, code, message] of cases) {
    const answer = await org.call("GET", `${API}/query?q=${encodeURIComponent(soql)}`);
    expect([soql, answer.status, answer.json[0].errorCode]).toEqual([soql, 400, code]);
    expect(answer.json[0].message).toMatch(message);
  }
});

test("query jobs: pages by locator, another version refused, states", async () => {
  const org = await localOrg();
  const rows = Array.from({ length: 2_345 }, (_, i) => `"N ${i} ""ü"""\n`).join("");
  await org.finish(await org.load({ object: "Account", operation: "insert" }, `Name\n${rows}`));
  const body = { operation: "query", query: "SELECT Id, Name, Industry FROM Account" };
  const created = await org.call("POST", `${API}/jobs/query`, body);
  expect(Object.keys(created.json).join(" ")).toBe(
    "id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion lineEnding columnDelimiter",
  );
  expect(created.json).toMatchObject({ state: "UploadComplete", object: "Account" });
  const url = `${API}/jobs/query/${created.json.id}`;
  let info = await org.call("GET", url);
  while (info.json.state !== "JobComplete") info = await org.call("GET", url);
  expect(info.json).toMatchObject({
    jobType: "V2Query",
    numberRecordsProcessed: 2_345,
    retries: 0,
  });
  const seen: string[] = [];
  let locator = "";
  for (const size of [1_000, 1_000, 345]) {
    const page = await org.call("GET", `${url}/results?maxRecords=1000${locator}`);
    const lines = page.text.trimEnd().split("\n");
    expect([page.headers.get("content-type"), lines[0]]).toEqual([
      "text/csv",
      '"Id","Name","Industry"',
    ]);
    expect(page.headers.get("sforce-numberofrecords")).toBe(String(size));
    seen.push(...lines.slice(1));
    locator = `&locator=${page.headers.get("sforce-locator")}`;
  }
  expect(locator).toBe("&locator=null");
  expect(new Set(seen).size).toBe(2_345);
  expect(seen[7]).toMatch(/^"001\w{15}","N 7 ""ü""",""$/);
  expect((await org.call("GET", `${url.replace("v61.0", "v60.0")}/results`)).status).toBe(409);
  const abort = await org.call("PATCH", url, { state: "Aborted" });
  expect([abort.status, abort.json[0].errorCode]).toEqual([400, "INVALIDJOBSTATE"]);
  expect((await org.call("DELETE", url)).status).toBe(204);
  const bad = await org.call("POST", `${API}/jobs/query`, {
    operation: "query",
    query: "SELECT COUNT() FROM Account",
  });
  expect(bad.status).toBe(400);
});
