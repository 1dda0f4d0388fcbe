import { type BlockMemory, layOutMemory, memoryBytes } from "./block-memory.ts";

/** One memory is kept for the next file, so that a thousand small files do not allocate a thousand
 *  times; two files read at once have one each. */
let spare: { readonly memory: BlockMemory; readonly windowBytes: number } | null = null;

/** Memory for one pass over a file: give it back with `returnMemory` when nothing uses it. */
export function borrowMemory(windowBytes: number): BlockMemory {
  if (spare?.windowBytes === windowBytes) {
    const { memory } = spare;
    spare = null;
    return memory;
  }
  return layOutMemory(new ArrayBuffer(memoryBytes(windowBytes)), windowBytes);
}

export function returnMemory(memory: BlockMemory, windowBytes: number): void {
  spare = { memory, windowBytes };
}
