import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../engine/base/clock.ts";
import { toObjectShape } from "../../engine/describe/to-object-shape.ts";
import { type Emulator, startEmulator } from "../../engine/emulator/emulator.ts";
import {
  type ConnectedOrg,
  connectOrg,
  type ResolvedAuth,
} from "../../engine/salesforce/connect.ts";
import type { JobInfo, JobRequest } from "../../engine/salesforce/org.ts";
import { tempFolder } from "./temp-folder.ts";

// The client and the local org were written apart, from the same facts: here they meet.
let emulator: Emulator;
let org: ConnectedOrg;

function connect(auth: ResolvedAuth): ConnectedOrg {
  const connection = { name: "demo", instanceUrl: emulator.url, apiVersion: "61.0", auth };
  return connectOrg(connection, { clock: systemClock });
}

beforeAll(async () => {
  emulator = await startEmulator({ dir: null });
  const { clientId, clientSecret } = emulator;
  org = connect({ flow: "clientCredentials", clientId, clientSecret });
});

afterAll(async () => {
  await org.close();
  await emulator.close();
});

const INSERT: JobRequest = {
  object: "contact",
  operation: "insert",
  externalIdFieldName: null,
  assignmentRuleId: null,
};

async function load(request: JobRequest, csv: string): Promise<JobInfo> {
  const file = join(await tempFolder(), "rows.csv");
  await writeFile(file, csv);
  const { id } = await org.ingest.openJob(request);
  await org.ingest.uploadRows(id, file);
  await org.ingest.closeJob(id);
  for (let polls = 0; polls < 500; polls++) {
    const job = await org.ingest.readJob(id);
    if (job !== null && (job.state === "JobComplete" || job.state === "Failed")) return job;
    await systemClock.sleep(10);
  }
  throw new Error("the job did not end");
}

test.each(["clientCredentials", "accessToken", "refreshToken"] as const)(
  "login: %s",
  async (flow) => {
    const { clientId, clientSecret, accessToken, refreshToken } = emulator;
    const all = { flow, clientId, clientSecret, accessToken, refreshToken } as ResolvedAuth;
    const other = connect(all);
    const identity = await other.identify();
    expect(identity).toMatchObject({ orgId: emulator.orgId, instanceUrl: emulator.url });
    expect(identity.userId).toMatch(/^005\w{15}$/);
    await other.close();
  },
);

test("a wrong secret", async () => {
  const other = connect({
    flow: "clientCredentials",
    clientId: emulator.clientId,
    clientSecret: "wrong-one",
  });
  await expect(other.limits()).rejects.toMatchObject({ code: "AUTH_CLIENT_UNKNOWN" });
  await other.close();
});

test("limits and usage", async () => {
  const limits = await org.limits();
  expect(limits.DailyApiRequests?.Max).toBeGreaterThan(0);
  expect(limits.DailyBulkApiBatches?.Remaining).toBeGreaterThanOrEqual(0);
});

test.each([
  ["Contact", "LastName", "Email Id"],
  ["Lead", "Company LastName", "Email Id"],
  ["Account", "Name", "Id"],
  ["Campaign", "Name", "Id Name"],
  ["CampaignMember", "CampaignId", "Id"],
])("describe of %s: required %s, looked up by %s", async (name, required, lookups) => {
  const shape = toObjectShape(await org.describe(name.toLowerCase()));
  expect(shape.name).toBe(name);
  const names = (wanted: (field: (typeof shape.fields)[number]) => boolean) =>
    shape.fields
      .filter(wanted)
      .map((field) => field.name)
      .sort()
      .join(" ");
  const { fields } = shape;
  expect(fields.length).toBeGreaterThan(10);
  expect(names((field) => field.createable && !field.nillable && !field.defaultedOnCreate)).toBe(
    required,
  );
  expect(names((field) => field.idLookup)).toBe(lookups);
});

test("an unknown object", async () => {
  await expect(org.describe("Contakt")).rejects.toMatchObject({ code: "DESCRIBE_NOT_FOUND" });
  await expect(org.ingest.openJob({ ...INSERT, object: "Contakt" })).rejects.toMatchObject({
    code: "SF_REFUSED",
    salesforceCode: "INVALIDJOB",
  });
});

test("a job's whole life, its three results, queries by REST and in bulk", async () => {
  const job = await load(
    INSERT,
    'LastName,FirstName\n"Müller, A.",Ada\n,Nameless\nØ,"a ""b""\nc"\n',
  );
  expect(job).toMatchObject({
    object: "Contact",
    state: "JobComplete",
    numberRecordsProcessed: 3,
    numberRecordsFailed: 1,
  });
  const folder = await tempFolder();
  const result = async (kind: "successfulResults" | "failedResults" | "unprocessedrecords") => {
    await org.ingest.readResults(job.id, kind, join(folder, kind));
    return readFile(join(folder, kind), "utf8");
  };
  expect(await result("successfulResults")).toContain('"true","Müller, A.","Ada"');
  expect(await result("failedResults")).toContain("REQUIRED_FIELD_MISSING");
  expect(await result("unprocessedrecords")).toBe("LastName,FirstName\n");

  const rows = await org.query(
    "SELECT Id, LastName, FirstName FROM Contact WHERE FirstName = 'Ada'",
  );
  expect(rows).toEqual([
    { Id: expect.stringMatching(/^003\w{15}$/), LastName: "Müller, A.", FirstName: "Ada" },
  ]);
  await org.queryToFile("SELECT Id, LastName FROM Contact", join(folder, "all.csv"));
  const csv = await readFile(join(folder, "all.csv"), "utf8");
  expect(csv.split("\n")[0]).toBe('"Id","LastName"');
  expect(csv).toContain('"Müller, A."');

  expect((await org.ingest.listJobs()).map(({ id }) => id)).toContain(job.id);
  await org.ingest.deleteJob(job.id);
  expect(await org.ingest.readJob(job.id)).toBeNull();
  await org.ingest.deleteJob(job.id);
});

test("an unknown column fails the job, not the upload", async () => {
  const job = await load(INSERT, "LastName,Nonsense__c\nA,b\n");
  expect(job).toMatchObject({ state: "Failed", numberRecordsProcessed: 0 });
  expect(job.errorMessage).toContain("Field name not found : Nonsense__c");
});

test("an aborted job, and one that takes no second upload", async () => {
  const file = join(await tempFolder(), "rows.csv");
  await writeFile(file, "LastName\nA\n");
  const { id, state } = await org.ingest.openJob(INSERT);
  expect(state).toBe("Open");
  expect((await org.ingest.readJob(id))?.numberRecordsProcessed).toBeNull();
  await org.ingest.uploadRows(id, file);
  expect((await org.ingest.readJob(id))?.numberRecordsProcessed).toBe(0);
  await expect(org.ingest.uploadRows(id, file)).rejects.toMatchObject({ code: "SF_REFUSED" });
  await org.ingest.abortJob(id);
  expect((await org.ingest.readJob(id))?.state).toBe("Aborted");
  await expect(org.ingest.closeJob(id)).rejects.toMatchObject({ code: "SF_REFUSED" });
});
