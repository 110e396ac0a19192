// For every test of this run: the funnel watches each write (see watching.ts), and the names of those that passed are kept for the end.
import { appendFileSync } from "node:fs";
import { inject, vi } from "vitest";
import type * as funnels from "../../src/platform/funnel/funnel.ts";
import type { FunnelParts } from "../../src/platform/funnel/frame.ts";
import { watchedFile } from "./watched.ts";
import { watching } from "./watching.ts";

vi.mock("../../src/platform/funnel/funnel.ts", async (original) => {
  const real = await original<typeof funnels>();
  const keep = (name: string): void => appendFileSync(watchedFile(inject("port")), `${name}\n`);
  return { ...real, createFunnel: (parts: FunnelParts) => watching(real.createFunnel(parts), parts.pool, keep) };
});
