// The tests in a real Chromium against a real, running Heartwood.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    globalSetup: ["test/browser/global.ts"],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // What axe finds is said whole.
    chaiConfig: { truncateThreshold: 0 },
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
  },
});
