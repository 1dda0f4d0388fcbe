import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { API, localOrg, temporaryDir } from "./local-org.ts";

// Facts of recorded describe answers (API v59), typed in by hand.

const TOP_KEYS =
  "actionOverrides activateable associateEntityType associateParentEntity childRelationships compactLayoutable createable custom customSetting deepCloneable defaultImplementation deletable deprecatedAndHidden extendedBy extendsInterfaces feedEnabled fields hasSubtypes implementedBy implementsInterfaces isInterface isSubtype keyPrefix label labelPlural layoutable listviewable lookupLayoutable mergeable mruEnabled name namedLayoutInfos networkScopeFieldName queryable recordTypeInfos replicateable retrieveable searchLayoutable searchable sobjectDescribeOption supportedScopes triggerable undeletable updateable urls";
const FIELD_KEYS =
  "aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete caseSensitive compoundFieldName controllerName createable custom defaultValue defaultValueFormula defaultedOnCreate dependentPicklist deprecatedAndHidden digits displayLocationInDecimal encrypted externalId extraTypeInfo filterable filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup inlineHelpText label length mask maskType name nameField namePointing nillable permissionable picklistValues polymorphicForeignKey precision queryByDistance referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete restrictedPicklist scale searchPrefilterable soapType sortable type unique updateable writeRequiresMasterRead";

type Field = Record<string, unknown> & { name: string };

test.each([
  ["Contact", "003", 59, ["LastName"], ["Id", "Email"]],
  ["Lead", "00Q", 54, ["LastName", "Company"], ["Id", "Email"]],
  ["Account", "001", 64, ["Name"], ["Id"]],
  ["Campaign", "701", 33, ["Name"], ["Id", "Name"]],
  ["CampaignMember", "00v", 36, ["CampaignId"], ["Id"]],
])("describe of %s", async (name, keyPrefix, fieldCount, required, lookups) => {
  const org = await localOrg();
  const answer = await org.call("GET", `${API}/sobjects/${name.toLowerCase()}/describe/`);
  expect(Object.keys(answer.json).join(" ")).toBe(TOP_KEYS);
  expect(answer.json).toMatchObject({ name, keyPrefix, custom: false });
  const fields: Field[] = answer.json.fields;
  expect(fields).toHaveLength(fieldCount);
  for (const field of fields) expect(Object.keys(field).join(" ")).toBe(FIELD_KEYS);
  const names = (want: (field: Field) => boolean) => fields.filter(want).map((field) => field.name);
  expect(names((f) => f.createable === true && !f.nillable && !f.defaultedOnCreate)).toEqual(
    required,
  );
  expect(names((field) => field.idLookup === true)).toEqual(lookups);
});

test("single fields, as recorded", async () => {
  const org = await localOrg();
  const fields = new Map<string, Field>();
  for (const name of ["Contact", "Lead", "Account"]) {
    const answer = await org.call("GET", `${API}/sobjects/${name}/describe`);
    for (const field of answer.json.fields) fields.set(`${name}.${field.name}`, field);
  }
  expect(fields.get("Contact.MailingStreet")).toMatchObject({
    type: "textarea",
    length: 255,
    byteLength: 765,
    compoundFieldName: "MailingAddress",
    extraTypeInfo: "plaintextarea",
  });
  expect(fields.get("Contact.MailingAddress")).toMatchObject({
    type: "address",
    createable: false,
    soapType: "urn:address",
    queryByDistance: true,
  });
  expect(fields.get("Lead.OwnerId")).toMatchObject({
    referenceTo: ["Group", "User"],
    relationshipName: "Owner",
    polymorphicForeignKey: true,
    defaultedOnCreate: true,
    nillable: false,
  });
  expect(fields.get("Contact.OwnerId")).toMatchObject({
    referenceTo: ["User"],
    polymorphicForeignKey: false,
  });
  expect(fields.get("Lead.IsConverted")).toMatchObject({ createable: true, updateable: false });
  expect(fields.get("Lead.EmailBouncedReason")).toMatchObject({
    createable: false,
    updateable: true,
  });
  expect(fields.get("Contact.Description")).toMatchObject({ length: 32000, filterable: false });
  expect(fields.get("Account.AnnualRevenue")).toMatchObject({
    type: "currency",
    precision: 18,
    scale: 0,
    soapType: "xsd:double",
  });
  expect(fields.get("Lead.Status")).toMatchObject({
    defaultValue: "Open - Not Contacted",
    defaultedOnCreate: true,
  });
});

test("conditional requests: 304 by ETag or date, 412; unknown object 404", async () => {
  const org = await localOrg();
  const url = `${API}/sobjects/Contact/describe`;
  const first = await org.call("GET", url);
  const etag = first.headers.get("etag") ?? "";
  const modified = first.headers.get("last-modified") ?? "";
  expect(etag).toMatch(/^"[0-9a-f]{8}"$/);
  expect(first.headers.get("sforce-limit-info")).toMatch(/^api-usage=\d+\/15000$/);
  expect(first.headers.get("content-type")).toBe("application/json;charset=UTF-8");
  const get = async (header: string, value: string) =>
    await org.call("GET", url, undefined, { [header]: value });
  for (const [header, value] of [
    ["If-None-Match", etag],
    ["If-Modified-Since", modified],
  ] as const) {
    const answer = await get(header, value);
    expect([answer.status, answer.text]).toEqual([304, ""]);
  }
  const longAgo = "Mon, 03 Jan 2022 21:57:08 GMT";
  expect((await get("If-Modified-Since", longAgo)).status).toBe(200);
  expect((await get("If-Unmodified-Since", longAgo)).status).toBe(412);
  const unknown = await org.call("GET", `${API}/sobjects/Acount/describe`);
  expect([unknown.status, unknown.text]).toEqual([
    404,
    '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]',
  ]);
});

test("describe global: 28 keys an object", async () => {
  const org = await localOrg();
  const { json } = await org.call("GET", `${API}/sobjects/`);
  expect([json.encoding, json.maxBatchSize]).toEqual(["UTF-8", 200]);
  for (const entry of json.sobjects) expect(Object.keys(entry)).toHaveLength(28);
});

test("limits: nested maps for single apps", async () => {
  const org = await localOrg();
  const { json } = await org.call("GET", `${API}/limits`);
  expect(json.DailyApiRequests).toMatchObject({
    Max: 15000,
    "Dataloader Bulk": { Max: 0, Remaining: 0 },
  });
  expect(json.DailyBulkApiBatches).toMatchObject({
    Max: 15000,
    Remaining: 15000,
    Workbench: { Max: 0 },
  });
});

test("users' own fields and objects", async () => {
  const dir = temporaryDir();
  const file = path.join(dir, "org.yaml");
  writeFileSync(
    file,
    `
objects:
  Contact:
    hide: [Birthdate]
    fields:
      Tier__c: { type: picklist, restricted: true, values: [Bronze, { value: Gold, label: Or, default: true }] }
      Amount__c: { type: currency, precision: 12, scale: 2, required: true, default: 0 }
  Region__c:
    label: Region
    keyPrefix: a0R
    name: { autoNumber: true }
    fields:
      Parent__c: { type: reference, referenceTo: [Region__c], relationshipName: Parent__r }
      Code__c: { type: string, externalId: true, unique: true }
`,
  );
  const org = await localOrg({ orgShapeFiles: [file] });
  const contact = (await org.call("GET", `${API}/sobjects/Contact/describe`)).json;
  const field = (name: string) => contact.fields.find((entry: Field) => entry.name === name);
  expect(field("Birthdate")).toBeUndefined();
  expect(field("Tier__c")).toMatchObject({
    custom: true,
    restrictedPicklist: true,
    defaultValue: "Gold",
    defaultedOnCreate: true,
    picklistValues: [
      { active: true, defaultValue: false, label: "Bronze", validFor: null, value: "Bronze" },
      { active: true, defaultValue: true, label: "Or", validFor: null, value: "Gold" },
    ],
  });
  expect(field("Amount__c")).toMatchObject({ nillable: false, defaultedOnCreate: true, scale: 2 });
  const region = { object: "Region__c", operation: "upsert", externalIdFieldName: "Code__c" };
  await org.finish(await org.load(region, "Code__c\nEU\n"));
  const id = await org.load(region, "Code__c,Parent__r.Code__c\nDE,eu\n");
  expect((await org.finish(id)).json.numberRecordsFailed).toBe(0);
  const records = await org.query(
    "SELECT Id, Name, Code__c, Parent__r.Code__c FROM Region__c ORDER BY Code__c",
  );
  expect(records).toMatchObject([
    { Code__c: "DE", Name: expect.stringMatching(/^\d{4}$/), Parent__r: { Code__c: "EU" } },
    { Code__c: "EU", Parent__r: null },
  ]);
  expect(records[0].Id).toMatch(/^a0R/);
});

test.each([
  [
    "objects: { Contact: { fields: { X__c: { type: text } } } }",
    /Contact\.fields\.X__c: type must be one of string/,
  ],
  [
    "objects: { Contact: { field: {} } }",
    /objects\.Contact: unknown key "field"; allowed are label/,
  ],
  ["objects: { Nope: {} }", /objects\.Nope: this is no standard object/],
  [
    "objects: { Contact: { fields: { X__c: { type: string, length: -1 } } } }",
    /X__c\.length: must be a whole number/,
  ],
  ["objects: { Contact: { hide: [Nope] } }", /Contact\.hide: there is no field "Nope"/],
  ["objects: { X__c: { fields: { R__c: { type: reference } } } }", /a reference needs referenceTo/],
  ["objects:\n  a: 1\n  a: 2\n", /Map keys must be unique/],
])("a wrong org file is refused: %s", async (yaml, message) => {
  const file = path.join(temporaryDir(), "org.yaml");
  writeFileSync(file, yaml);
  await expect(localOrg({ orgShapeFiles: [file] })).rejects.toThrow(message);
});

test("an org from saved describe answers; seeds with Ids", async () => {
  const dir = temporaryDir();
  const first = await localOrg({ dir: path.join(dir, "one") });
  const { json } = await first.call("GET", `${API}/sobjects/Contact/describe`);
  const email = json.fields.find((field: Field) => field.name === "Email");
  json.fields.push({
    ...email,
    name: "Mail2__c",
    label: "Mail 2",
    custom: true,
    externalId: true,
    unique: true,
  });
  json.label = "Person";
  const saved = path.join(dir, "saved");
  const seeds = path.join(dir, "seeds");
  mkdirSync(saved);
  mkdirSync(seeds);
  writeFileSync(path.join(saved, "Contact.json"), JSON.stringify(json));
  writeFileSync(path.join(seeds, "Account.csv"), "Id,Name\n001SL000000SEED,Seeded\n");
  writeFileSync(
    path.join(seeds, "Contact.csv"),
    "LastName,AccountId,Mail2__c\nOne,001SL000000SEED,a@b.co\n",
  );
  const options = { dir: path.join(dir, "two"), fromDescribeDir: saved, seedDir: seeds };
  for (const _start of [1, 2]) {
    const org = await localOrg(options);
    const served = (await org.call("GET", `${API}/sobjects/Contact/describe`)).json;
    expect(served).toMatchObject({ label: "Person" });
    expect(served.fields.at(-1)).toMatchObject({ name: "Mail2__c", externalId: true });
    expect(
      await org.query("SELECT Account.Name FROM Contact WHERE Mail2__c = 'A@B.co'"),
    ).toMatchObject([{ Account: { Name: "Seeded" } }]);
    await org.emulator.close();
  }
});
