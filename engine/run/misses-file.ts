import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { writeDurably } from "../base/durable-file.ts";
import { type ErrorClass, isRetryable } from "./error-classes.ts";

/** A row of a chunk that did not arrive, or of which nobody knows whether it did. */
export interface Miss {
  /** Place in the chunk, from 0; -1 for a row without a key, which can't be told. */
  readonly row: number;
  readonly kind: "failed" | "unprocessed" | "unknown";
  readonly class: ErrorClass;
  readonly code: string;
  readonly message: string;
  readonly jobId: string;
  /** The record as Salesforce returned it: only for rows that can't be told. */
  readonly returned?: Readonly<Record<string, string>>;
}

/** One JSON a line, durable when this returns. The name is this process's own: see run-folder.ts. */
export function writeMisses(file: string, misses: Iterable<Miss>): void {
  const parts: Uint8Array[] = [];
  const encoder = new TextEncoder();
  for (const miss of misses) parts.push(encoder.encode(`${JSON.stringify(miss)}\n`));
  writeDurably(file, parts);
}

/** Null: every row arrived. */
export async function* readMisses(file: string | null): AsyncGenerator<Miss> {
  if (file === null) return;
  const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
  for await (const line of lines) if (line !== "") yield JSON.parse(line) as Miss;
}

/** Did a row that missed go into a further round? Then it is counted and told there. `rounds` is the
 *  run's last round. A row that can't be told from others goes nowhere. */
export function wentOn(miss: Miss, round: number, rounds: number): boolean {
  return round < rounds && isRetryable(miss.class) && miss.row >= 0;
}
