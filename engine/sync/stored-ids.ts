import { readFileSync } from "node:fs";
import { writeDurably } from "../base/durable-file.ts";
import { type IdTable, idTableOf } from "../delta/resolved-ids.ts";

/** Keeps the Ids that were looked up for a plan: a chunk must come out the same when it is staged by
 *  another process, whatever the org's records are by then. One `key answer` a line. */
export function storeIds(file: string, ids: IdTable): void {
  const encoder = new TextEncoder();
  const answers = ids.answers();
  const parts: Uint8Array[] = [];
  for (let i = 0; i < answers.length; i += LINES_PER_PART) {
    const lines = answers.slice(i, i + LINES_PER_PART);
    parts.push(encoder.encode(lines.map(([key, answer]) => `${key} ${answer}\n`).join("")));
  }
  writeDurably(file, parts);
}

const LINES_PER_PART = 10_000;

export function readStoredIds(file: string): IdTable {
  const lines = readFileSync(file, "utf8").split("\n");
  return idTableOf(
    lines.flatMap((line) => {
      const [key, answer] = line.split(" ");
      return key === undefined || answer === undefined ? [] : [[key, answer] as const];
    }),
  );
}
