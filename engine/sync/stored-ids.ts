import { writeDurably } from "../base/durable-file.ts";
import { type IdTable, idTableOf } from "../delta/resolved-ids.ts";
import { eachLine } from "../run/each-line.ts";

/** Keeps the Ids that were looked up for a plan: a chunk must come out the same when it is staged by
 *  another process, whatever the org's records are by then. One `key Id` a line. */
export function storeIds(file: string, ids: IdTable): void {
  writeDurably(file, partsOf(ids));
}

function* partsOf(ids: IdTable): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let lines: string[] = [];
  for (const [key, id] of ids.answers()) {
    lines.push(`${key} ${id}\n`);
    if (lines.length < LINES_PER_PART) continue;
    yield encoder.encode(lines.join(""));
    lines = [];
  }
  yield encoder.encode(lines.join(""));
}

const LINES_PER_PART = 10_000;

export function readStoredIds(file: string): IdTable {
  return idTableOf(answersIn(file));
}

function* answersIn(file: string): Generator<readonly [string, string]> {
  for (const line of eachLine(file)) {
    const [key, id] = line.split(" ");
    // A file of an earlier version also lists keys that have no Id.
    if (key !== undefined && id !== undefined && id !== "none" && id !== "several") yield [key, id];
  }
}
