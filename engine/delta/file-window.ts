import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Reads pieces of a file. Of all windows of the process, only the ones used last keep their file open,
 *  so that a sync with thousands of segments needs no more descriptors than one with a few. */
export interface FileWindow {
  size(): number;
  /** Fills `into` from `position`. */
  read(into: Uint8Array, position: number): void;
  close(): void;
}

/** Far below the usual limit of 1,024 files, and below the 256 of macOS. */
const OPEN_MAX = 16;

/** Descriptors by window, the one used last at the end. */
const open = new Map<object, number>();

/** `damaged` makes the error to throw when the file is gone or too short. */
export function newFileWindow(
  file: string,
  damaged: (why: string, cause?: unknown) => Error,
): FileWindow {
  const self = {};
  const descriptor = (): number => {
    const have = open.get(self);
    open.delete(self);
    const now = have ?? openFile(file, damaged);
    open.set(self, now);
    if (open.size > OPEN_MAX) closeOldest();
    return now;
  };
  return {
    size: () => fstatSync(descriptor()).size,
    read(into, position) {
      const from = descriptor();
      for (let have = 0; have < into.length; ) {
        const n = readSync(from, into, have, into.length - have, position + have);
        if (n === 0) throw damaged("it ends too early");
        have += n;
      }
    },
    close() {
      const have = open.get(self);
      open.delete(self);
      if (have !== undefined) closeSync(have);
    },
  };
}

/** False when there is none. */
function closeOldest(): boolean {
  for (const [window, descriptor] of open) {
    open.delete(window);
    closeSync(descriptor);
    return true;
  }
  return false;
}

function openFile(file: string, damaged: (why: string, cause?: unknown) => Error): number {
  for (;;) {
    try {
      return openSync(file, "r");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") throw damaged((error as Error).message, error);
      // Whatever else the process has open, one file at a time is enough.
      if (code !== "EMFILE" || !closeOldest()) throw error;
    }
  }
}
