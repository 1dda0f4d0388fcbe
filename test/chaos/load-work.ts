import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Client } from "../emulator/local-org.ts";
import type { Load, Work } from "./works.ts";

const ROWS = 21;
/** Rows of the source by their number: one never works; two of an upsert work the second time, and one
 *  waits for a parent that is not there the first time. */
const BAD = 3;
const LOCKED = [8, 17];
const ORPHAN = 13;
/** No record of the org has them. */
const NO_ACCOUNT = "001000000000ZZZAAA";
const NO_CONTACT = "003000000000ZZZAAA";

/** One run of five chunks that inserts, updates, upserts or deletes. */
export function loadWork(operation: Load): Work {
  return {
    async prepare(folder, org) {
      const keys = await seed(operation, org);
      writeFileSync(path.join(folder, "contacts.sync.yaml"), specFor(operation));
      writeFileSync(path.join(folder, "rows.csv"), sourceFor(operation, keys));
    },
    faults: faultsFor(operation),
    begin: () => ["run"],
    inTwoRuns: false,
    applied: KEYS.filter((_, i) => i !== BAD),
    left: null,
  };
}

const keyOf = (i: number) => `C-${i}`;
const KEYS = Array.from({ length: ROWS }, (_, i) => keyOf(i));

/** Makes the records that are to be updated or deleted; gives the key of each source row. */
async function seed(operation: Load, org: Client): Promise<readonly string[]> {
  if (operation === "insert" || operation === "repeat" || operation === "upsert") return KEYS;
  const rows = KEYS.map((key, i) => `${key},Name ${i}\n`).join("");
  const job = await org.load(
    { object: "Contact", operation: "insert" },
    `ERP_Id__c,LastName\n${rows}`,
  );
  await org.finish(job);
  if (operation === "updateByKey") return KEYS.map((key, i) => (i === BAD ? "C-none" : key));
  const records = await org.query("SELECT Id, ERP_Id__c FROM Contact");
  const idOf = new Map(records.map(({ Id, ERP_Id__c }) => [ERP_Id__c, Id]));
  return KEYS.map((key, i) => (i === BAD ? NO_CONTACT : idOf.get(key)));
}

function faultsFor(operation: Load): unknown[] {
  const on = { job: { object: "Contact" } };
  const failing = { on: { ...on, nth: 2 }, do: { failAfterRows: 3 } };
  // Rows without a key are sent again only where nothing of their job was processed.
  if (operation === "repeat") return [{ on: failing.on, do: { failAfterRows: 0 } }];
  if (operation !== "upsert") {
    return [{ on, do: { rowError: { every: 4, attempts: 1 } } }, failing];
  }
  const orphan = { code: "INVALID_CROSS_REFERENCE_KEY", message: "invalid cross reference id" };
  return [
    { on, do: { rowError: { code: "REQUIRED_FIELD_MISSING", keys: [keyOf(BAD)] } } },
    { on, do: { rowError: { keys: LOCKED.map(keyOf), attempts: 1 } } },
    { on, do: { rowError: { ...orphan, keys: [keyOf(ORPHAN)], attempts: 1 } } },
    failing,
  ];
}

function specFor(operation: Load): string {
  const byId = operation === "update" || operation === "delete";
  const verbs: Partial<Record<Load, string>> = { repeat: "insert", updateByKey: "update" };
  const key = byId || operation === "repeat" ? "" : ", externalId: ERP_Id__c";
  const name = operation === "delete" ? "" : "  LastName: name\n";
  const verb = verbs[operation] ?? operation;
  const account = verb === "insert" ? "  AccountId: account\n" : "";
  return `sync: contacts
source: { files: rows.csv }
target: { object: Contact, operation: ${verb}${key} }${operation === "repeat" ? "\nrepeat: true" : ""}
mapping:
  ${byId ? "Id" : "ERP_Id__c"}: key
${name}${account}chunk: { maxRows: 5 }
parallelJobs: 2
retry: { rounds: 2 }
`;
}

function sourceFor(operation: Load, keys: readonly string[]): string {
  if (operation === "delete") return `${["key", ...keys].join("\n")}\n`;
  const rows = keys.map((key, i) => `${key},New ${i},${i === BAD ? NO_ACCOUNT : ""}`);
  return `${["key,name,account", ...rows].join("\n")}\n`;
}
