import type { Client } from "../emulator/local-org.ts";
import { loadWork } from "./load-work.ts";
import { MIRROR } from "./mirror-work.ts";
import { RETRY } from "./retry-work.ts";
import type { Before, JsonDocument } from "./scenario.ts";

const LOADS = ["insert", "repeat", "update", "upsert", "delete", "updateByKey"] as const;

/** A way to write to the org; `repeat` inserts without a key. */
export type Load = (typeof LOADS)[number];

export const OPERATIONS = [...LOADS, "mirror", "retry"] as const;

export type Operation = (typeof OPERATIONS)[number];

/** What is done while processes are killed: some five jobs, with rows that fail, rows that pass the
 *  second time, and a job that ends Failed with rows committed. Records are told apart by ERP_Id__c. */
export interface Work {
  /** Makes the files, and what the org and the state hold before. */
  prepare(folder: string, org: Client, sluice: Sluice): Promise<void>;
  readonly faults: readonly unknown[];
  begin(before: Before): readonly string[];
  /** Its end is two runs; a killed one is resumed, and the rest is planned anew by beginning again.
   *  Counts of single runs then mean nothing. */
  readonly inTwoRuns: boolean;
  /** Keys that the org must have applied, once each. */
  readonly applied: readonly string[];
  /** Keys that the org must hold in the end; null: that follows from `applied`. */
  readonly left: readonly string[] | null;
}

export type Sluice = (...words: string[]) => Promise<Pick<JsonDocument, "exitCode">>;

export function workOf(operation: Operation): Work {
  if (operation === "mirror") return MIRROR;
  return operation === "retry" ? RETRY : loadWork(operation);
}

/** Operations that CHAOS_ONLY names (`insert,mirror`); without it all of the given ones. */
export function chosen<T extends Operation>(operations: readonly T[]): readonly T[] {
  const only = process.env.CHAOS_ONLY?.split(",");
  return only === undefined ? operations : operations.filter((name) => only.includes(name));
}

/** The org's records: key by Id. */
export async function keysById(org: Client): Promise<[string, string][]> {
  const records = await org.query("SELECT Id, ERP_Id__c FROM Contact");
  return records.map(({ Id, ERP_Id__c }) => [Id, ERP_Id__c]);
}
