import { expect, test } from "vitest";
import { API, localOrg } from "./local-org.ts";

// Bodies as recorded from real orgs where the text is written out.

test("one record: create, read, update, upsert by key, delete", async () => {
  const org = await localOrg();
  const created = await org.call("POST", `${API}/sobjects/Contact`, {
    LastName: "One",
    Email: "a@b.co",
  });
  expect([created.status, created.json]).toEqual([
    201,
    { id: expect.any(String), success: true, errors: [] },
  ]);
  const url = `${API}/sobjects/Contact/${created.json.id}`;
  const read = await org.call("GET", url);
  expect(Object.keys(read.json).slice(0, 4)).toEqual([
    "attributes",
    "Id",
    "IsDeleted",
    "MasterRecordId",
  ]);
  expect(read.json).toMatchObject({
    attributes: { type: "Contact", url },
    Name: "One",
    MailingAddress: null,
    IsEmailBounced: false,
  });
  expect((await org.call("PATCH", url, { FirstName: "Jo" })).status).toBe(204);
  expect((await org.call("GET", `${url}?fields=Name`)).json).toMatchObject({ Name: "Jo One" });
  expect(
    (await org.call("PATCH", `${API}/sobjects/Contact/Email/A@b.co`, { FirstName: null })).json,
  ).toEqual({
    id: created.json.id,
    success: true,
    errors: [],
    created: false,
  });
  expect((await org.call("GET", `${API}/sobjects/Contact/Email/a@b.co`)).json.Name).toBe("One");
  const made = await org.call("PATCH", `${API}/sobjects/Contact/Email/c@d.co`, { LastName: "Two" });
  expect([made.status, made.json.created]).toEqual([201, true]);
  await org.call("POST", `${API}/sobjects/Contact`, { LastName: "Three", Email: "a@b.co" });
  const several = await org.call("GET", `${API}/sobjects/Contact/Email/a@b.co`);
  expect([several.status, several.json]).toEqual([
    300,
    [url, expect.stringContaining("/sobjects/Contact/003")],
  ]);
  expect((await org.call("DELETE", url)).status).toBe(204);
  const again = await org.call("DELETE", url);
  expect([again.status, again.text]).toEqual([
    404,
    '[{"message":"entity is deleted","errorCode":"ENTITY_IS_DELETED","fields":[]}]',
  ]);
});

test("what refuses a record", async () => {
  const org = await localOrg();
  const post = async (body: unknown) => await org.call("POST", `${API}/sobjects/Account`, body);
  expect(await post({ AccountNumer: "1" })).toMatchObject({
    status: 400,
    text: `[{"message":"No such column 'AccountNumer' on sobject of type Account","errorCode":"INVALID_FIELD"}]`,
  });
  expect(await post({ Name: "A", MasterRecordId: "001SL0000000001YAA" })).toMatchObject({
    status: 400,
    text: '[{"message":"Unable to create/update fields: MasterRecordId. Please check the security settings of this field and verify that it is read/write for your profile or permission set.","errorCode":"INVALID_FIELD_FOR_INSERT_UPDATE","fields":["MasterRecordId"]}]',
  });
  expect((await post({ Name: "A", NumberOfEmployees: "many" })).json[0].errorCode).toBe(
    "JSON_PARSER_ERROR",
  );
  for (const url of [
    "Account/001SL0000000001YAA",
    "Account/003SL0000000001YAA",
    "Account/x",
    "Nope/1",
  ]) {
    expect((await org.call("GET", `${API}/sobjects/${url}`)).status).toBe(404);
  }
  expect((await org.call("GET", `${API}/sobjects/Account/Phone/1`)).status).toBe(404);
});

test("collections: each on its own, or all or none", async () => {
  const org = await localOrg();
  const url = `${API}/composite/sobjects`;
  const contact = (fields: Record<string, unknown>) => ({
    attributes: { type: "Contact" },
    ...fields,
  });
  const some = await org.call("POST", url, {
    records: [contact({ LastName: "A" }), contact({ FirstName: "B" })],
  });
  expect(some.json).toEqual([
    { id: expect.any(String), success: true, errors: [] },
    {
      success: false,
      errors: [
        {
          statusCode: "REQUIRED_FIELD_MISSING",
          message: "Required fields are missing: [LastName]",
          fields: ["LastName"],
        },
      ],
    },
  ]);
  const none = await org.call("POST", url, {
    allOrNone: true,
    records: [contact({ FirstName: "B" }), contact({ LastName: "C" })],
  });
  expect(none.json[1]).toEqual({
    success: false,
    errors: [
      {
        statusCode: "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        message:
          "Record rolled back because not all records were valid and the request was using AllOrNone header",
        fields: [],
      },
    ],
  });
  expect(await org.query("SELECT Id FROM Contact")).toHaveLength(1);
  const update = await org.call("PATCH", url, { records: [contact({ LastName: "X" })] });
  expect(update.json).toEqual([
    {
      success: false,
      errors: [
        {
          statusCode: "MISSING_ARGUMENT",
          message: "Id not specified in an update call",
          fields: [],
        },
      ],
    },
  ]);
  const { id } = some.json[0];
  const upserts = await org.call("PATCH", `${url}/Contact/Email`, {
    records: [
      contact({ LastName: "N", Email: "n@x.co" }),
      contact({ LastName: "M", Email: "N@x.co" }),
    ],
  });
  expect(upserts.json.map((result: { created: boolean }) => result.created)).toEqual([true, false]);
  const read = await org.call("POST", `${url}/Contact`, {
    ids: [id, "003SL0000zzzzzz"],
    fields: ["LastName"],
  });
  expect(read.json).toEqual([
    {
      attributes: { type: "Contact", url: `${API}/sobjects/Contact/${id}` },
      Id: id,
      LastName: "A",
    },
    null,
  ]);
  const deleted = await org.call("DELETE", `${url}?ids=${id},001x&allOrNone=false`);
  expect(deleted.json).toMatchObject([
    { id, success: true },
    { success: false, errors: [{ statusCode: "MALFORMED_ID" }] },
  ]);
  const tooMany = await org.call("POST", url, {
    records: Array.from({ length: 201 }, () => contact({ LastName: "A" })),
  });
  expect([tooMany.status, tooMany.json[0].errorCode]).toEqual([400, "EXCEEDED_MAX_RECORDS"]);
});
