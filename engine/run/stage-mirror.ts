import { readFileSync } from "node:fs";
import { writeDurably } from "../base/durable-file.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import { newChunkWriter } from "./chunk-writer.ts";
import type { RunFolder } from "./run-folder.ts";
import type { StagedChunk } from "./stage-chunks.ts";
import { headerOf } from "./staged-rows.ts";

/** The plan of the second half of a mirror: records whose key left the source are deleted by Id, in a
 *  run of their own that follows the one that sent the rows. */
export interface MirrorRunPlan extends RunPlan {
  readonly mirrorOf: { readonly runId: string };
}

export function isMirrorPlan(plan: RunPlan): plan is MirrorRunPlan {
  return "mirrorOf" in plan;
}

/** A record to delete, and the digest of the key by which the state knows it: 32 hexadecimal digits. */
export interface DepartedRecord {
  readonly key: string;
  readonly id: string;
}

/** Kept with the run, so that another process deletes the same records: one `key Id` a line. */
export function storeDeparted(folder: RunFolder, records: readonly DepartedRecord[]): void {
  const lines = records.map(({ key, id }) => `${key} ${id}\n`);
  writeDurably(folder.mirrorRows, [new TextEncoder().encode(lines.join(""))]);
}

/** Stages the chunks of a deletion. Repeated after a crash it makes the same files. */
export async function* stageMirror(
  plan: RunPlan,
  folder: RunFolder,
  wanted: (index: number) => boolean,
): AsyncGenerator<StagedChunk> {
  const lines = readFileSync(folder.mirrorRows, "utf8").split("\n");
  const encoder = new TextEncoder();
  const width = plan.fingerprints.columns.length;
  const fields = new Uint16Array(width);
  let next = 0;
  for (const [index, cut] of plan.plan.chunks.entries()) {
    const own = lines.slice(next, next + cut.rows);
    next += cut.rows;
    if (!wanted(index)) continue;
    const writer = newChunkWriter({ folder, index, header: headerOf(plan), width });
    for (const line of own) {
      const [key = "", id = ""] = line.split(" ");
      const csv = encoder.encode(`${id}\n`);
      const origin = new Uint32Array([0, 0, 0, 0, 0, csv.length]);
      writer.addStaged(csv, origin, { key: keyWords(key), row: new Uint32Array(2), fields });
    }
    yield { index, ...(await writer.finish()) };
  }
}

export function keyHex(keys: Uint32Array, at: number): string {
  let hex = "";
  for (let i = 0; i < 4; i++) hex += (keys[at + i] ?? 0).toString(16).padStart(8, "0");
  return hex;
}

function keyWords(hex: string): Uint32Array {
  return Uint32Array.from({ length: 4 }, (_, i) =>
    Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16),
  );
}
