// Vitest's global set-up: starts the one PostgreSQL server that all test files of this run share.
import type { TestProject } from "vitest/node";
import { startTestServer } from "./database.ts";

declare module "vitest" {
  export interface ProvidedContext {
    socketFolder: string;
    port: number;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  project.provide("socketFolder", server.socketFolder);
  project.provide("port", server.port);
  return server.stop;
}
