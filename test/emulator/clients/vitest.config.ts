import { defineConfig } from "vitest/config";

/** Checks with large clients that are not installed with the project: `npm run test:clients`. */
export default defineConfig({
  test: {
    include: ["test/emulator/clients/*.check.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
