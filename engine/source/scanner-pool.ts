import { newScanner, type Scanner } from "./scanner.ts";

/** One scanner is kept for the next file, so that a thousand small files do not allocate a thousand
 *  times; two files read at once have one each. */
let spare: { readonly scanner: Scanner; readonly key: string } | null = null;

/** A scanner for one pass over a file: give it back when nothing uses its memory any more. */
export function borrowScanner(windowBytes: number, kernelWanted: boolean): Scanner {
  if (spare?.key === keyOf(windowBytes, kernelWanted)) {
    const { scanner } = spare;
    spare = null;
    return scanner;
  }
  return newScanner(windowBytes, kernelWanted);
}

export function returnScanner(scanner: Scanner, windowBytes: number, kernelWanted: boolean): void {
  spare = { scanner, key: keyOf(windowBytes, kernelWanted) };
}

function keyOf(windowBytes: number, kernelWanted: boolean): string {
  return `${windowBytes} ${kernelWanted}`;
}
