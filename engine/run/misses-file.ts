import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { writeDurably } from "../base/durable-file.ts";
import type { ErrorClass } from "./error-classes.ts";

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

/** One JSON a line, durable when this returns. */
export function writeMisses(file: string, misses: Iterable<Miss>): void {
  const parts: Uint8Array[] = [];
  const encoder = new TextEncoder();
  for (const miss of misses) parts.push(encoder.encode(`${JSON.stringify(miss)}\n`));
  writeDurably(file, parts);
}

export async function* readMisses(file: string): AsyncGenerator<Miss> {
  if (!existsSync(file)) return;
  const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
  for await (const line of lines) if (line !== "") yield JSON.parse(line) as Miss;
}
