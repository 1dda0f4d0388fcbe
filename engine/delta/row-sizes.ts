import { closeSync, mkdirSync, openSync, readSync, rmSync } from "node:fs";
import path from "node:path";
import { writeAll } from "../base/durable-file.ts";
import { newUuid } from "../base/ids.ts";
import type { MappedBlock } from "../mapping/row-program.ts";

/** The bytes of each source row's CSV, line end included: four bytes a row, of which one page is in
 *  memory and the others in a temporary file. */
export interface RowSizes {
  readonly count: number;
  add(block: MappedBlock): void;
  /** All of them in order. A page is valid until the next is asked for; nothing may be added after. */
  pages(): Iterable<Uint32Array>;
  close(): void;
}

export function newRowSizes(folder: string, pageRows = PAGE_ROWS): RowSizes {
  const page = new Uint32Array(pageRows);
  let used = 0;
  let pagesOut = 0;
  let file = -1;
  const spill = () => {
    if (file < 0) file = openNameless(folder);
    writeAll(file, bytesOf(page));
    pagesOut++;
    used = 0;
  };
  return {
    get count() {
      return pagesOut * pageRows + used;
    },
    add({ rowCount, rowStart }) {
      let start = rowStart[0] ?? 0;
      for (let row = 0; row < rowCount; row++) {
        if (used === pageRows) spill();
        const end = rowStart[row + 1] as number;
        page[used++] = end - start;
        start = end;
      }
    },
    *pages() {
      const whole = new Uint32Array(pagesOut === 0 ? 0 : pageRows);
      for (let i = 0; i < pagesOut; i++) {
        readAll(file, bytesOf(whole), i * whole.byteLength);
        yield whole;
      }
      yield page.subarray(0, used);
    },
    close() {
      if (file >= 0) closeSync(file);
      file = -1;
    },
  };
}

/** 4 MB. */
const PAGE_ROWS = 1 << 20;

/** Its name is gone before anything is in it: a crash leaves nothing. */
function openNameless(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const name = path.join(folder, `sizes-${newUuid()}`);
  const file = openSync(name, "w+");
  rmSync(name);
  return file;
}

function readAll(file: number, into: Uint8Array, position: number): void {
  for (let have = 0; have < into.length; ) {
    const n = readSync(file, into, have, into.length - have, position + have);
    if (n === 0) throw new Error("Sizes of rows that were set aside are gone. This is a bug");
    have += n;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
