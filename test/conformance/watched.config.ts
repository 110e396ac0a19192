import { defineConfig } from "vitest/config";
export default defineConfig({
  root: "/work/main",
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["node_modules/**", "test/browser/**"],
    globalSetup: ["src/platform/testing/global.ts", "test/conformance/watched.ts"],
    setupFiles: ["test/conformance/watch.setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
