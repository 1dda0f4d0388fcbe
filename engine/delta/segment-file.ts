import { newFileWindow } from "./file-window.ts";
import type { Fingerprints, PrintHeads } from "./fingerprints.ts";
import {
  bytesOf,
  corrupt,
  digestOf,
  groupCount,
  groupPlace,
  MAGIC,
  type SegmentFooter,
  TAIL_BYTES,
} from "./segment-layout.ts";

export interface SegmentReader extends Pick<SegmentFooter, "count" | "columns" | "gone"> {
  readonly family: string;
  readonly index: number;
  readonly groups: number;
  /** Fingerprints in all groups but the last. */
  readonly groupRows: number;
  /** The heads of a group. Valid until the next group of this segment is read. */
  heads(group: number): PrintHeads;
  /** The fields of a group, as many a row as there are columns. Valid as `heads` are. */
  fields(group: number): Uint16Array;
  close(): void;
}

/** Opens a segment. Only few files stay open, however many segments are; see `file-window.ts`. Throws
 *  STATE_CORRUPT when the file is no whole segment, and when a part of it was altered. */
export function openSegment(file: string): SegmentReader {
  const window = newFileWindow(file, (why, cause) => corrupt(file, why, cause));
  try {
    return readerOf(file, window);
  } catch (error) {
    window.close();
    throw error;
  }
}

function readerOf(file: string, window: ReturnType<typeof newFileWindow>): SegmentReader {
  const footer = readFooter(file, window);
  const groups = groupCount(footer);
  const width = footer.columns.length;
  // Made when they are first needed; what follows the last group's rows in them means nothing.
  let own: { keys: Uint32Array; rows: Uint32Array; flags: Uint8Array } | null = null;
  let ownFields: Uint16Array | null = null;
  const checked = new Set<string>();
  const check = (kind: "heads" | "fields", group: number, ...arrays: Uint8Array[]) => {
    const name = `${kind} ${group}`;
    if (checked.has(name)) return;
    if (digestOf(...arrays) !== footer[kind][group])
      throw corrupt(file, `group ${group} was altered`);
    checked.add(name);
  };
  const room = Math.min(footer.groupRows, footer.count);
  return {
    ...footer,
    groups,
    heads(group) {
      const { rows: count, start } = groupPlace(footer, group);
      own ??= {
        keys: new Uint32Array(room * 4),
        rows: new Uint32Array(room * 2),
        flags: new Uint8Array(room),
      };
      const keys = own.keys.subarray(0, count * 4);
      const rows = own.rows.subarray(0, count * 2);
      const flags = own.flags.subarray(0, count);
      window.read(bytesOf(keys), start);
      window.read(bytesOf(rows), start + count * 16);
      window.read(flags, start + count * 24);
      check("heads", group, bytesOf(keys), bytesOf(rows), flags);
      return { count, keys, rows, flags };
    },
    fields(group) {
      const { rows: count, fields: start } = groupPlace(footer, group);
      ownFields ??= new Uint16Array(room * width);
      const fields = ownFields.subarray(0, count * width);
      window.read(bytesOf(fields), start);
      check("fields", group, bytesOf(fields));
      return fields;
    },
    close: window.close,
  };
}

/** All fingerprints of a segment, in its order: for those of one chunk. */
export function readWholeSegment(segment: SegmentReader): Fingerprints {
  const { count, columns } = segment;
  const width = columns.length;
  const all = {
    count,
    keys: new Uint32Array(count * 4),
    rows: new Uint32Array(count * 2),
    flags: new Uint8Array(count),
    fields: new Uint16Array(count * width),
    columns,
  };
  for (let group = 0, first = 0; group < segment.groups; group++) {
    const heads = segment.heads(group);
    all.keys.set(heads.keys, first * 4);
    all.rows.set(heads.rows, first * 2);
    all.flags.set(heads.flags, first);
    all.fields.set(segment.fields(group), first * width);
    first += heads.count;
  }
  return all;
}

function readFooter(file: string, window: ReturnType<typeof newFileWindow>): SegmentFooter {
  const size = window.size();
  if (size < MAGIC.length + TAIL_BYTES) throw corrupt(file, "it ends too early");
  const start = new Uint8Array(MAGIC.length);
  window.read(start, 0);
  if (!isMagic(start)) throw corrupt(file, "it is of another kind");
  const tail = new Uint8Array(TAIL_BYTES);
  window.read(tail, size - TAIL_BYTES);
  const length = new DataView(tail.buffer).getUint32(0, true);
  const room = size - TAIL_BYTES - MAGIC.length;
  if (!isMagic(tail.subarray(4)) || length > room) throw corrupt(file, "its end is missing");
  const text = new Uint8Array(length);
  window.read(text, size - TAIL_BYTES - length);
  const footer = parse(file, text);
  const last = groupCount(footer) - 1;
  const end = last < 0 ? MAGIC.length : groupPlace(footer, last).end;
  if (end !== size - TAIL_BYTES - length) throw corrupt(file, "its size does not fit its footer");
  return footer;
}

function parse(file: string, text: Uint8Array): SegmentFooter {
  try {
    return JSON.parse(new TextDecoder().decode(text)) as SegmentFooter;
  } catch (cause) {
    throw corrupt(file, "its footer can't be read", cause);
  }
}

function isMagic(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}
