import { beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../engine/base/clock.ts";
import { makeId } from "../../engine/emulator/ids.ts";
import { type ConnectedOrg, connectOrg } from "../../engine/salesforce/connect.ts";
import { newProject, type TestProject } from "../cli/test-project.ts";
import type { Json } from "../emulator/local-org.ts";

/** The steps of Salesforce's guide "Update or Upsert Multiple Records Using Bulk API 2.0", for each of
 *  its objects: token, describe, a CSV with field names, update by Id, upsert by external id, an
 *  aborted job, the three result sets. */
const OBJECTS = [
  { object: "Contact", prefix: "003", name: "LastName", more: "" },
  { object: "Lead", prefix: "00Q", name: "LastName", more: ", Company: { value: Acme }" },
  { object: "Campaign", prefix: "701", name: "Name", more: "" },
] as const;

let project: TestProject;
let org: ConnectedOrg;
let runs: Map<string, Json>;

beforeAll(async () => {
  const files: Record<string, string> = {};
  const seeds: Record<string, string> = {};
  for (const { object, prefix, name, more } of OBJECTS) {
    const ids = [1, 2].map((n) => makeId(prefix, 1_000_000 + n));
    const company = object === "Lead" ? ["Company,", "Acme,"] : ["", ""];
    seeds[object] =
      `Id,Key__c,${company[0]}${name}\n${ids[0]},k1,${company[1]}Old 1\n${ids[1]},k2,${company[1]}Old 2\n`;
    files[`${object}-update.csv`] = `Id,${name}\n${ids[0]},"Updated, by Id"\n`;
    files[`${object}-upsert.csv`] = `Key,${name}\nk2,Upserted\nk3,"Created ""here"""\nk4,\n`;
    files[`${object}-update.sync.yaml`] = `sync: ${object}-update
source: { files: ${object}-update.csv }
target: { object: ${object}, operation: update }
mapping: { Id: Id, ${name}: ${name} }
`;
    files[`${object}-upsert.sync.yaml`] = `sync: ${object}-upsert
source: { files: ${object}-upsert.csv }
target: { object: ${object}, operation: upsert, externalId: Key__c }
mapping: { Key__c: Key, ${name}: ${name}${more} }
dependsOn: [${object}-update]
guards: { maxFailed: 1 }
`;
  }
  const key = "fields: { Key__c: { type: string, externalId: true, unique: true } }";
  const shape = `objects: { ${OBJECTS.map(({ object }) => `${object}: { ${key} }`).join(", ")} }`;
  project = await newProject({ shape, seeds, files });
  const document = (await project.sluice("run", "--json")).document();
  runs = new Map(document.data.runs.map((run: { sync: string }) => [run.sync, run]));
  const { clientId, clientSecret, url } = project.org.emulator;
  org = connectOrg(
    {
      name: "test",
      instanceUrl: url,
      apiVersion: "61.0",
      auth: { flow: "clientCredentials", clientId, clientSecret },
    },
    { clock: systemClock },
  );
  return () => org.close();
});

describe.each(OBJECTS)("$object", ({ object, name }) => {
  const nameIn = async (key: string) =>
    (await project.org.query(`SELECT ${name} FROM ${object} WHERE Key__c = '${key}'`))[0]?.[name];

  test("describe tells the fields that a CSV may have", async () => {
    const outcome = await project.sluice("describe", object, "--json");
    const { fields } = outcome.document().data.describe;
    expect(JSON.stringify(fields)).toContain('"Key__c"');
  });

  test("update by Id", async () => {
    expect(runs.get(`${object}-update`)).toMatchObject({
      state: "succeeded",
      counts: { sent: 1, updated: 1, created: 0 },
    });
    expect(await nameIn("k1")).toBe("Updated, by Id");
  });

  test("upsert by external id changes, creates, and tells what failed", async () => {
    expect(runs.get(`${object}-upsert`)).toMatchObject({
      state: "partial",
      counts: { sent: 3, updated: 1, created: 1, failed: 1 },
    });
    expect([await nameIn("k2"), await nameIn("k3")]).toEqual(["Upserted", 'Created "here"']);
    expect(await nameIn("k4")).toBeUndefined();
  });

  test("the three result sets of the job", async () => {
    const { id } = runs.get(`${object}-upsert`).jobs[0];
    const read = async (kind: "successfulResults" | "failedResults" | "unprocessedrecords") => {
      const file = `${object}-${kind}.csv`;
      await org.ingest.readResults(id, kind, `${project.folder}/${file}`);
      return project.readCsv(file);
    };
    const succeeded = await read("successfulResults");
    expect(succeeded.map((row) => [row.sf__Created, row.Key__c]).sort()).toEqual([
      ["false", "k2"],
      ["true", "k3"],
    ]);
    expect(succeeded[0]?.sf__Id).toMatch(/^\w{18}$/);
    expect(await read("failedResults")).toMatchObject([
      { Key__c: "k4", sf__Error: expect.stringContaining("REQUIRED_FIELD_MISSING") },
    ]);
    expect(await read("unprocessedrecords")).toEqual([]);
  });

  test("an aborted job applies nothing and takes nothing more", async () => {
    project.write("abort.csv", `Key__c,${name}\nk9,Never\n`);
    const job = await org.ingest.openJob({
      object,
      operation: "upsert",
      externalIdFieldName: "Key__c",
      assignmentRuleId: null,
    });
    await org.ingest.uploadRows(job.id, `${project.folder}/abort.csv`);
    await org.ingest.abortJob(job.id);
    expect(await org.ingest.readJob(job.id)).toMatchObject({
      state: "Aborted",
      numberRecordsProcessed: 0,
    });
    await expect(org.ingest.closeJob(job.id)).rejects.toMatchObject({ code: "SF_REFUSED" });
    expect(await nameIn("k9")).toBeUndefined();
  });
});
