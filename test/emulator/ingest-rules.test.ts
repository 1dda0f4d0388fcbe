import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { API, type Client, localOrg, temporaryDir } from "./local-org.ts";

const ORG = `
objects:
  Account:
    fields:
      ERP_Id__c: { type: string, length: 20, externalId: true, unique: true, label: ERP Id }
  Contact:
    recordTypes: [Partner, { name: Key Account, developerName: Key_Account, default: true }]
    fields:
      ERP_Id__c: { type: string, length: 20, externalId: true, unique: true, label: ERP Id }
      Code__c: { type: string, length: 20, externalId: true, unique: true, caseSensitive: true }
      Nr__c: { type: double, precision: 10, scale: 0, externalId: true }
      Score__c: { type: double, precision: 10, scale: 2 }
      Tier__c: { type: picklist, restricted: true, values: [Bronze, Silver, { value: Gold, active: false }] }
      Active__c: { type: boolean }
      Last_Seen__c: { type: datetime }
      Group__c: { type: string, unique: true }
`;

async function shapedOrg(): Promise<Client> {
  const file = path.join(temporaryDir(), "org.yaml");
  writeFileSync(file, ORG);
  return await localOrg({ orgShapeFiles: [file] });
}

const UPSERT = { object: "Contact", operation: "upsert", externalIdFieldName: "ERP_Id__c" };

async function errors(org: Client, job: Record<string, unknown>, csv: string): Promise<string[]> {
  const id = await org.load(job, csv);
  expect((await org.finish(id)).json.errorMessage).toBeUndefined();
  const text = await org.result(id, "failedResults");
  return text
    .split("\n")
    .slice(1, -1)
    .map((line) => /^"[^"]*","((?:[^"]|"")*)"/.exec(line)?.[1] ?? line);
}

test("what refuses a row, with Salesforce's code and text", async () => {
  const org = await shapedOrg();
  const long = "x".repeat(41);
  const cases: [header: string, row: string, error: string][] = [
    [
      "LastName,FirstName",
      `A,${long}`,
      `STRING_TOO_LONG:First Name: data value too large: ${long} (max length=40):FirstName --`,
    ],
    [
      "FirstName",
      "A",
      "REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --",
    ],
    [
      "LastName,Email",
      "A,nobody",
      "INVALID_EMAIL_ADDRESS:Email: invalid email address: nobody:Email --",
    ],
    [
      "LastName,Tier__c",
      "A,Gold",
      "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:bad value for restricted picklist field: Gold:Tier__c --",
    ],
    [
      "LastName,Active__c",
      "A,yes",
      "INVALID_FIELD:Failed to deserialize field at col 1. Due to, 'yes' is not a valid value for the type xsd:boolean:Active__c --",
    ],
    [
      "LastName,Last_Seen__c",
      "A,2024-01-01",
      "INVALID_FIELD:Failed to deserialize field at col 1. Due to, '2024-01-01' is not a valid value for the type xsd:dateTime:Last_Seen__c --",
    ],
    [
      "LastName,Score__c",
      'A,"1,5"',
      "INVALID_FIELD:Failed to deserialize field at col 1. Due to, '1,5' is not a valid value for the type xsd:double:Score__c --",
    ],
    [
      "LastName,AccountId",
      "A,003SL0000000001YAA",
      "MALFORMED_ID:Account ID: id value of incorrect type: 003SL0000000001YAA:AccountId --",
    ],
    [
      "LastName,AccountId",
      "A,001SL0000000001",
      "INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:AccountId --",
    ],
    [
      "LastName,Account.ERP_Id__c",
      "A,X1",
      "INVALID_FIELD:Foreign key external ID: x1 not found for field ERP_Id__c in entity Account:--",
    ],
    [
      "LastName,CreatedDate",
      "A,2024-01-01T00:00:00Z",
      "INVALID_FIELD_FOR_INSERT_UPDATE:Unable to create/update fields: CreatedDate. Please check the security settings of this field and verify that it is read/write for your profile or permission set.:CreatedDate --",
    ],
  ];
  for (const [header, row, error] of cases) {
    const found = await errors(
      org,
      { object: "Contact", operation: "insert" },
      `${header}\n${row}\n`,
    );
    expect(found).toEqual([error]);
  }
  expect(await org.query("SELECT Id FROM Contact")).toEqual([]);
});

test("update and delete by Id: missing, wrong, unknown, deleted", async () => {
  const org = await shapedOrg();
  const id = await org.load({ object: "Contact", operation: "insert" }, "LastName\nA\n");
  await org.finish(id);
  const [{ Id }] = (await org.query("SELECT Id FROM Contact")) as [{ Id: string }];
  const update = { object: "Contact", operation: "update" };
  expect(
    await errors(
      org,
      update,
      `Id,LastName\n${Id.slice(0, 15)},B\n,C\n001SL0000000001,D\n003SL000000zzzz,E\n`,
    ),
  ).toEqual([
    "MISSING_ARGUMENT:Id not specified in an update call:--",
    "MALFORMED_ID:Contact ID: id value of incorrect type: 001SL0000000001:Id --",
    "INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--",
  ]);
  expect(await org.query("SELECT LastName FROM Contact")).toMatchObject([{ LastName: "B" }]);
  const remove = { object: "Contact", operation: "delete" };
  expect(await errors(org, remove, `Id\n${Id}\n`)).toEqual([]);
  expect(await errors(org, remove, `Id\n${Id}\n`)).toEqual([
    "ENTITY_IS_DELETED:entity is deleted:--",
  ]);
  expect(await org.query("SELECT Id FROM Contact")).toEqual([]);
  const all = await org.call("GET", `${API}/queryAll?q=SELECT+Id,IsDeleted+FROM+Contact`);
  expect(all.json.records).toMatchObject([{ Id, IsDeleted: true }]);
});

test("a key twice in one group of 200 refuses all its rows; in another group it updates", async () => {
  const org = await shapedOrg();
  const filler = Array.from({ length: 199 }, (_, i) => `F${i},f\n`).join("");
  const csv = `ERP_Id__c,LastName\nK1,one\n${filler}k1,two\nD,1\nd,2\n`;
  expect(await errors(org, UPSERT, csv)).toEqual([
    "DUPLICATE_VALUE:Duplicate external id specified: d:ERP_Id__c --",
    "DUPLICATE_VALUE:Duplicate external id specified: d:ERP_Id__c --",
  ]);
  expect(await org.query("SELECT LastName FROM Contact WHERE ERP_Id__c = 'k1'")).toMatchObject([
    { LastName: "two" },
  ]);
});

test("keys: case-insensitive unless the field is case sensitive; numbers by value; empty is an error", async () => {
  const org = await shapedOrg();
  await errors(org, UPSERT, "ERP_Id__c,Code__c,Nr__c,LastName\nAbC,x,7,one\n");
  expect(await errors(org, UPSERT, "ERP_Id__c,LastName\n aBc ,two\n,nokey\n")).toEqual([
    "MISSING_ARGUMENT:ERP_Id__c not specified:--",
  ]);
  await errors(org, { ...UPSERT, externalIdFieldName: "code__c" }, "Code__c,LastName\nX,three\n");
  await errors(org, { ...UPSERT, externalIdFieldName: "Nr__c" }, "Nr__c,FirstName\n7.0,seven\n");
  expect(await org.query("SELECT Name, Code__c FROM Contact ORDER BY Name")).toMatchObject([
    { Name: "seven two", Code__c: "x" },
    { Name: "three", Code__c: "X" },
  ]);
});

test("an Id that is not the key", async () => {
  const org = await shapedOrg();
  const row = "Id,ERP_Id__c,LastName\n003SL0000000001,1,A\n,2,B\n";
  expect(await errors(org, { object: "Contact", operation: "insert" }, row)).toEqual([
    "INVALID_FIELD_FOR_INSERT_UPDATE:cannot specify Id in an insert call:Id --",
  ]);
  expect(await errors(org, UPSERT, row)).toEqual([
    "INVALID_FIELD:The Id field should not be specified in the sobject data.:--",
  ]);
});

test("unique values and ambiguous keys", async () => {
  const org = await shapedOrg();
  await errors(
    org,
    { object: "Contact", operation: "insert" },
    "LastName,Group__c,Email\nA,g,m@x.co\nB,,m@x.co\n",
  );
  const [a] = await org.query("SELECT Id FROM Contact WHERE LastName = 'A'");
  const [duplicate] = await errors(
    org,
    { object: "Contact", operation: "insert" },
    "LastName,Group__c\nC,G\n",
  );
  expect(duplicate).toBe(
    `DUPLICATE_VALUE:duplicate value found: Group__c duplicates value on record with id: ${a.Id}:--`,
  );
  const [ambiguous] = await errors(
    org,
    { ...UPSERT, externalIdFieldName: "Email" },
    "Email,LastName\nM@x.co,D\n",
  );
  expect(ambiguous).toMatch(
    /^DUPLICATE_EXTERNAL_ID:.*more than one record found for external id field: \[003\w+, 003\w+\]:Email --$/,
  );
});

test("empty keeps, #N/A clears, text is trimmed, defaults are set", async () => {
  const org = await shapedOrg();
  await errors(
    org,
    UPSERT,
    "ERP_Id__c,LastName,Title,Score__c,Active__c,Last_Seen__c,Tier__c\n1,  A b ,T,1.006,TRUE,2024-02-29T23:30:00.5-01:00,silver\n",
  );
  const fields =
    "LastName,Title,Score__c,Active__c,Last_Seen__c,Tier__c,Owner.Name,RecordType.DeveloperName";
  const soql = `SELECT ${fields} FROM Contact`;
  expect(await org.query(soql)).toMatchObject([
    {
      LastName: "A b",
      Title: "T",
      Score__c: 1.01,
      Active__c: true,
      Last_Seen__c: "2024-03-01T00:30:00.000+0000",
      Tier__c: "Silver",
      Owner: { Name: "Integration User" },
      RecordType: { DeveloperName: "Key_Account" },
    },
  ]);
  expect(
    await errors(org, UPSERT, "ERP_Id__c,LastName,Title,Score__c,Tier__c\n1,,,#N/A,#N/A\n"),
  ).toEqual([]);
  expect(await org.query(soql)).toMatchObject([
    { LastName: "A b", Title: "T", Score__c: null, Tier__c: null },
  ]);
  expect(await errors(org, UPSERT, "ERP_Id__c,LastName\n1,#N/A\n")).toEqual([
    "REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --",
  ]);
});

test("parents by external id and by Id, polymorphic owners, record types", async () => {
  const org = await shapedOrg();
  await errors(org, { ...UPSERT, object: "Account" }, "ERP_Id__c,Name\nA1,Acme\n");
  expect(
    await errors(
      org,
      UPSERT,
      "ERP_Id__c,LastName,Account.ERP_Id__c,Owner.Email\n1,X,a1,INTEGRATION@example.com\n",
    ),
  ).toEqual([]);
  expect(
    await org.query("SELECT Account.Name FROM Contact WHERE Account.ERP_Id__c = 'a1'"),
  ).toMatchObject([{ Account: { Name: "Acme" } }]);
  const lead = { object: "Lead", operation: "insert" };
  expect(
    await errors(org, lead, "LastName,Company,User:Owner.Email\nL,C,integration@example.com\n"),
  ).toEqual([]);
  // Without the object's name a polymorphic column means nothing.
  const id = await org.load(lead, "LastName,Company,Owner.Email\nL,C,integration@example.com\n");
  expect((await org.finish(id)).json.errorMessage).toBe(
    "InvalidBatch : Field name not found : Owner.Email",
  );

  const describe = (await org.call("GET", `${API}/sobjects/Contact/describe`)).json;
  const types = Object.fromEntries(
    describe.recordTypeInfos.map((type: { developerName: string; recordTypeId: string }) => [
      type.developerName,
      type.recordTypeId,
    ]),
  );
  expect(Object.keys(types)).toEqual(["Partner", "Key_Account", "Master"]);
  await errors(org, UPSERT, `ERP_Id__c,RecordTypeId\n1,${types.Partner}\n`);
  expect(await org.query("SELECT RecordType.DeveloperName FROM Contact")).toMatchObject([
    { RecordType: { DeveloperName: "Partner" } },
  ]);
});

test("campaign members: one per campaign and person, unknown status replaced, contact before lead", async () => {
  const org = await shapedOrg();
  await errors(org, { object: "Campaign", operation: "insert" }, "Name\nSpring\n");
  await errors(org, UPSERT, "ERP_Id__c,LastName,FirstName\n1,Doe,Jo\n");
  await errors(org, { object: "Lead", operation: "insert" }, "LastName,Company\nL,C\n");
  const [campaign] = await org.query("SELECT Id FROM Campaign");
  const [lead] = await org.query("SELECT Id FROM Lead");
  const member = { object: "CampaignMember", operation: "insert" };
  const csv = `CampaignId,Contact.ERP_Id__c,LeadId,Status\n${campaign.Id},1,${lead.Id},Whatever\n`;
  expect(await errors(org, member, csv)).toEqual([]);
  expect(await errors(org, member, csv)).toEqual(["DUPLICATE_VALUE:Already a campaign member.:--"]);
  expect(await errors(org, member, `CampaignId\n${campaign.Id}\n`)).toHaveLength(1);
  expect(await org.query("SELECT Name, Status, LeadId, Type FROM CampaignMember")).toMatchObject([
    { Name: "Jo Doe", Status: "Sent", LeadId: null, Type: "Contact" },
  ]);
});

test("what fails a job", async () => {
  const org = await shapedOrg();
  const insert = { object: "Contact", operation: "insert" };
  const cases: [job: Record<string, unknown>, csv: string, error: string | null][] = [
    [
      insert,
      "LastName\r\nA\r\n",
      "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF",
    ],
    [
      { ...insert, lineEnding: "CRLF" },
      "LastName\nA\n",
      "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is CRLF",
    ],
    [
      insert,
      'LastName,Title\nA,b"c\n',
      "InvalidBatch : Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote",
    ],
    [
      insert,
      'LastName,Title\nA, "c"\n',
      "InvalidBatch : Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote",
    ],
    [insert, "\ufeffLastName\nA\n", "InvalidBatch : Field name not found : \ufeffLastName"],
    [
      insert,
      '\ufeff"LastName"\nA\n',
      "InvalidBatch : Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote",
    ],
    [insert, "LastName;Title\nA;b\n", "InvalidBatch : Field name not found : LastName;Title"],
    [
      { object: "Contact", operation: "delete" },
      "Id,LastName\n003SL0000000001,x\n",
      "InvalidBatch : delete of Contact takes exactly one column, Id",
    ],
    [insert, "", null],
    [insert, "LastName\n", null],
    [
      { ...insert, lineEnding: "CRLF", columnDelimiter: "SEMICOLON" },
      'LastName;Title\r\nA;"b;\r\nc"\r\n',
      null,
    ],
  ];
  for (const [job, csv, error] of cases) {
    const done = await org.finish(await org.load(job, csv));
    expect([done.json.state, done.json.errorMessage ?? null]).toEqual([
      error ? "Failed" : "JobComplete",
      error,
    ]);
    if (error)
      expect(done.json).toMatchObject({ numberRecordsProcessed: 0, numberRecordsFailed: 0 });
  }
});
