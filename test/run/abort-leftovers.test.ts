import path from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { doctorCommand } from "../../engine/cli/doctor-command.ts";
import { API } from "../emulator/local-org.ts";
import { localProject } from "../plan/local-project.ts";

test("doctor lists the empty job that a crash left, ends it when told to, and no other", async () => {
  const own = await localProject({
    files: {
      "contacts.sync.yaml": `sync: contacts
source: { files: rows.csv }
target: { object: Contact, operation: upsert, externalId: Key__c }
mapping: { Key__c: key, LastName: name }
`,
      "rows.csv": "key,name\na,Ann\n",
    },
  });
  const create = async () => {
    const job = { object: "Contact", operation: "upsert", externalIdFieldName: "Key__c" };
    return (await own.org.call("POST", `${API}/jobs/ingest`, job)).json.id as string;
  };
  const [empty, loaded] = [await create(), await create()];
  await own.org.call("PUT", `${API}/jobs/ingest/${loaded}/batches`, "Key__c,LastName\nb,Bob\n");
  const org = new Database(path.join(own.folder, "org/org.db"));
  org.exec("update jobs set created_ms = created_ms - 7200000");
  org.close();
  const young = await create();
  const stateOf = async (id: string) =>
    (await own.org.call("GET", `${API}/jobs/ingest/${id}`)).json.state;
  const doctor = async (abortLeftovers: boolean) => {
    const { data } = await own.command("doctor", (own) => doctorCommand({ abortLeftovers }, own));
    const finding = data.findings.find(({ name }: { name: string }) => /leftovers/.test(name));
    return { leftovers: data.leftovers, detail: finding.detail };
  };

  const listed = await doctor(false);
  expect(listed.leftovers).toMatchObject([{ jobId: empty, object: "Contact" }]);
  expect(listed.detail).toBe(`1 empty open: ${empty} (sluice doctor --abort-leftovers)`);
  expect(await stateOf(empty)).toBe("Open");

  expect((await doctor(true)).detail).toBe(`1 aborted: ${empty}`);
  expect(await stateOf(empty)).toBe("Aborted");
  expect([await stateOf(loaded), await stateOf(young)]).toEqual(["Open", "Open"]);
  expect((await doctor(true)).leftovers).toEqual([]);
});
