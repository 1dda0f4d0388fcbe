import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Work } from "./works.ts";

const KEYS = Array.from({ length: 28 }, (_, i) => `C-${i}`);
/** Rows that an earlier run sent in vain: four chunks, and one of them still does not work. */
const FAILED = KEYS.filter((_, i) => i % 2 === 0 || i % 5 === 0);
const BAD = "C-10";

const SPEC = `sync: contacts
source: { files: rows.csv }
target: { object: Contact, operation: upsert, externalId: ERP_Id__c }
mapping: { ERP_Id__c: key, LastName: name }
chunk: { maxRows: 5 }
parallelJobs: 2
retry: { rounds: 2 }
`;

const on = { job: { object: "Contact" } };

/** `sluice retry` of a run most of whose rows failed. */
export const RETRY: Work = {
  async prepare(folder, org, sluice) {
    writeFileSync(path.join(folder, "contacts.sync.yaml"), SPEC);
    const rows = KEYS.map((key) => `${key},Name ${key}\n`);
    writeFileSync(path.join(folder, "rows.csv"), `key,name\n${rows.join("")}`);
    const rowError = { code: "REQUIRED_FIELD_MISSING", keys: FAILED };
    await org.faults([{ on, do: { rowError } }]);
    const { exitCode } = await sluice("run");
    if (exitCode !== 4) throw new Error("The run before the retry did not fail as it should.");
  },
  faults: [
    { on, do: { rowError: { code: "REQUIRED_FIELD_MISSING", keys: [BAD] } } },
    { on, do: { rowError: { every: 4, attempts: 1 } } },
    { on: { ...on, nth: 2 }, do: { failAfterRows: 3 } },
  ],
  begin: ({ runs }) => ["retry", runs[0] ?? ""],
  inTwoRuns: false,
  applied: FAILED.filter((key) => key !== BAD),
  left: null,
};
