/** Runs tasks side by side, at most `max` at once, and remembers what failed: after a failure nothing
 *  new begins, while what has begun goes on to its own end. */
export interface ChunkPool {
  /** Resolves when a task may be added; false when none may, because one failed or was refused. */
  room(): Promise<boolean>;
  add(task: () => Promise<void>): void;
  /** The org refused a whole job: no further one is opened. */
  refuse(): void;
  readonly refused: boolean;
  /** Resolves when all tasks have ended; gives the failures in the order they came. */
  drain(): Promise<readonly unknown[]>;
}

export function newChunkPool(max: number): ChunkPool {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let refused = false;
  const stopped = () => refused || failures.length > 0;
  return {
    async room() {
      while (running.size >= max && !stopped()) await Promise.race(running);
      return !stopped();
    },
    add(task) {
      const done = task()
        .catch((error: unknown) => {
          failures.push(error);
        })
        .finally(() => running.delete(done));
      running.add(done);
    },
    refuse() {
      refused = true;
    },
    get refused() {
      return refused;
    },
    async drain() {
      while (running.size > 0) await Promise.all(running);
      return failures;
    },
  };
}
