import { defineConfig } from "vitest/config";

/** `npm run test:chaos`: whole processes, killed everywhere. Minutes long, so not in the default run. */
export default defineConfig({
  test: {
    include: ["test/chaos/**/*.test.ts", "test/run/process-*.test.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    env: { NO_COLOR: "1", CHAOS: "all" },
  },
});
