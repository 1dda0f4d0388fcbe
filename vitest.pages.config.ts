import { defineConfig } from "vitest/config";

/** Tests that need a browser: Debian's `chromium`, or the one that CHROMIUM names. */
export default defineConfig({
  test: { include: ["test/pages/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
});
