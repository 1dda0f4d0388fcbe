import { printGroupRows } from "./chunk-prints.ts";

/** Collects fingerprints of a chunk's rows and hands them on group by group, as `readPrints` reads them. */
export interface PrintList {
  /** Adds the entries of some rows from `from` up to, not including, `to`. */
  add(key: Uint32Array, row: Uint32Array, field: Uint16Array, from: number, to: number): void;
  /** Hands on what there is of the last group. */
  flush(): void;
}

/** `write` is handed the bytes of a group's columns, which are used again when it returns. */
export function newPrintList(width: number, write: (bytes: Uint8Array) => void): PrintList {
  const group = printGroupRows(width);
  const keys = new Uint32Array(group * 4);
  const rows = new Uint32Array(group * 2);
  const fields = new Uint16Array(group * width);
  let count = 0;
  const flush = () => {
    for (const [column, words] of [
      [keys, 4],
      [rows, 2],
      [fields, width],
    ] as const) {
      write(new Uint8Array(column.buffer, 0, count * words * column.BYTES_PER_ELEMENT));
    }
    count = 0;
  };
  return {
    add(key, row, field, from, to) {
      for (let next = from; next < to; ) {
        const end = Math.min(to, next + group - count);
        keys.set(key.subarray(next * 4, end * 4), count * 4);
        rows.set(row.subarray(next * 2, end * 2), count * 2);
        fields.set(field.subarray(next * width, end * width), count * width);
        count += end - next;
        next = end;
        if (count === group) flush();
      }
    },
    flush,
  };
}
