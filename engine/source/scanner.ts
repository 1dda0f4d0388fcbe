import { digestOf, hexOf } from "./block-digests.ts";
import { type BlockMemory, layOutMemory, memoryBytes } from "./block-memory.ts";
import { newKernel } from "./kernel/new-kernel.ts";
import { mapMemoryBytes, newRowKernel, type RowKernel } from "./row-kernel.ts";
import { type Dialect, type ScanInput, type ScanResult, scanBlock } from "./scan-block.ts";

/** Memory and what works on it: the kernel in WebAssembly, or its twin in TypeScript. Both find the
 *  same, to the last byte; tests hold them together. */
export interface Scanner {
  readonly kind: "kernel" | "twin";
  readonly memory: BlockMemory;
  /** Says how the file writes rows: before the first scan of a file. */
  setDialect(dialect: Dialect): void;
  /** See `scanBlock`; `start` and `end` are addresses, the arrays are those of the memory. */
  scan(input: ScanInput, result: ScanResult): void;
  /** Digest of the bytes between two addresses. */
  digest(start: number, end: number): string;
  /** What can map the rows of the last scan where they lie; null for the twin. */
  readonly rowKernel: RowKernel | null;
}

/** A scanner with new memory. The kernel where the platform runs it, unless it is not wanted. */
export function newScanner(windowBytes: number, kernelWanted: boolean): Scanner {
  return (kernelWanted ? kernelScanner(windowBytes) : null) ?? twinScanner(windowBytes);
}

function twinScanner(windowBytes: number): Scanner {
  const memory = layOutMemory(new ArrayBuffer(memoryBytes(windowBytes)), windowBytes);
  let dialect: Dialect | null = null;
  return {
    kind: "twin",
    memory,
    setDialect(next) {
      dialect = next;
    },
    scan(input, result) {
      if (dialect === null) throw new Error("A scan needs a dialect. This is a bug.");
      scanBlock(memory.bytes, input, dialect, memory.rows, result);
    },
    digest: (start, end) => digestOf(memory.bytes, start, end),
    rowKernel: null,
  };
}

function kernelScanner(windowBytes: number): Scanner | null {
  const made = newKernel(memoryBytes(windowBytes) + mapMemoryBytes());
  if (made === null) return null;
  const { kernel, buffer } = made;
  const memory = layOutMemory(buffer, windowBytes);
  const { rows, scratch } = memory;
  const words = new Uint32Array(buffer, scratch.byteOffset, 4);
  kernel.setArrays(
    rows.fieldFirst.byteOffset,
    rows.fieldStart.byteOffset,
    rows.fieldEnd.byteOffset,
    rows.fieldFlags.byteOffset,
    rows.rowStart.byteOffset,
    rows.rowLength.byteOffset,
    rows.rowLine.byteOffset,
    rows.rowOffset.byteOffset,
    rows.rowFault.byteOffset,
    rows.rowsMax,
    rows.fieldsMax,
  );
  return {
    kind: "kernel",
    memory,
    setDialect({ delimiter, quote, columns, comment }) {
      // The first bytes hold digests.
      const at = words.byteLength;
      if (at + comment.length > scratch.length) throw new Error("The comment is too long.");
      scratch.set(comment, at);
      kernel.setDialect(delimiter, quote, columns, scratch.byteOffset + at, comment.length);
    },
    scan({ start, end, final, line, base }, result) {
      kernel.scan(start, end, final ? 1 : 0, line, base);
      result.rowCount = kernel.rowCount.value;
      result.consumed = kernel.consumed.value;
      result.line = line + kernel.lines.value;
    },
    digest(start, end) {
      kernel.digest(start, end, words.byteOffset);
      return hexOf(words);
    },
    rowKernel: newRowKernel(kernel, memory, memoryBytes(windowBytes)),
  };
}
