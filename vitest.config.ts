import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/chaos/**", "test/clients/**", "test/pages/**"],
    globalSetup: ["test/cli/build-once.ts"],
    // The machine may be ten times slower than a laptop: a limit only catches hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { NO_COLOR: "1" },
  },
});
