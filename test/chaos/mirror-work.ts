import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Work } from "./works.ts";

const BEFORE = Array.from({ length: 24 }, (_, i) => `C-${i}`);
/** These left the source: three chunks. */
const DEPARTED = BEFORE.slice(13);
const STAYED = BEFORE.slice(0, 13);
/** These have another name than before, and two are new: one chunk. */
const CHANGED = STAYED.slice(2, 5);
const NEW = ["N-0", "N-1"];

const SPEC = `sync: contacts
source: { files: rows.csv }
target: { object: Contact, operation: upsert, externalId: ERP_Id__c }
mapping: { ERP_Id__c: key, LastName: name }
mirror: true
guards: { maxDeletes: 50 }
chunk: { maxRows: 5 }
parallelJobs: 2
retry: { rounds: 2 }
`;

/** A run that sends what changed, and a second one that deletes what left the source. */
export const MIRROR: Work = {
  async prepare(folder, org, sluice) {
    const source = path.join(folder, "rows.csv");
    writeFileSync(path.join(folder, "contacts.sync.yaml"), SPEC);
    writeFileSync(source, rows(BEFORE, []));
    await org.faults([]);
    const { exitCode } = await sluice("run");
    if (exitCode !== 0) throw new Error("The run before the mirror did not succeed.");
    writeFileSync(source, rows([...STAYED, ...NEW], CHANGED));
  },
  faults: [
    { on: { job: { object: "Contact" } }, do: { rowError: { every: 4, attempts: 1 } } },
    { on: { job: { operation: "delete" }, nth: 2 }, do: { failAfterRows: 2 } },
  ],
  begin: () => ["run"],
  inTwoRuns: true,
  applied: [...CHANGED, ...NEW, ...DEPARTED],
  left: [...STAYED, ...NEW],
};

function rows(keys: readonly string[], changed: readonly string[]): string {
  const line = (key: string) => `${key},Name ${key}${changed.includes(key) ? ", changed" : ""}\n`;
  return `key,name\n${keys.map((key) => line(key).replace(/,(.*)/, ',"$1"')).join("")}`;
}
