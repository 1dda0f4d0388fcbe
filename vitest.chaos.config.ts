import { defineConfig } from "vitest/config";

/** Whole processes, killed everywhere; not in the default run. `npm run test:chaos` takes minutes: at
 *  random, and everywhere for two operations. `npm run test:chaos:all` takes hours: everywhere for all.
 *  CHAOS_ONLY=insert,mirror names operations, CHAOS_SEED repeats what was random, CHAOS_JOBS says how
 *  many points are worked on at once; a file's name after `--` picks one sweep. */
export default defineConfig(({ mode }) => ({
  test: {
    include: [
      "test/chaos/**/*.test.ts",
      "test/run/process-*.test.ts",
      "test/run/flow-sweep.test.ts",
      "test/run/kill-sweep.test.ts",
    ],
    fileParallelism: false,
    testTimeout: 10 * 3_600_000,
    hookTimeout: 120_000,
    env: { NO_COLOR: "1", CHAOS: mode === "all" ? "all" : "minutes" },
  },
}));
