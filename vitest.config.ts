import { defineConfig } from "vitest/config";
import { SlowFirst } from "./test/slow-first.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/chaos/**", "test/clients/**", "test/pages/**"],
    globalSetup: ["test/cli/build-once.ts"],
    // Many tests wait for whole processes that poll, so more run side by side than there are cores.
    maxWorkers: 3,
    // A file finds the modules that the ones before it loaded: a fifth of the time was loading them.
    isolate: false,
    sequence: { sequencer: SlowFirst },
    // The machine may be ten times slower than a laptop: a limit only catches hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { NO_COLOR: "1" },
  },
});
