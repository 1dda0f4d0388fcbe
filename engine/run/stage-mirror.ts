import { writeDurably } from "../base/durable-file.ts";
import { KEY_WORDS } from "../delta/key-list.ts";
import { ID_WORDS, unpackId } from "../delta/packed-id.ts";
import type { RunPlan } from "../plan/sync-plan.ts";
import { newChunkWriter } from "./chunk-writer.ts";
import { csvLine } from "./csv-line.ts";
import { eachLine } from "./each-line.ts";
import type { RunFolder } from "./run-folder.ts";
import type { StagedChunk } from "./stage-chunks.ts";
import { headerOf } from "./staged-rows.ts";

/** The plan of the second half of a mirror: records whose key left the source are deleted, or updated
 *  with constants, by Id, in a run of their own that follows the one that sent the rows. */
export interface MirrorRunPlan extends RunPlan {
  readonly mirrorOf: {
    readonly runId: string;
    /** What each record gets, in the order of the columns after the Id; none for a deletion. */
    readonly cells: readonly string[];
  };
}

export function isMirrorPlan(plan: RunPlan): plan is MirrorRunPlan {
  return "mirrorOf" in plan;
}

/** Records by Id, as numbers: for each the digest of the key by which the state knows it, and its packed
 *  Id. 28 bytes a record. */
export interface DepartedRecords {
  readonly count: number;
  readonly words: Uint32Array;
}

export const RECORD_WORDS = KEY_WORDS + ID_WORDS;

export const NO_RECORDS: DepartedRecords = { count: 0, words: new Uint32Array(0) };

/** Kept with the run, so that another process deletes the same records: one `key Id` a line, the key as
 *  32 hexadecimal digits. */
export function storeDeparted(folder: RunFolder, records: DepartedRecords): void {
  writeDurably(folder.mirrorRows, departedLines(records));
}

function* departedLines({ count, words }: DepartedRecords): Generator<Uint8Array> {
  let lines = "";
  for (let record = 0, at = 0; record < count; record++, at += RECORD_WORDS) {
    const [first = 0, second = 0, third = 0] = words.subarray(at + KEY_WORDS, at + RECORD_WORDS);
    lines += `${keyHex(words, at)} ${unpackId(first, second, third)}\n`;
    if (lines.length < PART_BYTES && record + 1 < count) continue;
    yield Buffer.from(lines, "latin1");
    lines = "";
  }
}

const PART_BYTES = 1 << 18;
const LINE_BYTES = "0123456789abcdef0123456789abcdef 003000000000001AAA\n".length;

/** Stages the chunks. Repeated after a crash it makes the same files. */
export async function* stageMirror(
  plan: MirrorRunPlan,
  folder: RunFolder,
  wanted: (index: number) => boolean,
): AsyncGenerator<StagedChunk> {
  const encoder = new TextEncoder();
  const { cells } = plan.mirrorOf;
  const { columns } = plan.fingerprints;
  const row = new Uint32Array(2);
  const fields = new Uint16Array(columns.length);
  let next = 0;
  for (const [index, { rows }] of plan.plan.chunks.entries()) {
    const from = next * LINE_BYTES;
    next += rows;
    if (!wanted(index)) continue;
    const writer = newChunkWriter({ folder, index, header: headerOf(plan), columns });
    for (const line of eachLine(folder.mirrorRows, from)) {
      const [key = "", id = ""] = line.split(" ");
      const csv = encoder.encode(csvLine([id, ...cells]));
      const origin = new Uint32Array([0, 0, 0, 0, 0, csv.length]);
      writer.addStaged(csv, origin, { key: keyWords(key), row, fields });
      if (writer.rows === rows) break;
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
