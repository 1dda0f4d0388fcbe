import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolder, syncFolder, writeAll } from "../base/durable-file.ts";
import { newUuid } from "../base/ids.ts";
import { type Fingerprints, FLAG_GONE } from "./fingerprints.ts";
import { bytesOf, digestOf, footerBytes, groupRowsFor, MAGIC } from "./segment-layout.ts";

/** What a segment is a part of: see `SegmentFooter`. */
export interface SegmentKin {
  readonly columns: readonly string[];
  readonly family: string;
  readonly index: number;
  /** Fingerprints in a group; the default makes 1 MiB of them. */
  readonly groupRows?: number;
}

/** Writes a segment while its rows come. It holds one group in memory and hashes each byte once. */
export interface SegmentWriter {
  readonly count: number;
  /** Adds fingerprints from `from` up to, not including, `to`. `flags` is one for each, or the same for
   *  all. */
  add(prints: PrintColumns, from: number, to: number): void;
  /** Writes what is left, and the footer. */
  end(): void;
}

export interface PrintColumns {
  readonly keys: Uint32Array;
  readonly rows: Uint32Array;
  readonly fields: Uint16Array;
  readonly flags: Uint8Array | number;
}

/** `write` is handed bytes that are used again when it returns. */
export function newSegmentWriter(
  { columns, family, index, groupRows = groupRowsFor(columns.length) }: SegmentKin,
  write: (bytes: Uint8Array) => void,
): SegmentWriter {
  const width = columns.length;
  // A small chunk needs no whole group of room.
  let room = Math.min(groupRows, ROOM_START);
  let held = newHeld(room, width);
  const digests = { heads: [] as string[], fields: [] as string[] };
  let count = 0;
  let inGroup = 0;
  let gone = 0;
  write(MAGIC);

  const grow = () => {
    const before = held;
    room = Math.min(groupRows, room * 4);
    held = newHeld(room, width);
    held.keys.set(before.keys);
    held.rows.set(before.rows);
    held.flags.set(before.flags);
    held.fields.set(before.fields);
  };
  const flush = () => {
    if (inGroup === 0) return;
    const keys = bytesOf(held.keys.subarray(0, inGroup * 4));
    const rows = bytesOf(held.rows.subarray(0, inGroup * 2));
    const flags = held.flags.subarray(0, inGroup);
    const fields = bytesOf(held.fields.subarray(0, inGroup * width));
    digests.heads.push(digestOf(keys, rows, flags));
    digests.fields.push(digestOf(fields));
    for (const bytes of [keys, rows, flags, fields]) write(bytes);
    inGroup = 0;
  };
  return {
    get count() {
      return count;
    },
    add({ keys, rows, fields, flags }, from, to) {
      for (let next = from; next < to; ) {
        while (room < groupRows && inGroup + to - next > room) grow();
        const end = Math.min(to, next + room - inGroup);
        held.keys.set(keys.subarray(next * 4, end * 4), inGroup * 4);
        held.rows.set(rows.subarray(next * 2, end * 2), inGroup * 2);
        held.fields.set(fields.subarray(next * width, end * width), inGroup * width);
        const filled = inGroup + end - next;
        if (typeof flags === "number") held.flags.fill(flags, inGroup, filled);
        else held.flags.set(flags.subarray(next, end), inGroup);
        gone += countGone(held.flags, inGroup, filled);
        count += end - next;
        inGroup = filled;
        next = end;
        if (inGroup === groupRows) flush();
      }
    },
    end() {
      flush();
      write(footerBytes({ count, columns, family, index, gone, groupRows, ...digests }));
    },
  };
}

const ROOM_START = 256;

function newHeld(rows: number, width: number) {
  return {
    keys: new Uint32Array(rows * 4),
    rows: new Uint32Array(rows * 2),
    flags: new Uint8Array(rows),
    fields: new Uint16Array(rows * width),
  };
}

function countGone(flags: Uint8Array, from: number, to: number): number {
  let gone = 0;
  for (let i = from; i < to; i++) if (flags[i] === FLAG_GONE) gone++;
  return gone;
}

/** Writes a whole segment; it is durable under its name when this returns. Gives what it holds. */
export function writeSegmentFile(
  file: string,
  kin: SegmentKin,
  fill: (writer: SegmentWriter) => void,
): number {
  makeFolder(path.dirname(file));
  const unfinished = `${file}.tmp`;
  const descriptor = openSync(unfinished, "w");
  let count = 0;
  try {
    const writer = newSegmentWriter(kin, (bytes) => writeAll(descriptor, bytes));
    fill(writer);
    writer.end();
    count = writer.count;
    fsyncSync(descriptor);
  } catch (error) {
    closeSync(descriptor);
    rmSync(unfinished, { force: true });
    throw error;
  }
  closeSync(descriptor);
  renameSync(unfinished, file);
  syncFolder(path.dirname(file));
  return count;
}

/** Writes fingerprints whose keys are all different. */
export function writeSegment(
  file: string,
  prints: Fingerprints,
  kin: Partial<SegmentKin> = {},
): void {
  const { columns } = prints;
  writeSegmentFile(file, { family: newUuid(), index: 0, ...kin, columns }, (writer) =>
    writer.add(prints, 0, prints.count),
  );
}
