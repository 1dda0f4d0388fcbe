/** Runs tasks side by side, at most `max` at once, and remembers the first failure: after it nothing
 *  new begins, while what has begun goes on to its own end. */
export interface ChunkPool {
  /** Resolves when a task may be added; false when none may, because one failed or `stop` was called. */
  room(): Promise<boolean>;
  add(task: () => Promise<void>): void;
  /** No further task begins. */
  stop(): void;
  /** Resolves when all tasks have ended; gives the first failure. */
  drain(): Promise<unknown>;
}

export function newChunkPool(max: number): ChunkPool {
  const running = new Set<Promise<void>>();
  let failure: unknown = null;
  let stopped = false;
  return {
    async room() {
      while (running.size >= max && !stopped) await Promise.race(running);
      return !stopped;
    },
    add(task) {
      const done = task()
        .catch((error: unknown) => {
          failure ??= error;
          stopped = true;
        })
        .finally(() => running.delete(done));
      running.add(done);
    },
    stop() {
      stopped = true;
    },
    async drain() {
      while (running.size > 0) await Promise.all(running);
      return failure;
    },
  };
}
