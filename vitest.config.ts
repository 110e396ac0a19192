// Two kinds of run share this: pure tests need no database but the server starts in two seconds, so one configuration serves all.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["node_modules/**", "test/browser/**"],
    globalSetup: ["src/platform/testing/global.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    // The whole house is imported once for each worker, not once for each file; every file has a database of its own.
    isolate: false,
  },
});
