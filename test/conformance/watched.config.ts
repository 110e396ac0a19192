// The whole run of tests with every write watched: `npx vitest run --config test/conformance/watched.config.ts`.
import { defineConfig, mergeConfig } from "vitest/config";
import usual from "../../vitest.config.ts";

export default mergeConfig(
  usual,
  defineConfig({
    test: { root: process.cwd(), globalSetup: ["test/conformance/watched.ts"], setupFiles: ["test/conformance/watch.setup.ts"] },
  }),
);
